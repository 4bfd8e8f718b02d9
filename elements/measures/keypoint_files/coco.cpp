#include "elements/measures/keypoint_files/coco.hpp"
#include "elements/measures/keypoint_files/coco_values.hpp"
#include <algorithm>

namespace deid::coco {

using keypoint_files::Document;
using keypoint_files::Members;
using keypoint_files::Place;
using keypoint_files::Value;

namespace {

/// Exactly `count` numbers into `take(index, number)`.
template <class Take> void numbers(const Value& list, std::size_t count, Take&& take) {
  const simdjson::dom::array array = list.array();
  std::size_t i = 0;
  for (const simdjson::dom::element element : array) {
    if (i < count) {
      const Place place = list.place().item(i);
      take(i, Value(element, place).number());
    }
    ++i;
  }
  if (i != count)
    list.place().refuse("holds " + std::to_string(i) + " numbers instead of " + std::to_string(count));
}

Points points_of(const Value& list) {
  Points points;
  numbers(list, 3 * point_count, [&](std::size_t i, double number) {
    (i % 3 == 0 ? points.x : i % 3 == 1 ? points.y : points.v)[i / 3] = number;
  });
  return points;
}

Box box_of(const Value& list) {
  std::array<double, 4> box{};
  numbers(list, 4, [&](std::size_t i, double number) { box[i] = number; });
  return {box[0], box[1], box[2], box[3]};
}

bool labelled(const Points& points) {
  return std::ranges::any_of(points.v, [](double v) { return v > 0; });
}

Truth truth_of(const Value& value) {
  enum { id, image, category, keypoints, count, box, area, crowd };
  static constexpr Members<8>::Names names{"id",   "image_id", "category_id", "keypoints", "num_keypoints",
                                           "bbox", "area",     "iscrowd"};
  const Members<8> members(value, names);
  Truth truth;
  truth.id = members.integer(id);
  truth.image_id = members.integer(image);
  truth.category_id = members.integer(category);
  truth.points = points_of(members.get(keypoints, members.place(keypoints)));
  truth.empty = members.number(count) == 0;
  if (members.has(box) || !labelled(truth.points))
    truth.box = box_of(members.get(box, members.place(box)));
  truth.has_area = members.has(area);
  if (truth.has_area)
    truth.area = members.number(area);
  if (truth.area < 0)
    members.place(area).refuse("is negative");
  truth.crowd = members.has(crowd) && members.get(crowd, members.place(crowd)).flag();
  return truth;
}

std::vector<std::int64_t> ids_of(const Value& list) {
  static constexpr Members<1>::Names names{"id"};
  std::vector<std::int64_t> ids;
  for (const simdjson::dom::element element : list.array()) {
    const Place place = list.place().item(ids.size());
    ids.push_back(Members<1>(Value(element, place), names).integer(0));
  }
  return ids;
}

/// loadRes: whether the first entry has a box decides for all.
enum class AreaFrom { unknown, box, points };

Detection detection_of(const Value& value, AreaFrom& area) {
  enum { image, category, keypoints, score, box, segmentation, caption };
  static constexpr Members<7>::Names names{"image_id", "category_id",  "keypoints", "score",
                                           "bbox",     "segmentation", "caption"};
  const Members<7> members(value, names);
  const Place box_place = members.place(box);
  if (area == AreaFrom::unknown) {
    const bool has_box = members.has(box) && members.get(box, box_place).array().size() != 0;
    area = has_box ? AreaFrom::box : AreaFrom::points;
    // pycocotools would take these for results of another kind
    for (const int other : {segmentation, caption})
      if (members.has(other) && (other == caption || !has_box))
        members.place(other).refuse("makes this no file of keypoint results");
  }
  Detection detection;
  detection.image_id = members.integer(image);
  detection.category_id = members.integer(category);
  detection.points = points_of(members.get(keypoints, members.place(keypoints)));
  detection.score = members.number(score);
  if (area == AreaFrom::box) {
    const Box given = box_of(members.get(box, box_place));
    detection.area = given.width * given.height;
  } else {
    detection.area = extent(detection.points);
  }
  return detection;
}

} // namespace

double extent(const Points& points) {
  const auto [left, right] = std::ranges::minmax(points.x);
  const auto [top, bottom] = std::ranges::minmax(points.y);
  return (right - left) * (bottom - top);
}

GroundTruth ground_truth_of(const Value& root) {
  enum { images, annotations, categories };
  static constexpr Members<3>::Names names{"images", "annotations", "categories"};
  const Members<3> members(root, names);
  const Place images_place = members.place(images), annotations_place = members.place(annotations),
              categories_place = members.place(categories);
  GroundTruth truth{.images = ids_of(members.get(images, images_place)),
                    .categories = ids_of(members.get(categories, categories_place))};
  const simdjson::dom::array list = members.get(annotations, annotations_place).array();
  truth.annotations.reserve(list.size());
  for (const simdjson::dom::element element : list) {
    const Place place = annotations_place.item(truth.annotations.size());
    truth.annotations.push_back(truth_of(Value(element, place)));
  }
  return truth;
}

std::vector<Detection> detections_of(const Value& root) {
  const simdjson::dom::array list = root.array();
  std::vector<Detection> detections;
  detections.reserve(list.size());
  AreaFrom area = AreaFrom::unknown;
  for (const simdjson::dom::element element : list) {
    const Place place = root.place().item(detections.size());
    detections.push_back(detection_of(Value(element, place), area));
    detections.back().id = static_cast<std::int64_t>(detections.size());
  }
  return detections;
}

GroundTruth parse_ground_truth(std::string_view text, const std::string& name) {
  Document document(text, name);
  const Place root(document.name());
  return ground_truth_of({document.parse(), root});
}

std::vector<Detection> parse_detections(std::string_view text, const std::string& name) {
  Document document(text, name);
  const Place root(document.name());
  return detections_of({document.parse(), root});
}

} // namespace deid::coco
