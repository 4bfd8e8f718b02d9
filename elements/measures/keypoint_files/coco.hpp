#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// COCO's keypoint files as values. All numbers are doubles, exactly as in the file and in pycocotools.
namespace deid::coco {

constexpr std::size_t point_count = 17;
/// Coordinate of an absent point of a detection. Its similarity is exactly 0.
constexpr double far_away = std::numeric_limits<double>::infinity();

/// COCO's 17 points, in px of the image.
struct Points {
  std::array<double, point_count> x{}, y{};
  std::array<double, point_count>
      v{}; ///< of a truth: visibility, labelled when > 0; of a detection: confidence, not used
};

/// left, top, width, height [px]
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

/// One annotation of a ground-truth file.
struct Truth {
  std::int64_t id = 0; ///< not 0: pycocotools takes a match with id 0 for none
  std::int64_t image_id = 0;
  std::int64_t category_id = 1;
  Points points{};
  Box box{};       ///< only used when no point is labelled
  double area = 0; ///< [px^2], s^2 of the paper's formula
  bool crowd = false;
  bool empty = false;   ///< num_keypoints is 0; the person is ignored
  bool has_area = true; ///< false: the file has no area, and `area` is 0
};

/// One entry of a results file.
struct Detection {
  std::int64_t id = 0; ///< position in the file, from 1
  std::int64_t image_id = 0;
  std::int64_t category_id = 1;
  Points points{};
  double area = 0; ///< [px^2], by the rule of loadRes; decides whether an unmatched detection counts in
                   ///< medium and large
  double score = 0;
};

struct GroundTruth {
  std::vector<std::int64_t> images{};     ///< as in the file; an id may occur twice
  std::vector<std::int64_t> categories{}; ///< the same
  std::vector<Truth> annotations{};       ///< the same
};

/// Area of the box around all 17 points. loadRes gives it to a detection without a box.
double extent(const Points& points);

/// Requires {"images": [{"id"}], "annotations": [{"id", "image_id", "category_id", "keypoints" (51 numbers),
/// "num_keypoints", "bbox" (when no point is labelled), "area" (optional here), "iscrowd" (optional)}],
/// "categories": [{"id"}]}; ids are whole numbers of 64 bits. Throws keypoint_files::FileError.
GroundTruth parse_ground_truth(std::string_view text, const std::string& name);

/// Requires [{"image_id", "category_id", "keypoints" (51 numbers), "score", "bbox" (optional)}]. Throws
/// keypoint_files::FileError.
std::vector<Detection> parse_detections(std::string_view text, const std::string& name);

} // namespace deid::coco
