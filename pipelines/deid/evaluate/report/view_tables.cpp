#include "elements/audit/reason.hpp"
#include "elements/measures/identity/clustering.hpp"
#include "pipelines/deid/evaluate/report/part.hpp"
#include "pipelines/deid/evaluate/report/view.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace deid::evaluate {

namespace {

Json text_cell(const std::string& text, const std::string& note = "") {
  Json c{{"text", text}};
  if (!note.empty())
    c["note"] = note;
  return c;
}

Json row(const std::vector<Json>& cells, bool strong = false) {
  return {{"cells", cells}, {"strong", strong}};
}

Json table(const std::vector<std::string>& head) {
  Json t{{"head", Json::array()}, {"rows", Json::array()}};
  for (const std::string& text : head)
    t["head"].push_back({{"text", text}});
  return t;
}

std::string mean_sd(const Json& spread) {
  return spread.is_null() ? "n/a" : fixed(spread["mean"], 3) + " (" + fixed(spread["sd"], 3) + ")";
}

std::string interval(const Json& pair, int digits, bool share = false) {
  if (!pair.is_array())
    return "";
  return share ? percent(pair[0]) + " to " + percent(pair[1])
               : fixed(pair[0], digits) + " to " + fixed(pair[1], digits);
}

std::string above(const Json& spread, const Json& n) {
  return spread.is_null() ? ""
                          : of(n.get<std::size_t>(), spread["n"].get<std::size_t>()) + " > .6, least " +
                                fixed(spread["min"], 3);
}

Json distance_row(const std::string& who, const Json& d, bool strong) {
  return row(
      {text_cell(who),
       text_cell(of(d["described"].get<std::size_t>(), d["faces"].get<std::size_t>()),
                 of(d["found"].get<std::size_t>(), d["described"].get<std::size_t>()) + " still a face"),
       text_cell(mean_sd(d["intra_original"])), text_cell(mean_sd(d["intra_deidentified"])),
       text_cell(mean_sd(d["to_original"]), above(d["to_original"], d["to_original_above_limit"])),
       text_cell(mean_sd(d["to_average_original"]),
                 above(d["to_average_original"], d["to_average_original_above_limit"])),
       text_cell(mean_sd(d["to_average_target"]))},
      strong);
}

/// A rate with its interval; -1 means that there was nobody to find.
Json rate(const Json& value, const Json& pair) {
  if (!value.is_number() || value.get<double>() < 0)
    return text_cell("n/a");
  return text_cell(fixed(value, 3), interval(pair, 3));
}

} // namespace

std::string fixed(const Json& value, int digits) {
  if (!value.is_number())
    return "n/a";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value.get<double>());
  return text;
}

std::string percent(const Json& share, int digits) {
  return share.is_number() ? fixed(Json(100 * share.get<double>()), digits) + "\u00a0%" : "n/a";
}

std::string of(std::size_t part, std::size_t all) {
  return std::to_string(part) + " of " + std::to_string(all);
}

Json distances_table(const Json& report) {
  Json t = table({"", "faces described", "among originals", "among de-identified", "to the original",
                  "to the average original", "to the target"});
  for (const auto& [method, s] : part(report, "table1").items()) {
    t["rows"].push_back(distance_row(method, s["everybody"], true));
    if (s["people"].size() > 1)
      for (const auto& [person, d] : s["people"].items())
        if (d["described"] != 0)
          t["rows"].push_back(distance_row(std::string(method).append(", ").append(person), d, false));
  }
  t["rows"].push_back(
      row({text_cell("paper, patient 1"), text_cell(""), text_cell("not known"), text_cell("not known"),
           text_cell("0.636 (0.033)"), text_cell("not known"), text_cell("0.466")}));
  t["rows"].push_back(
      row({text_cell("paper, patient 2"), text_cell(""), text_cell("not known"), text_cell("not known"),
           text_cell("0.634 (0.029)"), text_cell("not known"), text_cell("0.439")}));
  return t;
}

Json people_table(const Json& report) {
  Json t = table({"person", "video", "face", "faces described"});
  for (const Json& track : report["people"]["tracks"])
    t["rows"].push_back(row(
        {text_cell(track["person"].is_null() ? "no person in the list" : track["person"].get<std::string>()),
         text_cell(track["clip"]), text_cell(std::to_string(track["face"].get<std::uint32_t>())),
         text_cell(std::to_string(track["described"].get<std::size_t>()))}));
  return t;
}

