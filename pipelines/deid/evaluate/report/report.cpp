#include "pipelines/deid/evaluate/report/report.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/evaluate/report/html.hpp"
#include "pipelines/deid/evaluate/report/sections.hpp"
#include "pipelines/deid/evaluate/report/tables.hpp"

namespace deid::evaluate {

namespace {

Json trouble_section(const Evaluation& e, const Collection& collection) {
  auto json = Json::array();
  for (const auto* list : {&e.trouble, &collection.trouble})
    for (const Evaluation::Trouble& one : *list)
      json.push_back({{"video", one.video}, {"method", one.method}, {"why", one.why}});
  return json;
}

} // namespace

Reports report(const Evaluation& e) {
  const Collection collection = collect(e);
  const People people = people_of(e, collection);
  Reports reports;
  Json& json = reports.json;
  json = {
      {"format", report_format}, {"version", e.version}, {"methods", e.methods}, {"paper", paper_section()}};
  json["videos"] = videos_section(e, collection);
  json["people"] = people_section(people);
  json["shows_originals"] = e.include_originals;
  std::vector<std::pair<std::string, identity::Samples>> described;
  for (const std::string& method : e.methods) {
    const auto units = collection.of(method);
    if (units.empty())
      continue;
    json["table2"][method] = keypoints_section(e, units);
    json["movement"][method] = movement_section(units);
    json["cost"][method] = cost_section(units);
    const bool identified =
        std::ranges::any_of(units, [](const Loaded* unit) { return unit->identity.has_value(); });
    if (!identified)
      continue;
    identity::Samples samples = samples_of(e, collection, people, method);
    json["table1"][method] = distances_section(samples);
    json["roc"][method] = roc_section(samples);
    json["attacks"][method] = attacks_section(samples);
    json["leaks"][method] = leaks_section(units);
    json["audit"][method] = audit_section(units);
    described.emplace_back(method, std::move(samples));
  }
  json["tsne"] = tsne_section(described);
  json["trouble"] = trouble_section(e, collection);
  reports.trouble = collection.trouble.size();
  reports.csv = tables_of(json);
  reports.html = html_of(e, json, collection);
  return reports;
}

void write(const Evaluation& e, const Reports& reports) {
  const fs::path& root = e.folder.root();
  for (const auto& [name, text] : reports.csv)
    files::write_whole(root / name, text, 0644);
  files::write_whole(root / "report.json",
                     reports.json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n", 0644);
  files::write_whole(root / "report.html", reports.html, 0644);
}

} // namespace deid::evaluate
