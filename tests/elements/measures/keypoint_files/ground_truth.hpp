#pragma once
#include "elements/measures/keypoint_files/coco.hpp"
#include <nlohmann/json.hpp>

namespace deid::test {

/// A ground-truth file as pycocotools takes it, without what nobody here reads.
inline nlohmann::json ground_truth_json(const coco::GroundTruth& truth) {
  using nlohmann::json;
  json all = {{"images", json::array()}, {"annotations", json::array()}, {"categories", json::array()}};
  for (const std::int64_t image : truth.images)
    all["images"].push_back({{"id", image}});
  for (const std::int64_t category : truth.categories)
    all["categories"].push_back({{"id", category}});
  for (const coco::Truth& one : truth.annotations) {
    json points = json::array();
    int labelled = 0;
    for (std::size_t i = 0; i < coco::point_count; ++i) {
      points.insert(points.end(), {one.points.x[i], one.points.y[i], one.points.v[i]});
      labelled += one.points.v[i] > 0 ? 1 : 0;
    }
    all["annotations"].push_back({{"id", one.id},
                                  {"image_id", one.image_id},
                                  {"category_id", one.category_id},
                                  {"iscrowd", one.crowd ? 1 : 0},
                                  {"keypoints", points},
                                  {"num_keypoints", one.empty ? 0 : labelled},
                                  {"area", one.area},
                                  {"bbox", {one.box.x, one.box.y, one.box.width, one.box.height}}});
  }
  return all;
}

} // namespace deid::test
