#include "elements/identitymeter/report.hpp"
#include "models/faceres/limit.hpp"
#include "models/files/whole_file.hpp"
#include <nlohmann/json.hpp>
#include <system_error>

namespace deid::identitymeter {

namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json distances(const statistics::RunningStats& tally) {
  return {{"count", tally.count()},
          {"mean", number(tally.mean())},
          {"sd", number(tally.sd())},
          {"min", number(tally.least())},
          {"max", number(tally.most())},
          {"above_threshold", tally.above()},
          {"share_above_threshold", number(tally.share_above())}};
}

Json state(std::uint64_t faces, const identity::Figures& figures,
           const statistics::RunningStats& final_average) {
  return {{"faces", faces},
          {"to_original", distances(figures.original)},
          {"to_average", distances(figures.average)},
          {"to_final_average", distances(final_average)},
          {"to_target", distances(figures.target)}};
}

Json states(const Summary& summary, const identity::Ending& ending) {
  Json all = Json::object();
  statistics::RunningStats final_average;
  std::uint64_t faces = 0;
  for (std::size_t i = 0; i < identity::state_count; ++i) {
    final_average.add(ending.final_average.at(i));
    faces += summary.faces.at(i);
  }
  all["all"] = state(faces, summary.all, final_average);
  for (std::size_t i = 0; i < identity::state_count; ++i)
    if (summary.faces.at(i) > 0)
      all[to_string(static_cast<identity::State>(i))] =
          state(summary.faces.at(i), summary.figures.at(i), ending.final_average.at(i));
  return all;
}

Json counts(const Counts& c) {
  const auto missing = [&](Missing why) { return c.missing.at(static_cast<std::size_t>(why)); };
  return {{"frames", c.frames},
          {"measured", c.measured},
          {"left_out_by_interval", c.left_out},
          {"no_stamp", missing(Missing::no_stamp)},
          {"no_original", missing(Missing::no_original)},
          {"other_picture", missing(Missing::other_picture)},
          {"faces_without_original_landmarks", c.without_landmarks},
          {"faces_cut_by_landmarks_of_the_result", c.found},
          {"faces_cut_by_landmarks_of_the_original", c.assumed},
          {"faces_not_described", c.unseen},
          {"faces_that_were_not_among_the_originals", c.unexpected}};
}

Json recognition(const identity::Recognition& r) {
  Json found{{"auc", number(r.area)}, {"people", r.people}, {"own", r.own}, {"other", r.other}};
  if (!r.area)
    found["why"] = r.people < 2 ? "fewer than two people" : "nothing was described";
  return found;
}

Json people(const identity::Ending& ending) {
  Json list = Json::array();
  for (const identity::PersonFigures& person : ending.people)
    list.push_back({{"id", person.id},
                    {"originals", person.originals},
                    {"to_original", distances(person.original)},
                    {"to_final_average", distances(person.final_average)}});
  return list;
}

Json model(const ModelName& name) {
  return {{"name", name.name}, {"package", name.package}, {"sha256", name.sha256}, {"precision", "f32"}};
}

/// The distances of the second judge; null when it measured nothing.
Json second(const SecondFigures& figures) {
  statistics::RunningStats all;
  for (const statistics::RunningStats& one : figures)
    all.add(one);
  if (all.count() == 0)
    return nullptr;
  Json to_original{{"all", distances(all)}};
  for (std::size_t i = 0; i < identity::state_count; ++i)
    if (figures.at(i).count() > 0)
      to_original[to_string(static_cast<identity::State>(i))] = distances(figures.at(i));
  return {{"model", model(second_model())},
          {"distance", "Euclidean, between 1024 features of length 1"},
          {"threshold", models::faceres_limit},
          {"to_original", to_original}};
}

} // namespace

std::string to_json(const Summary& summary) {
  const identity::Ending ending = summary.ending.value_or(identity::Ending{});
  const Json report{{"format", "deid-identity-report-1"},
                    {"version", DEID_VERSION},
                    {"model", model(descriptor_model())},
                    {"landmark_model", model(mesh_model())},
                    {"detector", summary.detector},
                    {"distance", "Euclidean, between descriptors of 128 numbers"},
                    {"threshold", summary.threshold},
                    {"interval", summary.interval},
                    {"landmarks", summary.landmarks == Landmarks::result ? "result" : "original"},
                    {"counts", counts(summary.counts)},
                    {"distances", states(summary, ending)},
                    {"second_judge", second(summary.second)},
                    {"kept_for_the_end", {{"every", ending.kept_every}}},
                    {"recognition", recognition(ending.recognition)},
                    {"people", people(ending)}};
  return report.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

void write_report(const std::filesystem::path& file, const Summary& summary) {
  try {
    files::write_whole(file, to_json(summary));
  } catch (const files::WriteError& e) {
    throw WriteError(e.what());
  }
}

} // namespace deid::identitymeter
