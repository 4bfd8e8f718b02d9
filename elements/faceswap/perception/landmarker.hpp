#pragma once
#include "models/facemesh/facemesh.hpp"
#include "models/session/session.hpp"
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid::faceswap {

/// Interface to the network that finds the landmarks of a result, so that tests need no network.
class Landmarker {
public:
  Landmarker() = default;
  Landmarker(const Landmarker&) = delete;
  Landmarker& operator=(const Landmarker&) = delete;
  virtual ~Landmarker() = default;
  /// Returns the 468 landmarks that are found near `about`, px of rgb, or nothing when no face is found. rgb:
  /// CV_8UC3. about: 468 landmarks of a face, px of rgb, finite.
  virtual std::optional<std::vector<cv::Point3f>> locate(const cv::Mat& rgb,
                                                         std::span<const cv::Point3f> about) = 0;
};

/// The face mesh that facedetect uses, in f32; one face takes about 1.3 ms of one core. Thread: one at a
/// time.
class MeshLandmarker final : public Landmarker {
public:
  /// Loads the network. Throws models::ModelError when the file is missing, damaged or not the file of the
  /// manifest.
  explicit MeshLandmarker(const models::SessionOptions& options = {});
  std::optional<std::vector<cv::Point3f>> locate(const cv::Mat& rgb,
                                                 std::span<const cv::Point3f> about) override;

private:
  models::FaceMesh network_;
};

} // namespace deid::faceswap
