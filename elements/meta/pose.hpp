#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deid {

/// The points of a list of keypoints, and their order. "left" is the person's left.
enum class KeypointSet : std::uint8_t {
  blazepose33, ///< MediaPipe's 33 body points
  coco17,      ///< COCO's 17
  openpose18,  ///< OpenPose's COCO model: COCO's 17 and the neck
  body25,      ///< OpenPose's BODY_25: with mid hip and six points of the feet
};
const char* to_string(KeypointSet set);
/// Throws std::invalid_argument on a name that to_string() does not return.
KeypointSet keypoint_set(std::string_view name);
/// Names of the points in order, e.g. "left_wrist".
std::span<const std::string_view> keypoint_names(KeypointSet set);
/// Returns the index in `set` of each of COCO's 17 points.
std::span<const int> coco17_indices(KeypointSet set);

/// One point. An absent point's x and y mean nothing.
struct Keypoint {
  float x = 0.F, y = 0.F; ///< px of the frame; may lie outside it
  float score = 0.F;      ///< [0..1] that the point is seen there
  bool present = false;
  bool operator==(const Keypoint&) const = default;
};

/// A hand's 21 points (MediaPipe's order: wrist; then thumb to little finger, each from root to tip).
struct Hand {
  static constexpr int point_count = 21;
  bool left = false; ///< it is the person's left hand
  float score = 0.F; ///< [0..1] that there is a hand
  std::vector<Keypoint> points{};
  bool operator==(const Hand&) const = default;
};

/// The network's segmentation of a person: 8 bit, 0 none .. 255 sure.
struct PersonMask {
  cv::Mat coverage{};          ///< CV_8UC1
  cv::Matx23f crop_to_frame{}; ///< maps a pixel of `coverage` to the frame
};

/// One person of one frame.
struct Person {
  std::uint32_t id = 0; ///< stable while the person stays; unique in the stream; > 0
  cv::Rect2f box{};     ///< px, axis-aligned around the present points; may reach outside the frame
  float score = 0.F;    ///< [0..1], mean score of the present points
  KeypointSet set = KeypointSet::blazepose33;
  std::vector<Keypoint> points{}; ///< as many as keypoint_names(set)
  std::vector<Hand> hands{};
  std::shared_ptr<const PersonMask>
      mask{}; ///< empty unless requested; shared: a mask is large and never changed
};

/// Before or after de-identification. One buffer can carry both.
enum class Stage : std::uint8_t { original, deidentified };
const char* to_string(Stage stage);

/// posedetect's result for one frame. A frame without people has one, too.
struct PoseFrame {
  int width = 0; ///< width, height: px of the frame that the points refer to
  int height = 0;
  Stage stage = Stage::original;
  std::vector<Person> people{};
  std::string detector{};  ///< the models and their hashes
  std::string smoothing{}; ///< "none", or the name of the filter that smoothed the points
};

/// Returns the person's points as another set. Neck and mid hip are the middle of their two points, present
/// only when both are. A point that the source lacks is absent.
std::vector<Keypoint> convert_points(const Person& person, KeypointSet to);

} // namespace deid
