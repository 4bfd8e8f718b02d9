#pragma once
#include "models/facemesh/facemesh.hpp"

namespace deid::models {

/// Refined eye: 71 contour points (eye and brow) and 5 iris points (centre, then right, top, left, bottom), frame px.
struct EyeResult {
  std::vector<cv::Point3f> contour;
  std::array<cv::Point3f, 5> iris{};
};

/// MediaPipe iris (Ablavatski et al. 2020). The network knows left eyes; right eyes are mirrored in and out.
class Iris {
public:
  static constexpr int crop_size = 64;
  enum class Side { left, right };
  Iris(const std::filesystem::path& model, const SessionOptions& options);
  ~Iris();
  Iris(Iris&&) noexcept;

  /// crop: 64x64 RGB CV_8UC3 that `crop_to_frame` maps to the frame (see eye_roi).
  [[nodiscard]] EyeResult estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame, Side side);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

RotatedRoi eye_roi(const FaceMeshResult& mesh, Iris::Side side);

} // namespace deid::models
