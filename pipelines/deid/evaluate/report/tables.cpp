#include "pipelines/deid/evaluate/report/tables.hpp"
#include "pipelines/deid/evaluate/report/part.hpp"
#include <vector>

namespace deid::evaluate {

namespace {

using Json = nlohmann::ordered_json;

std::string cell(const Json& value) {
  if (value.is_null())
    return "";
  if (!value.is_string())
    return value.dump();
  const auto text = value.get<std::string>();
  if (text.find_first_of(",\"\n") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// The value at a path like "to_original.mean" or "wilson.0"; null when there is none.
Json at(const Json& from, const std::string& path) {
  const Json* value = &from;
  std::size_t start = 0;
  while (start <= path.size()) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    const std::string key = path.substr(start, dot - start);
    const bool index = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    if (value->is_array() && index && std::stoul(key) < value->size())
      value = &(*value)[std::stoul(key)];
    else if (value->is_object() && value->contains(key))
      value = &(*value)[key];
    else
      return nullptr;
    start = dot + 1;
  }
  return *value;
}

class Table {
public:
  /// keys: the first columns. paths: places of the other columns in a row's object; they are their headings,
  /// too.
  Table(const std::vector<std::string>& keys, std::vector<std::string> paths) : paths_(std::move(paths)) {
    for (const std::vector<std::string>* list :
         {&keys, static_cast<const std::vector<std::string>*>(&paths_)})
      for (const std::string& name : *list)
        text_.append(text_.empty() ? "" : ",").append(name);
    text_ += "\n";
  }
  void add(const std::vector<std::string>& keys, const Json& row) {
    std::string line;
    for (const std::string& key : keys)
      line.append(line.empty() ? "" : ",").append(cell(key));
    for (const std::string& path : paths_)
      line.append(",").append(cell(at(row, path)));
    text_.append(line).append("\n");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  std::vector<std::string> paths_;
  std::string text_{};
};

std::string distances(const Json& report) {
  Table table({"method", "person"},
              {"faces", "described", "intra_original.mean", "intra_original.sd", "intra_deidentified.mean",
               "intra_deidentified.sd", "to_original.mean", "to_original.sd", "to_original.min",
               "to_original.n", "to_original_above_limit", "to_average_original.mean",
               "to_average_original.sd", "to_average_original.min", "to_average_target.mean",
               "to_average_target.sd"});
  for (const auto& [method, section] : part(report, "table1").items()) {
    table.add({method, "everybody"}, section["everybody"]);
    for (const auto& [person, row] : section["people"].items())
      table.add({method, person}, row);
  }
  return table.text();
}

std::string keypoints(const Json& report) {
  Table table({"method"}, {"stats.0",
                           "intervals.AP.0",
                           "intervals.AP.1",
                           "stats.1",
                           "stats.2",
                           "AP95",
                           "intervals.AP95.0",
                           "intervals.AP95.1",
                           "stats.5",
                           "stats.6",
                           "stats.7",
                           "AR95",
                           "intervals.AR95.0",
                           "intervals.AR95.1",
                           "counts.frames",
                           "counts.people",
                           "counts.found.0",
                           "counts.found.5",
                           "counts.found.9",
                           "counts.missing_people",
                           "counts.extra_people",
                           "similarity.median",
                           "similarity.p5",
                           "similarity.p1",
                           "similarity.min"});
  for (const auto& [method, row] : part(report, "table2").items())
    table.add({method}, row);
  return table.text();
}

std::string attacks(const Json& report) {
  Table table({"method", "attack"},
              {"gallery", "people", "faces", "described", "hits", "rank1", "chance", "wilson.0", "wilson.1",
               "by_people.0", "by_people.1", "median_rank", "impostors", "threshold", "accepted",
               "true_accept", "true_accept_by_people.0", "true_accept_by_people.1"});
  for (const auto& [method, kinds] : part(report, "attacks").items())
    for (const auto& [kind, row] : kinds.items())
      table.add({method, kind}, row);
  return table.text();
}

std::string movement(const Json& report) {
  Table table({"method", "group", "part", "measure"},
              {"unit", "agreement.n", "original.mean", "deidentified.mean", "agreement.bias",
               "agreement.limits.0", "agreement.limits.1", "agreement.icc", "value.n", "value.mean",
               "missing", "why"});
  for (const auto& [method, rows] : part(report, "movement").items())
    for (const Json& row : rows)
      table.add({method, row["group"], row["part"], row["measure"]}, row);
  return table.text();
}

std::string leaks(const Json& report) {
  Table table({"method"},
              {"video", "frame", "pts", "box.0", "box.1", "box.2", "box.3", "score", "inner", "mark"});
  for (const auto& [method, section] : part(report, "leaks").items())
    for (const Json& row : section["risks"])
      table.add({method}, row);
  return table.text();
}

std::string audit(const Json& report) {
  Table table({"method", "video"}, {"frames", "frames_with_faces", "faces", "swapped", "fading", "blurred",
                                    "covered", "whole_frames", "dropped_frames"});
  for (const auto& [method, section] : part(report, "audit").items()) {
    table.add({method, "all"}, section["all"]);
    for (const auto& [video, row] : section["videos"].items())
      table.add({method, video}, row);
  }
  return table.text();
}

} // namespace

std::map<std::string, std::string> tables_of(const Json& report) {
  return {{"table1.csv", distances(report)}, {"table2.csv", keypoints(report)},
          {"attacks.csv", attacks(report)},  {"movement.csv", movement(report)},
          {"leaks.csv", leaks(report)},      {"audit.csv", audit(report)}};
}

} // namespace deid::evaluate
