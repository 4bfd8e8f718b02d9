#include "elements/identitymeter/networks.hpp"
#include "models/manifest/manifest.hpp"
#include <optional>

namespace deid::identitymeter {

namespace {

constexpr const char* descriptor_weights = "face_descriptor";
constexpr const char* mesh_weights = "face_landmark";

class RealNetworks final : public Networks {
public:
  explicit RealNetworks(bool mesh) {
    if (mesh)
      mesh_.emplace(models::locate(mesh_weights), models::SessionOptions{});
  }
  models::FaceMeshResult mesh(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) override {
    return mesh_.value().estimate(crop, crop_to_frame);
  }
  Descriptor describe(const cv::Mat& chip) override { return descriptor_.describe(chip); }

private:
  std::optional<models::FaceMesh> mesh_{};
  models::FaceDescriptor descriptor_{models::locate(descriptor_weights)};
};

ModelName name_of(const char* weights) {
  const models::Weight& weight = models::weight(weights);
  return {weight.name, weight.package, weight.sha256};
}

} // namespace

std::unique_ptr<Networks> real_networks(bool mesh) {
  return std::make_unique<RealNetworks>(mesh);
}

ModelName descriptor_model() {
  return name_of(descriptor_weights);
}

ModelName mesh_model() {
  return name_of(mesh_weights);
}

} // namespace deid::identitymeter
