#include "elements/faceswap/drawing/stages/tint.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/skin_in_mouth.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace deid::faceswap::stage {

namespace {

cv::Vec3b pixel(const cv::Mat& image, cv::Point2f p) {
  const int x = std::clamp(static_cast<int>(std::floor(p.x)), 0, image.cols - 1);
  const int y = std::clamp(static_cast<int>(std::floor(p.y)), 0, image.rows - 1);
  return image.at<cv::Vec3b>(y, x);
}

/// Returns the centroid of a triangle (k = 3), or the point half way from there to corner k.
cv::Point2f inner(const std::array<cv::Point2f, 3>& corners, std::size_t k) {
  const cv::Point2f balance = (corners[0] + corners[1] + corners[2]) / 3;
  return k == 3 ? balance : (balance + corners.at(k)) / 2;
}

/// A triangle of the mesh on the subject, on the texture's source and on the face of the texture.
struct SkinTriangle {
  std::array<cv::Point2f, 3> to{}, from{}, face{};
  std::array<bool, 3> inside{}; ///< The corner lies on the mesh, and not on its outline.
  bool skin = true;             ///< No corner lies on eyes, lips or brows.
  bool forehead = false;        ///< A corner lies above the mesh.
};

SkinTriangle triangle_of(const Texture& texture, const Points& points, const cv::Vec3i& t) {
  const auto one_of = [](const std::vector<int>& sorted, int i) {
    return std::binary_search(sorted.begin(), sorted.end(), i);
  };
  SkinTriangle triangle;
  for (std::size_t k = 0; k < 3; ++k) {
    const int index = t[static_cast<int>(k)];
    const auto i = static_cast<std::size_t>(index);
    const bool rim = index >= mesh_points || one_of(part::sorted_oval(), index);
    triangle.skin = triangle.skin && (rim || !one_of(part::not_skin(), index));
    triangle.inside.at(k) = !rim;
    triangle.to.at(k) = {points[i].x, points[i].y};
    triangle.from.at(k) = texture.sources()[i];
    triangle.face.at(k) = {texture.points()[i].x, texture.points()[i].y};
    triangle.forehead = triangle.forehead || index >= mesh_points;
  }
  return triangle;
}

/// Returns whether a triangle shows skin to the viewer and belongs to this group. at_rim: the triangles at
/// the outline of the face and on the forehead above the mesh, where hair and background may be; false: all
/// others.
bool has_samples(const SkinTriangle& triangle, bool at_rim) {
  const auto corners = std::count(triangle.inside.begin(), triangle.inside.end(), true);
  const auto& to = triangle.to;
  return triangle.skin && (corners > 0 || triangle.forehead) && (corners < 3) == at_rim &&
         !((to[1] - to[0]).cross(to[2] - to[0]) <= 0);
}

/// Returns up to four samples of every triangle of this group: its centroid, and points towards those corners
/// that lie inside the face. at_rim: as of has_samples().
SkinSamples skin_samples(const TintInput& in, bool at_rim) {
  const cv::Point2f centre = centre_of(in.points);
  const auto size = static_cast<float>(face_size(in.points));
  const cv::Rect2f picture(0, 0, static_cast<float>(in.original.cols), static_cast<float>(in.original.rows));
  SkinSamples samples;
  for (const cv::Vec3i& t : in.texture.triangles()) {
    const SkinTriangle triangle = triangle_of(in.texture, in.points, t);
    if (!has_samples(triangle, at_rim))
      continue;
    for (std::size_t k = 0; k < 4; ++k) {
      const cv::Point2f there = inner(triangle.to, k), here = inner(triangle.from, k);
      if ((k < 3 && !triangle.inside.at(k)) || !picture.contains(there))
        continue;
      samples.subject.push_back(pixel(in.original, there));
      samples.target.push_back(pixel(in.texture.image(), here));
      samples.places.push_back((there - centre) / size);
      samples.on_face.push_back(in.texture.on_face(inner(triangle.face, k)));
    }
  }
  return samples;
}

} // namespace

Tint tint(const TintInput& in, SkinMemory& memory) {
  const auto known = learn_skin(
      skin_samples(in, false), [&] { return skin_samples(in, true); }, in.measure,
      [&](const cv::Vec3d& skin) { return skin_in_mouth(in.original, in.points, skin); }, memory);
  if (!known)
    return {};
  const Transfer& transfer = *known;
  Tint tint{cv::Matx33f(transfer.gain), {}};
  const cv::Point2f centre = centre_of(in.points);
  const auto size = static_cast<float>(face_size(in.points));
  for (std::size_t i = 0; i < in.points.size(); ++i) {
    const cv::Point2f place = (cv::Point2f(in.points[i].x, in.points[i].y) - centre) / size;
    tint.offset.push_back(
        cv::Vec3f(transferred(transfer, {}, place)) +
        memory.light.at(in.texture.on_face({in.texture.points()[i].x, in.texture.points()[i].y})));
  }
  return tint;
}

} // namespace deid::faceswap::stage
