#include "elements/audit/line.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace deid::audit {

namespace {

constexpr std::array treatments{Treatment::none, Treatment::swapped, Treatment::blurred, Treatment::covered};
constexpr std::array origins{Origin::detected, Origin::tracked, Origin::held, Origin::backfilled,
                             Origin::body};
constexpr const char* foreign = "foreign"; ///< origin of a region of another plugin

[[noreturn]] void refuse(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

double rounded(double value, double per) {
  return std::round(value * per) / per;
}

std::string text(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

/// Returns ", distance 0.712, rank 4 of 23, second judge 1.012, rank 3 of 23" as far as it is known.
std::string finding(const Outcome& outcome) {
  std::string said;
  if (outcome.distance)
    said += text(", distance %.3f", *outcome.distance);
  if (outcome.rank)
    said += ", rank " + std::to_string(outcome.rank->place) + " of " +
            std::to_string(outcome.rank->strangers + 1);
  if (outcome.second_distance)
    said += text(", second judge %.3f", *outcome.second_distance);
  if (outcome.second_rank)
    said += ", rank " + std::to_string(outcome.second_rank->place) + " of " +
            std::to_string(outcome.second_rank->strangers + 1);
  return said;
}

/// Adds what is known of an outcome; what is not known is absent.
void add(const Outcome& outcome, Json& face) {
  face["treatment"] = to_string(outcome.treatment);
  if (!outcome.target.empty())
    face["target"] = outcome.target;
  if (outcome.reason != Reason::none)
    face["reason"] = to_string(outcome.reason);
  if (outcome.weight < 1) // a swap that fades is never rounded to a whole one
    face["weight"] = std::min(rounded(outcome.weight, 1000), .999);
  if (outcome.kept)
    face["kept"] = true;
  if (outcome.geometry > 0)
    face["geometry"] = rounded(outcome.geometry, 100);
  if (outcome.distance)
    face["distance"] = rounded(*outcome.distance, 1000);
  if (outcome.rank) {
    face["rank"] = outcome.rank->place;
    face["strangers"] = outcome.rank->strangers;
  }
  if (outcome.second_distance)
    face["second_distance"] = rounded(*outcome.second_distance, 1000);
  if (outcome.second_rank) {
    face["second_rank"] = outcome.second_rank->place;
    face["second_strangers"] = outcome.second_rank->strangers;
  }
  if (outcome.unlike.any())
    face["unlike"] = outcome.unlike.names();
}

Json json_of(const Face& face) {
  const auto tenth = [](double value) { return rounded(value, 10); };
  Json json{{"id", face.id},
            {"box", {tenth(face.box.x), tenth(face.box.y), tenth(face.box.width), tenth(face.box.height)}},
            {"score", rounded(face.score, 1000)},
            {"origin", face.origin ? to_string(*face.origin) : foreign}};
  add(face.outcome, json);
  json["done"] = face.done;
  return json;
}

template <class Value> Value get(const Json& from, const char* key) {
  try {
    return from.at(key).get<Value>();
  } catch (const Json::exception&) {
    refuse(std::string("\"") + key + "\" is missing or is no value of its kind.");
  }
}

template <class Value> std::optional<Value> maybe(const Json& from, const char* key) {
  return from.contains(key) ? std::optional(get<Value>(from, key)) : std::nullopt;
}

/// Returns the value of an enumeration that has this name.
template <class List> auto named(const List& list, const std::string& name, const char* key) {
  const auto found = std::ranges::find_if(list, [&](auto value) { return name == to_string(value); });
  if (found == list.end())
    refuse("\"" + name + "\" is no " + key + ".");
  return *found;
}

Reason reason_in(const Json& face) {
  const auto code = maybe<std::string>(face, "reason");
  if (!code)
    return Reason::none;
  const auto reason = reason_of(*code);
  if (!reason)
    refuse("\"" + *code + "\" is no reason.");
  return *reason;
}

Unlike unlike_in(const Json& face) {
  Unlike unlike;
  for (const std::string& said :
       maybe<std::vector<std::string>>(face, "unlike").value_or(std::vector<std::string>())) {
    const auto found =
        std::ranges::find_if(unlike_names, [&](const auto& known) { return known.first == said; });
    if (found == unlike_names.end())
      refuse("\"" + said + "\" is nothing in which a target can be unlike a person.");
    unlike.*found->second = true;
  }
  return unlike;
}

Outcome outcome_in(const Json& face) {
  if (!face.contains("treatment"))
    refuse("A face has no treatment, as in audits of an older form. Make the audit again with this version.");
  Outcome outcome{.treatment = named(treatments, get<std::string>(face, "treatment"), "treatment"),
                  .target = maybe<std::string>(face, "target").value_or(""),
                  .reason = reason_in(face),
                  .weight = maybe<double>(face, "weight").value_or(1),
                  .kept = maybe<bool>(face, "kept").value_or(false),
                  .geometry = maybe<double>(face, "geometry").value_or(0),
                  .distance = maybe<double>(face, "distance"),
                  .second_distance = maybe<double>(face, "second_distance"),
                  .unlike = unlike_in(face)};
  if (face.contains("rank"))
    outcome.rank = {get<int>(face, "rank"), get<int>(face, "strangers")};
  if (face.contains("second_rank"))
    outcome.second_rank = {get<int>(face, "second_rank"), get<int>(face, "second_strangers")};
  if (outcome.treatment != Treatment::swapped && (!outcome.target.empty() || outcome.weight < 1))
    refuse(std::string("A face that was not swapped has a ") +
           (outcome.target.empty() ? "weight." : "target."));
  return outcome;
}

Face face_in(const Json& json) {
  Face face{.id = get<std::uint32_t>(json, "id"), .score = get<double>(json, "score")};
  const auto box = get<std::array<double, 4>>(json, "box");
  face.box = {box[0], box[1], box[2], box[3]};
  if (const auto origin = get<std::string>(json, "origin"); origin != foreign)
    face.origin = named(origins, origin, "origin");
  face.outcome = outcome_in(json);
  face.done = get<std::string>(json, "done");
  return face;
}

Frame frame_in(const Json& json) {
  Frame frame;
  if (!json["pts"].is_null())
    frame.pts = get<std::uint64_t>(json, "pts");
  if (!json.contains("faces") || !json["faces"].is_array())
    refuse("The frame has no list of faces.");
  frame.faces.reserve(json["faces"].size()); // an audit of an hour holds half a million faces
  for (const Json& face : json["faces"])
    frame.faces.push_back(face_in(face));
  if (json.contains("doubt")) {
    frame.doubt = get<std::string>(json, "doubt");
    frame.action = get<std::string>(json, "done");
  }
  return frame;
}

Header header_in(const Json& json) {
  if (json["audit"] != form)
    refuse("The audit has form " + json["audit"].dump() + ", and this version reads form " +
           std::to_string(form) + " alone. Make the audit again with this version.");
  return {get<std::string>(json, "element"), get<std::string>(json, "version"), get<Json>(json, "settings"),
          get<std::string>(json, "detector")};
}

FileFacts facts_in(const Json& json, const char* key) {
  const Json facts = get<Json>(json, key);
  FileFacts file{get<std::string>(facts, "sha256"), get<std::uint64_t>(facts, "bytes")};
  const bool hex = std::ranges::all_of(
      file.sha256, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (file.sha256.size() != 64 || !hex)
    refuse("A sum of the run is no SHA-256.");
  return file;
}

Run run_in(const Json& json) {
  Run run{facts_in(json, "original"), facts_in(json, "result"), get<int>(json, "width"),
          get<int>(json, "height"), get<Json>(json, "options")};
  if (run.width < 1 || run.height < 1 || !run.options.is_object())
    refuse("The run has no size or no options.");
  return run;
}

} // namespace

std::string words(const Outcome& outcome, std::string_view cover) {
  if (outcome.reason == Reason::outside)
    return "outside the frame";
  if (outcome.treatment != Treatment::swapped)
    return std::string(cover) + (outcome.reason == Reason::none
                                     ? ""
                                     : " (" + (to_string(outcome.reason) + finding(outcome)) + ")");
  std::string said = "swap " + outcome.target;
  if (outcome.weight < 1)
    said += text(" (%.0f", std::round(outcome.weight * 100)).append(" % over ").append(cover) + ")";
  else if (outcome.kept)
    said += " (kept)";
  if (outcome.geometry > 0)
    said += text(", geometry %.2f", outcome.geometry);
  said += finding(outcome);
  for (const std::string& name : outcome.unlike.names())
    said.append(", another ").append(name);
  return said;
}

Json to_json(const Header& header) {
  return {{"audit", form},
          {"element", header.element},
          {"version", header.version},
          {"settings", header.settings},
          {"detector", header.detector}};
}

Json to_json(const Frame& frame) {
  Json line{{"pts", frame.pts ? Json(*frame.pts) : Json(nullptr)}, {"faces", Json::array()}};
  for (const Face& face : frame.faces)
    line["faces"].push_back(json_of(face));
  if (!frame.doubt.empty()) {
    line["doubt"] = frame.doubt;
    line["done"] = frame.action;
  }
  return line;
}

Json to_json(const Run& run) {
  const auto facts = [](const FileFacts& file) {
    return Json{{"sha256", file.sha256}, {"bytes", file.bytes}};
  };
  return {{"run",
           {{"original", facts(run.original)},
            {"result", facts(run.result)},
            {"width", run.width},
            {"height", run.height},
            {"options", run.options}}}};
}

Line parse(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object())
    refuse("The line is no JSON object.");
  if (json.contains("audit"))
    return header_in(json);
  if (json.contains("pts"))
    return frame_in(json);
  if (json.contains("run"))
    return run_in(json["run"]);
  if (json.contains("summary") || json.contains("input_provenance") || json.contains("subject"))
    return Rest{};
  refuse("The line is none of an audit.");
}

} // namespace deid::audit