namespace {

/// Rank-1 hits with their interval: across people where several are known, else across frames.
std::string hits_note(const Json& a) {
  const std::string across = interval(a["by_people"], 1, true);
  return of(a["hits"].get<std::size_t>(), a["described"].get<std::size_t>()) +
         (across.empty() ? "; frames " + interval(a["wilson"], 1, true) : "; other people " + across);
}

/// The interval of the true accept rate, or why there is no rate.
std::string accept_note(const Json& a) {
  return a["true_accept"].is_null() ? of(a["impostors"].get<std::size_t>(), 1000) + " pairs needed"
                                    : interval(a["true_accept_by_people"], 1, true);
}

Json attack_row(const std::string& method, const std::string& kind, const Json& a) {
  const bool any = a["described"] != 0;
  return row({text_cell(method), text_cell(kind), text_cell(std::to_string(a["gallery"].get<std::size_t>())),
              text_cell(of(a["described"].get<std::size_t>(), a["faces"].get<std::size_t>()),
                        any ? "" : "no face to describe"),
              text_cell(percent(a["rank1"]), any ? hits_note(a) : ""), text_cell(percent(a["chance"])),
              text_cell(fixed(a["median_rank"], 1)), text_cell(percent(a["true_accept"]), accept_note(a))},
             kind == "naive");
}

} // namespace

Json attacks_table(const Json& report) {
  Json t = table({"", "who attacks", "people known", "faces shown", "named rightly", "guessing",
                  "median rank", "accepted at 1 false in 1000"});
  for (const auto& [method, kinds] : part(report, "attacks").items())
    for (const auto& [kind, a] : kinds.items())
      t["rows"].push_back(attack_row(method, kind, a));
  return t;
}

Json keypoints_table(const Json& report) {
  Json t = table({"", "AP .5:.95", "AP .5", "AP .75", "AP .95", "AR .5:.95", "AR .5", "AR .75", "AR .95",
                  "people", "found at .95", "lost", "extra"});
  for (const auto& [method, s] : part(report, "table2").items()) {
    const Json none;
    const Json& i = s.contains("intervals") ? s["intervals"] : none;
    const auto with = [&](const char* name) { return i.is_object() ? i[name] : Json(nullptr); };
    const Json &stats = s["stats"], &counts = s["counts"];
    const auto count = [&](const char* name) { return std::to_string(counts[name].get<std::size_t>()); };
    t["rows"].push_back(
        row({text_cell(method == "reencoded" ? "re-encoding alone" : method), rate(stats[0], with("AP")),
             rate(stats[1], with("AP50")), rate(stats[2], with("AP75")), rate(s["AP95"], with("AP95")),
             rate(stats[5], with("AR")), rate(stats[6], with("AR50")), rate(stats[7], with("AR75")),
             rate(s["AR95"], with("AR95")), text_cell(count("people"), count("frames") + " frames"),
             text_cell(std::to_string(counts["found"][9].get<std::size_t>())),
             text_cell(count("missing_people")), text_cell(count("extra_people"))},
            true));
  }
  t["rows"].push_back(
      row({text_cell("paper, swapped"), text_cell("0.993"), text_cell("not known"), text_cell("not known"),
           text_cell("0.990"), text_cell("not known"), text_cell("not known"), text_cell("not known"),
           text_cell("0.998"), text_cell("11730", "11730 frames"), text_cell("not known"),
           text_cell("not known"), text_cell("not known")}));
  return t;
}

