#pragma once
#include "models/facemesh/facemesh.hpp"
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid::faceswap {

/// Sees where the features of a result are. A seam, so that what follows from it can be tested without a
/// network.
class Landmarker {
public:
  Landmarker() = default;
  Landmarker(const Landmarker&) = delete;
  Landmarker& operator=(const Landmarker&) = delete;
  virtual ~Landmarker() = default;
  /// rgb: CV_8UC3; about: 468 landmarks of a face in it, px, finite, where to look. The 468 points that are
  /// seen there, px of rgb, or nothing when no face is.
  virtual std::optional<std::vector<cv::Point3f>> locate(const cv::Mat& rgb,
                                                       std::span<const cv::Point3f> about) = 0;
};

/// The face mesh that facedetect uses, f32, about 1.3 ms of one core a face. Threads: one at a time.
class MeshLandmarker final : public Landmarker {
public:
  /// Loads the network. Throws models::ModelError when the file is missing, damaged or not the one of the
  /// manifest.
  MeshLandmarker();
  std::optional<std::vector<cv::Point3f>> locate(const cv::Mat& rgb,
                                               std::span<const cv::Point3f> about) override;

private:
  models::FaceMesh network_;
};

} // namespace deid::faceswap
