#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace deid::faceswap {

namespace {

/// Weight of a new frame in the memory. Light changes slower than the noise of pixels; with more, colours
/// flicker.
constexpr double skin_share = 0.15;
constexpr float below = 0.62F;         ///< heights of the drawn face; the lower face begins here, at the nose
constexpr std::size_t least_skin = 60; ///< samples; fewer say nothing about a face

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

SkinTriangle triangle_of(const Texture& texture, const std::vector<cv::Point3f>& points, const cv::Vec3i& t) {
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
SkinSamples skin_samples(const Texture& texture, const cv::Mat& original,
                         const std::vector<cv::Point3f>& points, bool at_rim) {
  const cv::Point2f centre = centre_of(points);
  const auto size = static_cast<float>(face_size(points));
  const cv::Rect2f picture(0, 0, static_cast<float>(original.cols), static_cast<float>(original.rows));
  SkinSamples samples;
  for (const cv::Vec3i& t : texture.triangles()) {
    const SkinTriangle triangle = triangle_of(texture, points, t);
    if (!has_samples(triangle, at_rim))
      continue;
    for (std::size_t k = 0; k < 4; ++k) {
      const cv::Point2f there = inner(triangle.to, k), here = inner(triangle.from, k);
      if ((k < 3 && !triangle.inside.at(k)) || !picture.contains(there))
        continue;
      samples.subject.push_back(pixel(original, there));
      samples.target.push_back(pixel(texture.image(), here));
      samples.places.push_back((there - centre) / size);
      samples.on_face.push_back(texture.on_face(inner(triangle.face, k)));
    }
  }
  return samples;
}

cv::Vec3d real(const cv::Vec3b& c) {
  return {static_cast<double>(c[0]), static_cast<double>(c[1]), static_cast<double>(c[2])};
}

/// Differences between the subject's skin and the target's skin after the transfer, and their places on the
/// face.
struct Differences {
  std::vector<cv::Vec3f> levels{};
  std::vector<cv::Point2f> places{};
};

Differences differences(const std::array<SkinSamples, 2>& all, const Transfer& transfer) {
  Differences out;
  for (const SkinSamples& samples : all)
    for (std::size_t i = 0; i < samples.subject.size(); ++i) {
      out.levels.emplace_back(real(samples.subject[i]) -
                              transferred(transfer, real(samples.target[i]), samples.places[i]));
      out.places.push_back(samples.on_face[i]);
    }
  return out;
}

/// Compares the differences with the remembered light, the lower face apart from the rest.
void watch_mouth(const Differences& seen, const Light& light, HiddenMouth& mouth) {
  std::vector<float> odd, above;
  for (std::size_t i = 0; i < seen.levels.size(); ++i) {
    const cv::Vec3f d = seen.levels[i] - light.at(seen.places[i]);
    odd.push_back((d[0] + d[1] + d[2]) / 3);
    if (seen.places[i].y < below)
      above.push_back(odd.back());
  }
  if (above.empty() || above.size() == odd.size())
    return;
  // a lamp that is switched on changes the whole face
  const auto middle = above.begin() + static_cast<std::ptrdiff_t>(above.size() / 2);
  std::nth_element(above.begin(), middle, above.end());
  double lower = 0, upper = 0;
  for (std::size_t i = 0; i < odd.size(); ++i)
    (seen.places[i].y < below ? upper : lower) += std::abs(static_cast<double>(odd[i] - *middle));
  mouth.watch(lower / static_cast<double>(odd.size() - above.size()),
              upper / static_cast<double>(above.size()));
}

void learn_light(Differences seen, SkinMemory& memory) {
  watch_mouth(seen, memory.light, memory.mouth);
  if (memory.mouth.now()) { // the lower face is hidden
    for (std::size_t i = 0; i < seen.levels.size(); ++i)
      if (seen.places[i].y >= below)
        seen.levels[i] = memory.light.at(seen.places[i]);
  }
  memory.light.learn(seen.levels, seen.places, skin_share);
}

} // namespace

std::optional<Transfer> learn_skin(const SkinSamples& inside, const std::function<SkinSamples()>& rim,
                                   bool measure, SkinMemory& memory) {
  const bool sure = measure && inside.subject.size() >= least_skin;
  if (sure) {
    const Palette now = palette_of(inside.subject, inside.places);
    memory.palette = memory.palette ? blend(*memory.palette, now, skin_share) : now;
  }
  if (!memory.palette || inside.target.empty())
    return {};
  const Transfer transfer = faceswap::transfer(palette_of(inside.target, inside.places), *memory.palette);
  if (sure)
    learn_light(differences({inside, rim()}, transfer), memory);
  return transfer;
}

Tint match_skin(const Texture& texture, const cv::Mat& original, const std::vector<cv::Point3f>& points,
                bool measure, SkinMemory& memory) {
  const auto known = learn_skin(
      skin_samples(texture, original, points, false),
      [&] { return skin_samples(texture, original, points, true); }, measure, memory);
  if (!known)
    return {};
  const Transfer& transfer = *known;
  Tint tint{cv::Matx33f(transfer.gain), {}};
  const cv::Point2f centre = centre_of(points);
  const auto size = static_cast<float>(face_size(points));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const cv::Point2f place = (cv::Point2f(points[i].x, points[i].y) - centre) / size;
    tint.offset.push_back(cv::Vec3f(transferred(transfer, {}, place)) +
                          memory.light.at(texture.on_face({texture.points()[i].x, texture.points()[i].y})));
  }
  return tint;
}

} // namespace deid::faceswap
