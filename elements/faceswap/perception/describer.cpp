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

bool FaceResJudge::there() {
  return models::any_present({"faceres_graph", "faceres"});
}

FaceResJudge::FaceResJudge() : network_(models::locate("faceres_graph"), models::locate("faceres")) {}

std::optional<FaceFeatures> FaceResJudge::describe(const cv::Mat& rgb,
                                                   std::span<const cv::Point3f> landmarks) {
  return network_.describe(models::faceres_crop(rgb, models::faceres_roi(landmarks)));
}

} // namespace deid::faceswap
