#include "elements/measures/coco/report.hpp"
#include "elements/measures/kinematics/agreement.hpp"
#include "pipelines/deid/evaluate/report/sections.hpp"
#include <functional>

namespace deid::evaluate {

namespace {

using evaluate::json_of; // for statistics' types, which the functions below would hide

using kinematics::Measured;
using kinematics::Value;

Json json_of(const Value& value) {
  return value.known() ? Json(value.get()) : Json(nullptr);
}

Json json_of(const kinematics::Interval& interval) {
  return interval.low.known() && interval.high.known() ? Json{interval.low.get(), interval.high.get()}
                                                       : Json(nullptr);
}

Json json_of(const kinematics::Agreement& a) {
  return {{"n", a.n},
          {"bias", json_of(a.bias)},
          {"bias_interval", json_of(a.bias_ci)},
          {"limits", a.limit_low.known() ? Json{a.limit_low.get(), a.limit_high.get()} : Json(nullptr)},
          {"icc", json_of(a.icc)},
          {"icc_interval", json_of(a.icc_ci)},
          {"ccc", json_of(a.ccc)}};
}

/// One figure of the movement reports.
struct Series {
  std::string unit{};
  std::vector<Measured> pairs{}; ///< of figures that both streams have
  std::vector<double> values{};  ///< of figures that compare the two streams
  std::size_t missing = 0;       ///< videos where it is n/a
  std::map<std::string, std::size_t> why{};
};

void take(const Json& figure, Series& to) {
  to.unit = figure.value("unit", to.unit);
  const auto number = [&](const char* name) { return figure.contains(name) && figure[name].is_number(); };
  if (number("original") && number("deidentified"))
    to.pairs.push_back({figure["original"], figure["deidentified"]});
  else if (number("value"))
    to.values.push_back(figure["value"]);
  else {
    ++to.missing;
    ++to.why[figure.value("why", "")];
  }
}

using Walk = std::function<void(const std::string&, const std::string&, const std::string&, const Json&)>;

bool is_figure(const Json& j) {
  return j.is_object() && (j.contains("unit") || j.contains("value") || j.contains("original"));
}

/// Visits the figures of a group: those of its parts, and those that have no part.
void walk_group(const std::string& group, const Json& parts, const Walk& visit) {
  for (const auto& [part, measures] : parts.items()) {
    if (is_figure(measures)) {
      visit(group, "", part, measures);
      continue;
    }
    if (!measures.is_object())
      continue;
    for (const auto& [measure, figure] : measures.items())
      if (is_figure(figure))
        visit(group, part, measure, figure);
  }
}

/// Visits every figure of one movement report: group, part (may be empty), measure.
void walk(const Json& movement, const Walk& visit) {
  for (const auto& [group, parts] : movement.items())
    if (parts.is_object() && group != "settings" && group != "excluded")
      walk_group(group, parts, visit);
}

Json row_of(const Series& s) {
  Json row{{"unit", s.unit}, {"missing", s.missing}};
  if (!s.pairs.empty()) {
    std::vector<double> original, deidentified;
    for (const Measured& pair : s.pairs) {
      original.push_back(pair.original);
      deidentified.push_back(pair.deidentified);
    }
    row["original"] = json_of(statistics::spread_of(std::move(original)));
    row["deidentified"] = json_of(statistics::spread_of(std::move(deidentified)));
    row["agreement"] = json_of(kinematics::agreement(s.pairs));
  } else if (!s.values.empty()) {
    row["value"] = json_of(statistics::spread_of(s.values));
  } else {
    row["why"] = s.why.empty() ? "" : s.why.begin()->first;
  }
  return row;
}

} // namespace

Json keypoints_section(const Evaluation& e, const std::vector<const Loaded*>& units) {
  Movement movement;
  for (const Loaded* unit : units) {
    const Json& files = unit->unit.at("files");
    const auto path = [&](const char* what) {
      return e.folder.root() / files.at(what).at("path").get<std::string>();
    };
    movement.add(keypoint_files::read_poses(path("original")),
                 keypoint_files::read_poses(path("keypoints.jsonl")));
  }
  const coco::Report report{&movement.evaluation(), &movement.preservation(), movement.intervals(),
                            movement.block_rule(),  movement.scale(),         movement.left_out()};
  Json json = Json::parse(coco::to_json(report));
  json.erase("oks");
  json.erase("matches");
  return json;
}

Json movement_section(const std::vector<const Loaded*>& units) {
  std::vector<std::array<std::string, 3>> order;
  std::map<std::array<std::string, 3>, Series> all;
  for (const Loaded* unit : units)
    if (unit->movement.contains("movement"))
      walk(unit->movement["movement"], [&](const std::string& group, const std::string& part,
                                           const std::string& measure, const Json& figure) {
        const std::array<std::string, 3> name{group, part, measure};
        if (!all.contains(name))
          order.push_back(name);
        take(figure, all[name]);
      });
  auto json = Json::array();
  for (const auto& name : order) {
    Json row{{"group", name[0]}, {"part", name[1]}, {"measure", name[2]}};
    row.update(row_of(all[name]));
    json.push_back(row);
  }
  return json;
}

} // namespace deid::evaluate
