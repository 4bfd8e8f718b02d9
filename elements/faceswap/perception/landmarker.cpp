#include "elements/faceswap/perception/landmarker.hpp"
#include "elements/faceswap/perception/tuning.hpp"
#include "models/manifest/manifest.hpp"

namespace deid::faceswap {

namespace {

const cv::Size input(models::FaceMesh::crop_size, models::FaceMesh::crop_size);

} // namespace

MeshLandmarker::MeshLandmarker(const models::SessionOptions& options)
    : network_(models::locate("face_landmark"), options) {}

std::optional<std::vector<cv::Point3f>> MeshLandmarker::locate(const cv::Mat& rgb,
                                                               std::span<const cv::Point3f> about) {
  models::FaceMeshResult mesh;
  mesh.landmarks.assign(about.begin(), about.end());
  const cv::Matx23f to_picture = models::crop_to_frame(models::mesh_roi(mesh), input);
  mesh = network_.estimate(models::crop_image(rgb, to_picture, input), to_picture);
  if (mesh.presence < tuning::networks::face_presence)
    return {};
  return std::move(mesh.landmarks);
}

} // namespace deid::faceswap
