#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// COCO's keypoint files as values, in doubles, just as they stand in the file: what pycocotools sees.
namespace deid::coco {

constexpr std::size_t point_count = 17;
/// A coordinate so far away that its similarity is exactly 0: what stands for an absent point of a detection.
constexpr double far_away = std::numeric_limits<double>::infinity();

/// COCO's 17 points, in px of the image.
struct Points {
  std::array<double, point_count> x{}, y{};
  std::array<double, point_count>
      v{}; ///< truth: visibility, labelled when > 0; detection: confidence, unused
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
  bool empty = false;   ///< num_keypoints is 0: the person is ignored
  bool has_area = true; ///< false: the file gives none, `area` is 0
};

/// One entry of a results file.
struct Detection {
  std::int64_t id = 0; ///< 1.. in the order of the file
  std::int64_t image_id = 0;
  std::int64_t category_id = 1;
  Points points{};
  double area =
      0; ///< [px^2], by loadRes's rule; only decides whether an unmatched one counts in medium and large
  double score = 0;
};

struct GroundTruth {
  std::vector<std::int64_t> images{};     ///< as in the file; may repeat
  std::vector<std::int64_t> categories{}; ///< the same
  std::vector<Truth> annotations{};       ///< the same
};

/// Width times height of the box around all 17 points: what loadRes gives a detection without a box.
double extent(const Points& points);

/// Requires {"images": [{"id"}], "annotations": [{"id", "image_id", "category_id", "keypoints" (51 numbers),
/// "num_keypoints", "bbox" (when no point is labelled), "area" (optional here), "iscrowd" (optional)}],
/// "categories": [{"id"}]}; ids are whole numbers of 64 bits. Throws posefile::FileError.
GroundTruth read_ground_truth(const std::filesystem::path& file);
GroundTruth parse_ground_truth(std::string_view text, const std::string& name);

/// Requires [{"image_id", "category_id", "keypoints" (51 numbers), "score", "bbox" (optional)}]. Throws
/// posefile::FileError.
std::vector<Detection> read_detections(const std::filesystem::path& file);
std::vector<Detection> parse_detections(std::string_view text, const std::string& name);

} // namespace deid::coco
