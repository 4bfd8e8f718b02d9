#pragma once
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <array>
#include <memory>
#include <vector>

namespace deid::models {

/// A person that BlazePose's detector found, in px of the detector's image. box: the head. keypoints: middle
/// of the hips, a point on the circle around the whole body, middle of the shoulders, a point on the circle
/// around the upper body. score [0..1].
struct PoseDetection {
  cv::Rect2f box{};
  float score = 0.F;
  std::array<cv::Point2f, 4> keypoints{};
};

/// BlazePose's detector (Bazarevsky et al. 2020), 224x224, for people within about 4 m. It follows
/// MediaPipe's pose_detection graph: 2254 anchors (strides 8, 16, 32, 32, 32). Threads: one at a time.
class PoseDetector {
public:
  static constexpr int input_size = 224;
  /// Throws ModelError when the file is not this network.
  PoseDetector(const std::filesystem::path& model, const SessionOptions& options);
  ~PoseDetector();
  PoseDetector(PoseDetector&&) noexcept;

  /// rgb: CV_8UC3 of any size, letterboxed inside. Returns people with score >= threshold [0..1] (MediaPipe:
  /// .5), best first. An empty image has nobody. Throws ModelError when the engine fails.
  [[nodiscard]] std::vector<PoseDetection> detect(const cv::Mat& rgb, float threshold);
  /// The same for a 224x224 crop. `to_image` maps the crop to the image, with uniform scale and without
  /// rotation.
  [[nodiscard]] std::vector<PoseDetection> detect_crop(const cv::Mat& crop, const cv::Matx23f& to_image,
                                                       float threshold);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One body point. at: x and y in frame px; z in frame px relative to the middle of the hips, negative
/// towards the camera. visibility [0..1]: in the frame and not hidden. presence [0..1]: in the frame.
struct PosePoint {
  cv::Point3f at{};
  float visibility = 0.F;
  float presence = 0.F;
};

/// The landmark network's result for one crop.
struct PoseResult {
  std::vector<PosePoint> points{};        ///< 33, in MediaPipe's order
  std::array<cv::Point2f, 2> alignment{}; ///< frame px: centre of the next crop, and a point on its circle
  float presence = 0.F;                   ///< [0..1] that the crop shows a person (MediaPipe requires > .5)
  cv::Matx23f to_frame{};                 ///< from crop px to frame px, as given to estimate()
  cv::Mat mask{}; ///< 256x256 CV_8UC1 in crop px, 0 background .. 255 person; empty unless requested
};

/// BlazePose's landmark networks, full and heavy: the same shapes with different weights. Threads: one at a
/// time.
class PoseLandmarks {
public:
  static constexpr int crop_size = 256;
  static constexpr int point_count = 33;
  /// Throws ModelError when the file is not this network.
  PoseLandmarks(const std::filesystem::path& model, const SessionOptions& options);
  ~PoseLandmarks();
  PoseLandmarks(PoseLandmarks&&) noexcept;

  /// crop: 256x256 RGB CV_8UC3 that `crop_to_frame` maps to the frame. The heat map refines the points
  /// (MediaPipe's RefineLandmarksFromHeatmapCalculator, 9x9 cells, from confidence .5). Throws ModelError
  /// when the engine fails, cv::Exception on a crop of another size or type.
  [[nodiscard]] PoseResult estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame, bool mask);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the square for the landmark network by MediaPipe's rule (AlignmentPointsRectsCalculator, scale
/// 1.25): centred at `centre`, reaching 1.25 x as far as `on_circle`, rotated so that `on_circle` is straight
/// above.
[[nodiscard]] RotatedRoi pose_roi(cv::Point2f centre, cv::Point2f on_circle);
[[nodiscard]] RotatedRoi pose_roi(const PoseDetection& detection);

/// Cuts the landmark crop as MediaPipe's CPU graph does: bilinear without averaging, pixels counted by their
/// corner, the frame's edge repeated outside. rgb: CV_8UC3, not empty.
[[nodiscard]] cv::Mat pose_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame);

} // namespace deid::models
