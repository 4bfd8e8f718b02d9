#include "elements/identitymeter/look.hpp"
#include "elements/identitymeter/second.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace deid::identitymeter {

namespace {

constexpr int chip_size = models::FaceDescriptor::chip_size;
constexpr std::size_t chip_bytes = 3UL * chip_size * chip_size;
constexpr float least_presence = .5F; ///< of the mesh; MediaPipe's limit
constexpr float roi_growth = 1.5F;    ///< MediaPipe's region is 1.5 times the face
constexpr float most_apart = .5F;     ///< of the face's size; a mesh farther away is another face
constexpr float most_larger = 2.F;    ///< the mesh may be this many times larger or smaller than the face

cv::Point2f middle(const cv::Rect2f& box) {
  return (box.tl() + box.br()) / 2;
}

cv::Rect2f box_of(const std::vector<cv::Point3f>& mesh) {
  const auto [left, right] = std::ranges::minmax(mesh, {}, &cv::Point3f::x);
  const auto [top, bottom] = std::ranges::minmax(mesh, {}, &cv::Point3f::y);
  return {left.x, top.y, right.x - left.x, bottom.y - top.y};
}

bool there(const cv::Rect2f& found, const OriginalFace& face) {
  const float side = std::max(1.F, face.side / roi_growth);
  const cv::Point2f off = middle(found) - face.centre;
  const float ratio = std::max(found.width, found.height) / side;
  return std::hypot(off.x, off.y) <= most_apart * side && ratio <= most_larger && ratio >= 1 / most_larger;
}

OriginalFace place_of(const FaceRegion& region) {
  OriginalFace face;
  face.id = region.id;
  face.box = region.box;
  if (region.landmarks.size() == models::FaceMesh::point_count) {
    models::FaceMeshResult mesh;
    mesh.landmarks = region.landmarks;
    const models::RotatedRoi roi = models::mesh_roi(mesh);
    face.centre = roi.center;
    face.side = roi.size.width;
    face.turn = roi.rotation;
    face.points = models::chip_points(mesh);
  } else {
    face.centre = middle(region.box);
    face.side = roi_growth * std::max(region.box.width, region.box.height);
  }
  return face;
}

bool is_finite(const OriginalFace& face) {
  for (const float value : {face.centre.x, face.centre.y, face.side, face.turn})
    if (!std::isfinite(value))
      return false;
  return face.side > 0;
}

void wipe(cv::Mat& picture) {
  if (!picture.empty() && picture.isContinuous())
    explicit_bzero(picture.data, picture.total() * picture.elemSize());
}

} // namespace

OriginalFaces left_out(const video::FrameView& frame, std::uint64_t number) {
  return {frame.width, frame.height, number, false, {}};
}

OriginalFaces take_originals(const video::FrameView& frame, std::span<const FaceRegion> faces,
                             std::uint64_t number, Networks& networks) {
  OriginalFaces taken{frame.width, frame.height, number, true, {}};
  for (const FaceRegion& region : faces) {
    OriginalFace& face = taken.faces.emplace_back(place_of(region));
    const SecretBytes chip = face.points ? cut_chip(frame, *face.points) : SecretBytes();
    if (chip.empty()) {
      face.points.reset();
      continue;
    }
    const Descriptor descriptor = networks.describe(picture_of(chip));
    face.descriptor.assign(descriptor.begin(), descriptor.end());
    add_second(frame, region.landmarks, networks, face);
  }
  return taken;
}

std::optional<models::FaceMeshResult> find_mesh(const video::FrameView& frame, const OriginalFace& face,
                                                Networks& networks) {
  if (!is_finite(face))
    return {};
  const cv::Size size(models::FaceMesh::crop_size, models::FaceMesh::crop_size);
  const cv::Matx23f to_frame = models::crop_to_frame({face.centre, {face.side, face.side}, face.turn}, size);
  models::FaceMeshResult mesh = networks.mesh(video::crop_rgb(frame, to_frame, size), to_frame);
  if (!(mesh.presence >= least_presence) || mesh.landmarks.size() != models::FaceMesh::point_count ||
      !there(box_of(mesh.landmarks), face))
    return {};
  return mesh;
}

std::optional<Points> find_points(const video::FrameView& frame, const OriginalFace& face,
                                  Networks& networks) {
  const auto mesh = find_mesh(frame, face, networks);
  return mesh ? std::optional(models::chip_points(*mesh)) : std::nullopt;
}

SecretBytes cut_chip(const video::FrameView& frame, const Points& points) {
  try {
    const cv::Rect area = models::chip_area(points, frame.size());
    if (area.empty())
      return {};
    const cv::Point2f corner(area.tl());
    Points inside = points;
    for (cv::Point2f& point : inside)
      point -= corner;
    const cv::Matx23f place(1, 0, corner.x, 0, 1, corner.y);
    cv::Mat crop = video::crop_rgb(frame, place, area.size(), {.repeat_edge = true});
    cv::Mat chip = models::face_chip(crop, inside);
    SecretBytes bytes(chip.data, chip.data + chip_bytes);
    wipe(crop);
    wipe(chip);
    return bytes;
  } catch (const std::invalid_argument&) {
    return {}; // the points lie on no face
  }
}

cv::Mat picture_of(const SecretBytes& chip) {
  if (chip.size() != chip_bytes)
    throw std::invalid_argument("a chip of " + std::to_string(chip.size()) + " bytes");
  // the engine copies its input, so nothing writes through this pointer
  return {chip_size, chip_size, CV_8UC3, const_cast<std::uint8_t*>(chip.data())};
}

} // namespace deid::identitymeter
