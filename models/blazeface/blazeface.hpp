#pragma once
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <array>
#include <vector>

namespace deid::models {

/// One face that a detector found, in px of the detector's image.
/// box: eyebrows to chin; score: [0..1].
/// keypoints: right eye, left eye, nose tip, mouth centre, then two that depend on the detector. BlazeFace:
/// right and left ear tragion. CenterFace: right and left mouth corner; its mouth centre is the middle of the
/// corners.
/// "right" is the person's right.
struct FaceDetection {
  cv::Rect2f box{};
  float score = 0.F;
  std::array<cv::Point2f, 6> keypoints{};
};

/// MediaPipe's BlazeFace (Bazarevsky et al. 2019). Short range: 128x128, faces within about 2 m. Full range
/// sparse: 192x192. Input: RGB CV_8UC3 of any size, letterboxed inside. Threads: one at a time.
class BlazeFace {
public:
  enum class Range { short_range, full_range };
  /// Throws ModelError when the file is not this network.
  BlazeFace(const std::filesystem::path& model, Range range, const SessionOptions& options);
  ~BlazeFace();
  BlazeFace(BlazeFace&&) noexcept;

  /// Returns faces with score >= threshold [0..1], best first, after MediaPipe's weighted non-maximum
  /// suppression. A lower threshold lets weaker anchors into a face's mean, which moves its box a little.
  /// MediaPipe uses .5 (short range) and .6 (full range). An empty image has no faces. Throws ModelError when
  /// the engine fails.
  [[nodiscard]] std::vector<FaceDetection> detect(const cv::Mat& rgb, float threshold);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the region of the 192x192 mesh crop for a detection, by MediaPipe's rule: 1.5 x the box, rotated
/// so that the eyes are level.
RotatedRoi mesh_roi(const FaceDetection& detection);

} // namespace deid::models
