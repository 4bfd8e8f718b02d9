#include "elements/mriremodel/report.hpp"
#include <cmath>
#include <nlohmann/json.hpp>

namespace deid::mriremodel {

namespace {

using Json = nlohmann::ordered_json;

Json rounded(double value) {
  return std::round(value * 10000) / 10000;
}
Json rounded(const std::optional<double>& value) {
  return value ? rounded(*value) : Json();
}

Json skin_of(const Report& report) {
  const Comparison& skin = report.skin;
  return {{"new_to_old_mm", rounded(skin.apart)},
          {"new_to_old_p95_mm", rounded(skin.far)},
          {"share_under_1_mm", rounded(skin.near)},
          {"ears_mm", rounded(skin.ears)},
          {"old_outer_10_mm_kept", rounded(report.old_kept)},
          {"face_in_volume", rounded(skin.in_volume)},
          {"voxels_moved", report.filled.moved},
          {"voxels_mended", report.filled.skin},
          {"voxels_of_air", report.filled.air}};
}

Json registration_of(const volume::Registration& found) {
  return {
      {"score", rounded(found.score)},
      {"stretches", {rounded(found.stretches[0]), rounded(found.stretches[1]), rounded(found.stretches[2])}},
      {"starts_disagree_mm", rounded(found.disagreement)},
      {"brain_in_head", rounded(found.inside)}};
}

} // namespace

std::string to_json(const Report& report) {
  Json json{{"method", name_of(report.method)},
            {"kind", report.ct ? "ct" : "mr"},
            {"registration", registration_of(report.found)},
            {"brain",
             {{"ml", rounded(report.brain_ml)},
              {"voxels_kept", report.kept},
              {"sha256_before", report.hash_before},
              {"sha256_after", report.hash_after}}},
            {"voxels", report.voxels},
            {"voxels_changed", report.changed},
            {"voxels_changed_where_none_may", report.changed_behind}};
  if (gives_a_head(report.method))
    json["skin"] = skin_of(report);
  if (report.method == Method::random)
    json["recogniser"] = {{"candidates", report.candidates},
                          {"to_own", rounded(report.to_own)},
                          {"strangers_to_own", rounded(report.strangers)},
                          {"strangers", report.gallery},
                          {"own_found_first", false}};
  json["seconds"] = {{"study", rounded(report.seconds[0])},
                     {"choice", rounded(report.seconds[1])},
                     {"fill", rounded(report.seconds[2])},
                     {"proof", rounded(report.seconds[3])},
                     {"all", rounded(report.seconds[4])}};
  return json.dump() + "\n";
}

} // namespace deid::mriremodel
