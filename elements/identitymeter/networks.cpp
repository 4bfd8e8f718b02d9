#include "elements/identitymeter/networks.hpp"
#include "models/manifest/manifest.hpp"

namespace deid::identitymeter {

namespace {

constexpr const char* descriptor_weights = "face_descriptor";
constexpr const char* mesh_weights = "face_landmark";
constexpr const char *second_graph = "faceres_graph", *second_weights = "faceres";

class RealNetworks final : public Networks {
public:
  RealNetworks(bool mesh, bool second) {
    if (mesh)
      mesh_.emplace(models::locate(mesh_weights), models::SessionOptions{});
    if (second && models::any_present({second_graph, second_weights}))
      second_.emplace(models::locate(second_graph), models::locate(second_weights));
  }
  models::FaceMeshResult mesh(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) override {
    return mesh_.value().estimate(crop, crop_to_frame);
  }
  Descriptor describe(const cv::Mat& chip) override { return descriptor_.describe(chip); }
  [[nodiscard]] bool has_second() const override { return second_.has_value(); }
  std::optional<models::FaceFeatures> describe_again(const cv::Mat& crop) override {
    return second_ ? second_->describe(crop) : std::nullopt;
  }

private:
  std::optional<models::FaceMesh> mesh_{};
  std::optional<models::FaceRes> second_{};
  models::FaceDescriptor descriptor_{models::locate(descriptor_weights)};
};

ModelName name_of(const char* weights) {
  const models::Weight& weight = models::weight(weights);
  return {weight.name, weight.package, weight.sha256};
}

} // namespace

std::unique_ptr<Networks> real_networks(bool mesh, bool second) {
  return std::make_unique<RealNetworks>(mesh, second);
}

ModelName descriptor_model() {
  return name_of(descriptor_weights);
}

ModelName second_model() {
  return name_of(second_weights);
}

ModelName mesh_model() {
  return name_of(mesh_weights);
}

} // namespace deid::identitymeter
