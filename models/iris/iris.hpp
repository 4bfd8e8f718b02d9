#pragma once
#include "models/facemesh/facemesh.hpp"

namespace deid::models {

/// A refined eye in frame px (z as in the mesh). contour: 71 points, 0-15 the eye's rim, the rest around it
/// and on the brow. iris: centre, then right, top, left, bottom as seen in the picture of an upright face.
struct EyeResult {
  std::vector<cv::Point3f> contour;
  std::array<cv::Point3f, 5> iris{};
};

/// MediaPipe's iris network (Ablavatski et al. 2020). It knows the person's right eye; left eyes are mirrored
/// before and after. Threads: one at a time.
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

/// Returns the region of the 64x64 crop by MediaPipe's rule: 2.3 x the eye's longer side, its corners level.
/// side: the person's.
RotatedRoi eye_roi(const FaceMeshResult& mesh, Iris::Side side);

} // namespace deid::models
