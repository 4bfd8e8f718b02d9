#include "pipelines/deid/run/facts.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace deid::cli {

using audit::Json;

namespace {

using Text = std::optional<std::string> RunOptions::*;
constexpr std::array<std::pair<const char*, Text>, 12> texts{{{"shape", &RunOptions::shape},
                                                              {"color", &RunOptions::color},
                                                              {"margin", &RunOptions::margin},
                                                              {"strength", &RunOptions::strength},
                                                              {"lookahead", &RunOptions::lookahead},
                                                              {"hold_time", &RunOptions::hold_time},
                                                              {"on_doubt", &RunOptions::on_doubt},
                                                              {"target", &RunOptions::target},
                                                              {"target_bank", &RunOptions::target_bank},
                                                              {"geometry", &RunOptions::geometry},
                                                              {"assign", &RunOptions::assign},
                                                              {"model", &RunOptions::model}}};
constexpr std::array methods{Method::swap, Method::mask, Method::blur, Method::pixelate};
constexpr std::array codecs{Codec::h264, Codec::vp8, Codec::mjpeg, Codec::ffv1};

/// Returns the value of an enumeration that has this name.
template <class List> auto named(const List& list, const std::string& name) {
  for (const auto value : list)
    if (name == to_string(value))
      return value;
  throw Failure("The audit's options are of another version: '" + name +
                "' is not known. Run the video again.");
}

void check_known(const Json& deciding) {
  std::set<std::string> known{"method", "codec",        "label",      "settings",
                              "crf",    "speed_preset", "keep_audio", "keep_going"};
  for (const auto& [name, member] : texts)
    known.insert(name);
  for (const auto& [key, value] : deciding.items())
    if (!known.contains(key))
      throw Failure("The audit's options are of another version: '" + key +
                    "' is not known. Run the video again.");
}

} // namespace

audit::FileFacts facts_of(const std::filesystem::path& file) {
  try {
    return {models::sha256_of(file), std::filesystem::file_size(file)};
  } catch (const std::exception& e) {
    throw Failure(file.string() + " cannot be read: " + e.what());
  }
}

Json deciding_options(const RunOptions& o) {
  Json json{{"method", to_string(o.method)}};
  for (const auto& [name, member] : texts)
    if (o.*member)
      json[name] = *(o.*member);
  if (!o.label.empty())
    json["label"] = o.label;
  if (o.codec)
    json["codec"] = to_string(*o.codec);
  json["crf"] = o.crf;
  json["speed_preset"] = o.speed_preset;
  json["keep_audio"] = o.keep_audio;
  json["keep_going"] = o.keep_going;
  json["settings"] = Json::array();
  for (const Setting& s : o.settings)
    json["settings"].push_back({s.element, s.property, s.value});
  return json;
}

RunOptions options_with(const Json& deciding) {
  check_known(deciding);
  RunOptions o;
  try {
    o.method = named(methods, deciding.at("method").get<std::string>());
    for (const auto& [name, member] : texts)
      if (deciding.contains(name))
        o.*member = deciding[name].get<std::string>();
    o.label = deciding.value("label", "");
    if (deciding.contains("codec"))
      o.codec = named(codecs, deciding["codec"].get<std::string>());
    o.crf = deciding.at("crf").get<int>();
    o.speed_preset = deciding.at("speed_preset").get<std::string>();
    o.keep_audio = deciding.at("keep_audio").get<bool>();
    o.keep_going = deciding.at("keep_going").get<bool>();
    for (const Json& s : deciding.at("settings")) {
      const auto part = [&s](std::size_t i) { return s.at(i).get<std::string>(); };
      o.settings.push_back(parse_setting(part(0) + "." + part(1) + "=" + part(2)));
    }
  } catch (const Json::exception&) {
    throw Failure("The audit's options are damaged. Run the video again.");
  }
  return o;
}

} // namespace deid::cli
