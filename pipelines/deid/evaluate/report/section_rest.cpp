#include "pipelines/deid/evaluate/report/sections.hpp"
#include <algorithm>

namespace deid::evaluate {

namespace {

Json json_of(const std::map<std::string, std::size_t>& counts) {
  auto json = Json::object();
  for (const auto& [name, n] : counts)
    json[name] = n;
  return json;
}

Json json_of(const Audit& a) {
  return {{"frames", a.frames},
          {"frames_with_faces", a.frames_with_faces},
          {"faces", a.faces},
          {"swapped", a.swapped},
          {"fading", a.fading},
          {"blurred", a.blurred},
          {"covered", a.covered},
          {"whole_frames", a.whole_frames},
          {"dropped_frames", a.dropped_frames},
          {"reasons", json_of(a.reasons)},
          {"doubts", json_of(a.doubts)},
          {"targets", json_of(a.targets)}};
}

} // namespace

Json paper_section() {
  return {{"about",
           "Zhu et al., Deepfakes for Medical Video De-Identification: two patients, 11,730 frames, a swap "
           "trained "
           "for 18 to 19 hours on a Titan X, 120 + 40 minutes for those frames; only figures that are known "
           "here are given, the others are null"},
          {"frames", 11730},
          {"table1",
           {{"to_original", {{{"mean", .636}, {"sd", .033}}, {{"mean", .634}, {"sd", .029}}}},
            {"to_average_target", {{{"mean", .466}}, {{"mean", .439}}}},
            {"intra_subset", nullptr},
            {"to_average_original", nullptr}}},
          {"roc", {{"auc_above", .9999}}},
          {"table2", {{"swapped", {{"AP", .993}, {"AP95", .990}, {"AR95", .998}}}}}};
}

Json videos_section(const Evaluation& e, const Collection& collection) {
  auto json = Json::array();
  for (const std::string& video : e.videos) {
    Json row{{"name", video}};
    for (const Loaded& unit : collection.units)
      if (unit.video == video) {
        row["sha256"] = unit.unit["key"]["input"]["sha256"];
        row.update(unit.unit["video"]);
        break;
      }
    json.push_back(row);
  }
  return json;
}

Json leaks_section(const std::vector<const Loaded*>& units) {
  std::size_t frames = 0, faces = 0, outside = 0, risks = 0, risky_frames = 0;
  auto list = Json::array();
  for (const Loaded* unit : units) {
    if (!unit->unit.contains("leaks"))
      continue;
    const Json& leaks = unit->unit["leaks"];
    frames += leaks["frames"].get<std::size_t>();
    faces += leaks["faces"].get<std::size_t>();
    outside += leaks["outside"].get<std::size_t>();
    std::int64_t last = -1;
    for (const Json& risk : leaks["risks"]) {
      ++risks;
      risky_frames += risk["frame"].get<std::int64_t>() != last ? 1 : 0;
      last = risk["frame"];
      Json row{{"video", unit->video}};
      row.update(risk);
      list.push_back(row);
    }
  }
  return {{"frames", frames},
          {"faces", faces},
          {"outside", outside},
          {"risky_faces", risks},
          {"risky_frames", risky_frames},
          {"risks", list}};
}

Json audit_section(const std::vector<const Loaded*>& units) {
  Audit sum;
  Json json{{"videos", Json::object()}};
  for (const Loaded* unit : units)
    if (unit->audit) {
      sum.add(*unit->audit);
      json["videos"][unit->video] = json_of(*unit->audit);
    }
  json["all"] = json_of(sum);
  json["element"] = sum.element;
  json["version"] = sum.version;
  json["settings"] = sum.settings.empty() ? Json(nullptr) : Json::parse(sum.settings);
  json["detector"] = sum.detector;
  return json;
}

Json cost_section(const std::vector<const Loaded*>& units) {
  struct Sum {
    double cpu = 0, wall = 0;
    std::size_t frames = 0;
  };
  std::vector<std::string> order;
  std::map<std::string, Sum> stages;
  double seconds = 0, cpu = 0, video = 0;
  for (const Loaded* unit : units) {
    for (const auto& [name, time] : unit->unit["stages"].items()) {
      if (!stages.contains(name))
        order.push_back(name);
      Sum& sum = stages[name];
      sum.cpu += time["cpu_seconds"].get<double>();
      sum.wall += time["wall_seconds"].get<double>();
      sum.frames += time["frames"].get<std::size_t>();
    }
    // a run processes several methods at once; each gets its share
    const Json& run = unit->unit["run"];
    const double share = 1 / std::max(1., run["methods_at_once"].get<double>());
    seconds += run["seconds"].get<double>() * share;
    cpu += run["cpu_seconds"].get<double>() * share;
    video += unit->unit["video"]["seconds"].get<double>();
  }
  Json json{{"seconds", seconds}, {"cpu_seconds", cpu}, {"video_seconds", video}, {"stages", Json::object()}};
  for (const std::string& name : order) {
    const Sum& sum = stages[name];
    const double n = std::max<double>(1, static_cast<double>(sum.frames));
    json["stages"][name] = {
        {"frames", sum.frames}, {"cpu_ms", 1e3 * sum.cpu / n}, {"wall_ms", 1e3 * sum.wall / n}};
  }
  return json;
}

} // namespace deid::evaluate