namespace {

/// About three digits, for numbers of any size.
std::string brief(const Json& value) {
  if (!value.is_number())
    return "n/a";
  const double size = std::abs(value.get<double>());
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/// One method's difference, with its limits and ICC.
Json difference(const Json& r) {
  const Json& a = r["agreement"];
  const Json bias = a["bias"].is_null()
                        ? Json(r["deidentified"]["mean"].get<double>() - r["original"]["mean"].get<double>())
                        : a["bias"];
  std::string note = a["limits"].is_array() ? brief(a["limits"][0]) + " to " + brief(a["limits"][1]) : "";
  if (!a["icc"].is_null())
    note.append("; ICC ").append(fixed(a["icc"], 2));
  return text_cell(brief(bias), note);
}

std::string measure_name(const Json& r) {
  std::string what = r["group"].get<std::string>();
  if (const auto of_part = r["part"].get<std::string>(); !of_part.empty())
    what.append(", ").append(of_part);
  what.append(": ").append(r["measure"].get<std::string>());
  std::ranges::replace(what, '_', ' ');
  return what;
}

/// The rows of one measure, by method.
using ByMethod = std::map<std::string, Json>;

/// The measures that both streams have.
struct Measures {
  std::vector<std::string> order{}; ///< names, as they come in the report
  std::map<std::string, ByMethod> rows{};
};

void add_measures(const std::string& method, const Json& rows, Measures& to) {
  for (const Json& r : rows) {
    if (!r.contains("agreement"))
      continue;
    const std::string name = measure_name(r);
    if (!to.rows.contains(name))
      to.order.push_back(name);
    to.rows[name][method] = r;
  }
}

/// methods: names of the table's columns, as the report has them.
Json movement_row(const std::string& name, const ByMethod& rows, const std::vector<std::string>& methods) {
  const auto videos = [](const auto& entry) {
    return entry.second["agreement"]["n"].template get<std::size_t>();
  };
  const Json& most = std::ranges::max_element(rows, {}, videos)->second;
  const auto unit = most["unit"].get<std::string>();
  std::vector<Json> cells{text_cell(name, unit == "1" ? "" : unit),
                          text_cell(std::to_string(most["agreement"]["n"].get<std::size_t>())),
                          text_cell(brief(most["original"]["mean"]))};
  for (const std::string& method : methods)
    cells.push_back(rows.contains(method) ? difference(rows.at(method)) : text_cell("n/a"));
  return row(cells);
}

} // namespace

Json movement_table(const Json& report) {
  std::vector<std::string> head{"measure", "videos", "original, mean"}, methods;
  Measures all;
  for (const auto& [method, rows] : part(report, "movement").items()) {
    head.push_back(method == "reencoded" ? "re-encoding alone" : method);
    methods.push_back(method);
    add_measures(method, rows, all);
  }
  Json t = table(head);
  for (const std::string& name : all.order)
    t["rows"].push_back(movement_row(name, all.rows[name], methods));
  return t;
}

Json leaks_table(const Json& report) {
  Json t = table(
      {"", "frames", "faces in the original", "too far outside to judge", "faces at risk", "frames at risk"});
  for (const auto& [method, s] : part(report, "leaks").items()) {
    std::vector<Json> cells{text_cell(method)};
    if (s["frames"] == 0) // --no-leaks: five zeros would read like a clean result
      cells.insert(cells.end(),
                   {text_cell("not looked for"), text_cell(""), text_cell(""), text_cell(""), text_cell("")});
    else
      for (const char* name : {"frames", "faces", "outside", "risky_faces", "risky_frames"})
        cells.push_back(text_cell(std::to_string(s[name].get<std::size_t>())));
    t["rows"].push_back(row(cells, true));
  }
  return t;
}

Json audit_table(const Json& report) {
  Json t = table({"", "frames", "with a face", "faces", "swapped", "between", "blurred", "covered",
                  "whole frames", "dropped frames"});
  for (const auto& [method, s] : part(report, "audit").items()) {
    std::vector<Json> cells{text_cell(method)};
    for (const char* name : {"frames", "frames_with_faces", "faces", "swapped", "fading", "blurred",
                             "covered", "whole_frames", "dropped_frames"})
      cells.push_back(text_cell(std::to_string(s["all"][name].get<std::size_t>())));
    t["rows"].push_back(row(cells, true));
  }
  return t;
}

Json reasons_table(const Json& report) {
  Json t = table({"", "reason", "faces"});
  for (const auto& [method, s] : part(report, "audit").items())
    for (const auto& [code, faces] : s["all"]["reasons"].items()) {
      const auto reason = audit::reason_of(code);
      t["rows"].push_back(row({text_cell(method), text_cell(reason ? sentence(*reason) : code),
                               text_cell(std::to_string(faces.get<std::size_t>()))}));
    }
  return t;
}

Json cost_table(const Json& report) {
  Json t = table({"", "stage", "CPU, ms a frame", "wall, ms a frame", "frames"});
  for (const auto& [method, s] : part(report, "cost").items()) {
    const auto video = s["video_seconds"].get<double>();
    const std::string times =
        video > 0 ? fixed(Json(s["seconds"].get<double>() / video), 2) + " x the video" : "";
    t["rows"].push_back(row({text_cell(method == "reencoded" ? "re-encoding alone" : method),
                             text_cell("its share of the run"), text_cell(fixed(s["cpu_seconds"], 1) + " s"),
                             text_cell(fixed(s["seconds"], 1) + " s", times), text_cell("")},
                            true));
    for (const auto& [name, stage] : s["stages"].items())
      t["rows"].push_back(
          row({text_cell(method == "reencoded" ? "re-encoding alone" : method), text_cell(name),
               text_cell(fixed(stage["cpu_ms"], 2)), text_cell(fixed(stage["wall_ms"], 2)),
               text_cell(std::to_string(stage["frames"].get<std::size_t>()))}));
  }
  return t;
}

Json videos_table(const Json& report) {
  Json t = table({"video", "size", "frames", "seconds", "sha256"});
  for (const Json& v : report["videos"]) {
    const bool known = v.contains("frames");
    t["rows"].push_back(row({text_cell(v["name"]),
                             text_cell(known ? std::to_string(v["width"].get<int>()) + "x" +
                                                   std::to_string(v["height"].get<int>())
                                             : "n/a"),
                             text_cell(known ? std::to_string(v["frames"].get<std::size_t>()) : "n/a"),
                             text_cell(known ? fixed(v["seconds"], 1) : "n/a"),
                             text_cell(known ? v["sha256"].get<std::string>().substr(0, 16) : "n/a")}));
  }
  return t;
}

} // namespace deid::evaluate
