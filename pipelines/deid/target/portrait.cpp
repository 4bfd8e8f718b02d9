#include "pipelines/deid/target/portrait.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/picture.hpp"
#include <algorithm>

namespace deid::cli {

namespace {

constexpr float threshold = .5F, sure = .5F;
constexpr float smallest_face = 48; // px
const cv::Size detector_input(640, 640), mesh_input(models::FaceMesh::crop_size, models::FaceMesh::crop_size);
const models::SessionOptions f32{.precision = models::Precision::f32};

} // namespace

PortraitReader::PortraitReader()
    : detector_(models::locate("centerface"), detector_input, f32),
      mesh_(models::locate("face_landmark"), f32), descriptor_(models::locate("face_descriptor")) {}

Portrait PortraitReader::read(const std::filesystem::path& file) {
  Portrait portrait{.name = file.filename().string(), .rgb = decode_picture(file)};
  auto faces = detector_.detect(portrait.rgb, threshold);
  std::ranges::sort(faces, std::greater{}, [](const auto& face) { return face.box.height; });
  if (faces.empty())
    throw Failure(file.string() + " shows no face.");
  if (faces.size() > 1 && faces[1].box.height > faces[0].box.height / 2)
    throw Failure(file.string() + " shows more than one face; cut out one of them.");
  const cv::Rect2f box = faces.front().box;
  if (box.height < smallest_face)
    throw Failure(file.string() + " shows a face only " + std::to_string(static_cast<int>(box.height)) +
                  " px high; a portrait needs 48.");
  const float side = 1.5F * std::max(box.width, box.height);
  portrait.mesh = settled(portrait.rgb, {(box.tl() + box.br()) / 2, {side, side}, 0});
  if (portrait.mesh.presence < sure)
    throw Failure(file.string() + " shows no frontal face that can be measured.");
  portrait.descriptor = describe(portrait.rgb, portrait.mesh);
  return portrait;
}

models::FaceMeshResult PortraitReader::settled(const cv::Mat& rgb, models::RotatedRoi roi) {
  models::FaceMeshResult mesh;
  for (int look = 0; look < 3; ++look) { // each pass begins at the last one's face
    const auto to_frame = models::crop_to_frame(roi, mesh_input);
    mesh = mesh_.estimate(models::crop_image(rgb, to_frame, mesh_input), to_frame);
    roi = models::mesh_roi(mesh);
  }
  return mesh;
}

models::FaceMeshResult PortraitReader::look_again(const cv::Mat& rgb, const std::vector<cv::Point3f>& about) {
  models::FaceMeshResult mesh = settled(rgb, models::mesh_roi({.landmarks = about, .presence = 1}));
  if (mesh.presence < sure)
    throw Failure("The mixture does not look like a face.");
  return mesh;
}

models::Descriptor PortraitReader::describe(const cv::Mat& rgb, const models::FaceMeshResult& mesh) {
  return descriptor_.describe(models::face_chip(rgb, models::chip_points(mesh)));
}

std::optional<models::FaceView> PortraitReader::view(const cv::Mat& rgb, const models::FaceMeshResult& mesh) {
  if (!models::any_present({"faceres_graph", "faceres"}))
    return {};
  if (!faceres_)
    faceres_.emplace(models::locate("faceres_graph"), models::locate("faceres"), f32);
  return faceres_->see(models::faceres_crop(rgb, models::faceres_roi(mesh.landmarks)));
}

std::optional<models::Looks> PortraitReader::look(const cv::Mat& rgb, const models::FaceMeshResult& mesh) {
  const auto seen = view(rgb, mesh);
  return seen ? std::optional(seen->looks) : std::nullopt;
}

std::optional<models::FaceFeatures> PortraitReader::features(const cv::Mat& rgb,
                                                             const models::FaceMeshResult& mesh) {
  const auto seen = view(rgb, mesh);
  return seen ? std::optional(seen->features) : std::nullopt;
}

} // namespace deid::cli
