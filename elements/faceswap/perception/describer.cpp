#include "elements/faceswap/perception/describer.hpp"
#include "models/manifest/manifest.hpp"

namespace deid::faceswap {

void DlibDescriber::load() {
  if (network_)
    return;
  network_ = std::make_unique<models::FaceDescriptor>(models::locate("face_descriptor"), options_);
}

Descriptor DlibDescriber::describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  load();
  models::FaceMeshResult mesh;
  mesh.landmarks.assign(landmarks.begin(), landmarks.end());
  return network_->describe(models::face_chip(rgb, models::chip_points(mesh)));
}

bool SharedFaceRes::there() {
  return models::any_present({"faceres_graph", "faceres"});
}

void SharedFaceRes::load() {
  if (!network_)
    network_ = std::make_unique<models::FaceRes>(models::locate("faceres_graph"), models::locate("faceres"));
}

std::optional<models::FaceView> SharedFaceRes::see(const cv::Mat& rgb,
                                                   std::span<const cv::Point3f> landmarks) {
  load();
  return network_->see(models::faceres_crop(rgb, models::faceres_roi(landmarks)));
}

std::optional<FaceFeatures> FaceResJudge::describe(const cv::Mat& rgb,
                                                   std::span<const cv::Point3f> landmarks) {
  const auto seen = network_->see(rgb, landmarks);
  return seen ? std::optional(seen->features) : std::nullopt;
}

std::optional<Looks> FaceResLooks::look(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  const auto seen = network_->see(rgb, landmarks);
  return seen ? std::optional(seen->looks) : std::nullopt;
}

} // namespace deid::faceswap
