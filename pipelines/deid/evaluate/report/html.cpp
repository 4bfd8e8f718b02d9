#include "pipelines/deid/evaluate/report/html.hpp"
#include "pipelines/deid/evaluate/report/figures.hpp"
#include "pipelines/deid/evaluate/report/part.hpp"
#include "pipelines/deid/evaluate/report/report_template.hpp"
#include "pipelines/deid/evaluate/report/view.hpp"
#include <kainjow/mustache.hpp>
#include <stdexcept>

namespace deid::evaluate {

namespace {

namespace mustache = kainjow::mustache;

mustache::data data_of(const Json& value) {
  if (value.is_object()) {
    mustache::data object(mustache::data::type::object);
    for (const auto& [name, member] : value.items())
      object.set(name, data_of(member));
    return object;
  }
  if (value.is_array()) {
    mustache::data list(mustache::data::type::list);
    for (const Json& item : value)
      list.push_back(data_of(item));
    return list;
  }
  if (value.is_boolean())
    return {value.get<bool>()};
  if (value.is_null())
    return {false};
  return {value.is_string() ? value.get<std::string>() : value.dump()};
}

/// A figure, or the reason why there is none.
template <class Draw> Json figure(Draw draw) {
  if (!can_plot())
    return {{"why", "gnuplot is not installed (package gnuplot-nox); the numbers are in report.json."}};
  const std::optional<std::string> svg = draw();
  return svg ? Json{{"svg", *svg}} : Json{{"why", "There is nothing to draw."}};
}

Json point_figures(const Json& report) {
  auto list = Json::array();
  for (const Json& method : report["methods"]) {
    const auto name = method.get<std::string>();
    if (!report.contains("table2") || !report["table2"].contains(name))
      continue;
    Json one = figure([&] { return points_figure(report, name); });
    one["method"] = name == "reencoded" ? "re-encoding alone" : name;
    list.push_back(one);
  }
  return list;
}

/// On a phone every row is a card, so each cell needs its column's heading.
Json labelled(Json table) {
  for (Json& row : table["rows"])
    for (std::size_t i = 0; i < row["cells"].size(); ++i) {
      Json& cell = row["cells"][i];
      cell["label"] = table["head"][i]["text"] == "" ? Json(false) : table["head"][i]["text"];
      cell["note"] = cell.value("note", "");
      if (cell["note"] == "")
        cell["note"] = false;
      cell["empty"] = cell["text"] == "" && cell["note"] == false;
    }
  constexpr std::size_t many = 7;
  table["many"] = table["head"].size() > many;
  return table;
}

Json people_words(const Json& report) {
  const Json& people = report["people"];
  const auto how = people["how"].get<std::string>();
  std::string text;
  if (how == "file")
    text = "A list names the people.";
  else if (how == "folder")
    text = "Each folder counts as one person.";
  else
    text = "People were found by grouping the originals' faces (mean descriptors nearer than .6, average "
           "linkage; faces seen together are two people). A list (--people) is more reliable: here two "
           "people with similar faces become one, which makes the figures wrong.";
  Json words{{"text", text}, {"doubts", Json::array()}};
  for (const Json& doubt : people["doubts"]) {
    if (words["doubts"].size() >= 10)
      break;
    words["doubts"].push_back(
        {{"text", doubt["a"].get<std::string>() + " and " + doubt["b"].get<std::string>() + ": " +
                      fixed(doubt["distance"], 3) + ", taken for " +
                      (doubt["joined"].get<bool>() ? "one person" : "two people")}});
  }
  words["any_doubts"] = !words["doubts"].empty();
  return words;
}

Json view_of(const Evaluation& e, const Json& report, const Collection& collection) {
  Json view{{"shows_originals", e.include_originals},
            {"n_videos", report["videos"].size()},
            {"n_people", report["people"]["count"]},
            {"several_videos", report["videos"].size() != 1},
            {"several_people", report["people"]["count"] != 1},
            {"version", report["version"]},
            {"summary", summary_of(report)},
            {"people_words", people_words(report)},
            {"videos", labelled(videos_table(report))},
            {"people", labelled(people_table(report))},
            {"distances", labelled(distances_table(report))},
            {"attacks", labelled(attacks_table(report))},
            {"keypoints", labelled(keypoints_table(report))},
            {"movement", labelled(movement_table(report))},
            {"leaks", labelled(leaks_table(report))},
            {"audit", labelled(audit_table(report))},
            {"reasons", labelled(reasons_table(report))},
            {"cost", labelled(cost_table(report))}};
  view["tsne"] = figure([&] { return tsne_figure(report); });
  view["tsne_rows"] = report["tsne"]["rows"];
  view["tsne_of"] = report["tsne"]["of"];
  view["tsne_kl"] = fixed(report["tsne"].value("kl", Json()), 3);
  view["tsne_trust"] = fixed(report["tsne"].value("trustworthiness", Json()), 3);
  view["roc"] = figure([&] { return roc_figure(report); });
  view["oks"] = figure([&] { return similarity_figure(report); });
  view["points"] = point_figures(report);
  view["samples"] = sample_frames(e, collection);
  view["risky"] = risky_frames(e, collection);
  view["trouble"] = report["trouble"];
  view["style"] = report_style;
  view["any_trouble"] = !report["trouble"].empty();
  view["any_reasons"] = !view["reasons"]["rows"].empty();
  view["scale"] = "";
  for (const auto& [method, section] : part(report, "table2").items())
    view["scale"] = section["scale"];
  view["detector"] = "";
  for (const auto& [method, section] : part(report, "audit").items())
    view["detector"] = section["detector"];
  return view;
}

} // namespace

std::string filled(const std::string& pattern, const Json& view) {
  mustache::mustache page(pattern);
  if (!page.is_valid())
    throw std::runtime_error("The template of the report is wrong: " + page.error_message());
  mustache::data data = data_of(view);
  data.set("table", mustache::data(mustache::partial([] { return std::string(table_template); })));
  data.set("figure", mustache::data(mustache::partial([] { return std::string(figure_template); })));
  return page.render(data);
}

std::string html_of(const Evaluation& e, const Json& report, const Collection& collection) {
  return filled(report_template, view_of(e, report, collection));
}

} // namespace deid::evaluate
