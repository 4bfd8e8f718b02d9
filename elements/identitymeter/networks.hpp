#pragma once
#include "models/descriptor/descriptor.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/faceres/faceres.hpp"
#include <memory>
#include <optional>
#include <string>

namespace deid::identitymeter {

using models::Descriptor;

/// The networks that a measurement needs. An interface, so that tests can replace them. Threads: one at a
/// time.
class Networks {
public:
  Networks() = default;
  Networks(const Networks&) = delete;
  Networks& operator=(const Networks&) = delete;
  virtual ~Networks() = default;
  /// crop: 192x192 RGB that crop_to_frame maps to the frame.
  virtual models::FaceMeshResult mesh(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) = 0;
  /// chip: 150x150 RGB.
  virtual Descriptor describe(const cv::Mat& chip) = 0;
  /// Returns whether there is a second judge.
  [[nodiscard]] virtual bool has_second() const { return false; }
  /// crop: 224x224 RGB, see models::faceres_roi(). Returns what the second judge says; nothing without one.
  virtual std::optional<models::FaceFeatures> describe_again(const cv::Mat& /*crop*/) { return {}; }
};

/// Returns dlib's recognition network, with `mesh` MediaPipe's face mesh, and with `second` FaceRes, unless
/// set-up left it out. All compute in f32, because they measure, in one thread. Throws models::ModelError
/// when a file is missing, damaged or not the manifest's.
std::unique_ptr<Networks> real_networks(bool mesh = true, bool second = true);

/// The model that computes the descriptors, for reports.
struct ModelName {
  std::string name{}, package{}, sha256{};
};
ModelName descriptor_model();
ModelName mesh_model();
ModelName second_model();

} // namespace deid::identitymeter
