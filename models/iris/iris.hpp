#pragma once
#include "models/facemesh/facemesh.hpp"

namespace deid::models {

/// Refined eye, frame px (z as in the mesh): 71 contour points (0-15 the eye's rim, the rest around it and
/// the brow) and 5 iris points: centre, then right, top, left, bottom as the picture shows an upright face.
struct EyeResult {
  std::vector<cv::Point3f> contour;
  std::array<cv::Point3f, 5> iris{};
};

/// MediaPipe iris (Ablavatski et al. 2020). The network knows the person's right eye; left eyes are mirrored
/// in and out. Threads: one at a time.
class Iris {
public:
  static constexpr int crop_size = 64;
  enum class Side { left, right };
  /// Throws ModelError when the file is not this network.
  Iris(const std::filesystem::path& model, const SessionOptions& options);
  ~Iris();
  Iris(Iris&&) noexcept;

  /// crop: 64x64 RGB CV_8UC3 that `crop_to_frame` maps to the frame (see eye_roi). Throws ModelError when the
  /// engine fails, cv::Exception on a crop of another size or type.
  [[nodiscard]] EyeResult estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame, Side side);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Where to put the 64x64 crop: MediaPipe's rule (2.3 x the eye's longer side, its corners level). Side: the
/// person's.
RotatedRoi eye_roi(const FaceMeshResult& mesh, Iris::Side side);

} // namespace deid::models
