#pragma once
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <vector>

namespace deid::models {

/// The 468-point face mesh (Kartynnik et al. 2019).
struct FaceMeshResult {
  std::vector<cv::Point3f>
      landmarks;        ///< 468 points, x and y in frame px, z in frame px relative to the head's centre
  float presence = 0.F; ///< [0..1] that the crop shows a face
};

/// Head angles in degrees: yaw > 0 turned to the person's left, pitch > 0 up, roll > 0 clockwise on screen.
struct HeadAngles {
  float yaw = 0.F, pitch = 0.F, roll = 0.F;
};

/// Input: RGB [0,1] crop around one face. Threads: one at a time.
class FaceMesh {
public:
  static constexpr int crop_size = 192;
  static constexpr int point_count = 468;
  /// Throws ModelError when the file is not this network.
  FaceMesh(const std::filesystem::path& model, const SessionOptions& options);
  ~FaceMesh();
  FaceMesh(FaceMesh&&) noexcept;

  /// crop: 192x192 RGB CV_8UC3 that `crop_to_frame` maps to the frame. Throws ModelError when the engine
  /// fails, cv::Exception on a crop of another size or type.
  [[nodiscard]] FaceMeshResult estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Returns the region for the next frame from this frame's landmarks, by MediaPipe's rule: 1.5 x the
/// landmarks' box, eyes level.
RotatedRoi mesh_roi(const FaceMeshResult& mesh);
/// Returns the head's angles; zeros when the landmarks are not finite or all in one place. Jaw, lips and
/// brows do not count.
HeadAngles head_angles(const FaceMeshResult& mesh);

} // namespace deid::models
