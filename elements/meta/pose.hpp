#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deid {

/// Which points a list of keypoints holds, and in which order. "left" is the person's left.
enum class KeypointSet : std::uint8_t {
  blazepose33, ///< MediaPipe's 33 body points
  coco17,      ///< COCO's 17
  openpose18,  ///< OpenPose's COCO model: COCO's 17 and the neck
  body25,      ///< OpenPose's BODY_25: with mid hip and six points of the feet
};
const char* to_string(KeypointSet set);
/// Throws std::invalid_argument on a name to_string() does not give.
KeypointSet keypoint_set(std::string_view name);
/// Names of the points in order, e.g. "left_wrist".
std::span<const std::string_view> keypoint_names(KeypointSet set);
/// For each of COCO's 17 points its index in `set`.
std::span<const int> coco17_indices(KeypointSet set);

/// One point. An absent point is absent: its x and y mean nothing, least of all (0, 0).
struct Keypoint {
  float x = 0.F, y = 0.F; ///< px of the frame; may lie outside it
  float score = 0.F;      ///< [0..1], how sure the network is that the point is seen there
  bool present = false;
  bool operator==(const Keypoint&) const = default;
};

/// A hand's 21 points (MediaPipe's order: wrist, then thumb to little finger, root to tip).
struct Hand {
  static constexpr int point_count = 21;
  bool left = false; ///< the person's left
  float score = 0.F; ///< [0..1] that there is a hand
  std::vector<Keypoint> points{};
  bool operator==(const Hand&) const = default;
};

/// Where the person is, as the network saw it: 8 bit, 0 none .. 255 sure.
struct PersonMask {
  cv::Mat coverage{};          ///< CV_8UC1
  cv::Matx23f crop_to_frame{}; ///< takes a pixel of `coverage` to the frame
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
      mask{}; ///< shared: a mask is large and never changed; none when not asked for
};

/// Before or after de-identification: one buffer can carry both.
enum class Stage : std::uint8_t { original, deidentified };
const char* to_string(Stage stage);

/// What posedetect says of one frame. A frame with nobody in it still has one.
struct PoseFrame {
  int width = 0; ///< px of the frame the points refer to
  int height = 0;
  Stage stage = Stage::original;
  std::vector<Person> people{};
  std::string detector{};  ///< the models and their hashes
  std::string smoothing{}; ///< "none", or which filter the points went through: a reader must be told
};

/// The person's points as another set. Neck and mid hip are the middle of their two points, present only when
/// both are; a point the source does not have is absent. The box stays.
std::vector<Keypoint> convert_points(const Person& person, KeypointSet to);

} // namespace deid
