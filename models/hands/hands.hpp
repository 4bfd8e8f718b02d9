#pragma once
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <array>
#include <memory>
#include <vector>

namespace deid::models {

/// A palm that the detector found, in px of the detector's image. score [0..1]. keypoints: wrist, roots of
/// index, middle, ring and little finger, the thumb's two lower joints.
struct PalmDetection {
  static constexpr std::size_t keypoint_count = 7;
  cv::Rect2f box{};
  float score = 0.F;
  std::array<cv::Point2f, keypoint_count> keypoints{};
};

/// MediaPipe's palm detector (Zhang et al. 2020, "MediaPipe Hands"), palm_detection_full: 192x192 RGB [0,1],
/// 2016 anchors (strides 8, 16, 16, 16). Threads: one at a time.
class PalmDetector {
public:
  static constexpr int input_size = 192;
  /// Throws ModelError when the file is not this network.
  PalmDetector(const std::filesystem::path& model, const SessionOptions& options);
  ~PalmDetector();
  PalmDetector(PalmDetector&&) noexcept;

  /// rgb: CV_8UC3 of any size, letterboxed inside. Returns palms with score >= threshold [0..1] (MediaPipe:
  /// .5), best first, after weighted non-maximum suppression at IoU .3. An empty image has none. Throws
  /// ModelError when the engine fails or gives values that are not finite.
  [[nodiscard]] std::vector<PalmDetection> detect(const cv::Mat& rgb, float threshold);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The 21 points of one hand: wrist; then thumb, index, middle, ring and little finger, each from root to
/// tip.
struct HandResult {
  std::vector<cv::Point3f> points{}; ///< x and y in frame px, z in frame px relative to the wrist
  float presence = 0.F;              ///< [0..1] that the crop shows a hand (MediaPipe requires > .5)
  float left = 0.F;                  ///< [0..1] that it is a left hand, in a picture that is not mirrored
};

/// MediaPipe's hand landmark network, hand_landmark_full: 224x224 RGB [0,1]. Threads: one at a time.
class HandLandmarks {
public:
  static constexpr int crop_size = 224;
  static constexpr std::size_t point_count = 21;
  /// Throws ModelError when the file is not this network.
  HandLandmarks(const std::filesystem::path& model, const SessionOptions& options);
  ~HandLandmarks();
  HandLandmarks(HandLandmarks&&) noexcept;

  /// crop: 224x224 RGB CV_8UC3 that `crop_to_frame` maps to the frame, see hand_crop(). Throws ModelError
  /// when the engine fails or gives values that are not finite, cv::Exception on a crop of another size or
  /// type.
  [[nodiscard]] HandResult estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Cuts the landmark crop as MediaPipe's CPU graph does: bilinear without averaging, pixels counted by their
/// corner, the frame's edge repeated outside. rgb: CV_8UC3, not empty.
[[nodiscard]] cv::Mat hand_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame);

// The square for the landmark network, by MediaPipe's rules. The fingers point up in it.

/// From a palm (PalmDetectionDetectionToRoi): 2.6 x the box, moved by half a box towards the fingers, rotated
/// along the line from the wrist to the root of the middle finger.
[[nodiscard]] RotatedRoi hand_roi(const PalmDetection& palm);

/// From the landmarks of the previous frame (HandLandmarkLandmarksToRoi): 2 x the rotated box around the palm
/// and the lower joints of thumb and fingers, moved by a tenth towards the fingers. points: 21, else
/// cv::Exception.
[[nodiscard]] RotatedRoi hand_roi(const std::vector<cv::Point3f>& points);

/// From body points in frame px (holistic tracking, HandDetectionsFromPoseToRectsCalculator). The centre is
/// the estimated root of the middle finger. The side is 2 x its distance from the wrist, times 2.7, moved by
/// a tenth towards the fingers. BlazePose's `index` and `little` are the roots of those fingers.
[[nodiscard]] RotatedRoi hand_roi(cv::Point2f wrist, cv::Point2f index, cv::Point2f little);

/// The same for bodies without hand points (COCO, OpenPose): the hand continues the forearm. The distance
/// from the wrist to the root of the middle finger is a third of the forearm (Winter, Biomechanics, table
/// 4.1: hand .108 of the body's height to the fingertip, forearm .146; the palm is half of the hand, a little
/// foreshortened).
[[nodiscard]] RotatedRoi hand_roi(cv::Point2f elbow, cv::Point2f wrist);

} // namespace deid::models
