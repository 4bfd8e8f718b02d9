#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>

namespace deid::faceswap {

namespace {

using Face = Points;

/// Guards of divisions: a spread [px^2] and a scale that count as 0, and the least length [px].
constexpr double no_spread = 1e-12, least_similarity = 1e-6;
constexpr float least_length = 1e-3F;

constexpr std::array<int, 24> nose{1,   2,   4,   5,   6,   19,  45,  48,  64,  94,  98,  115,
                                   168, 195, 197, 220, 275, 278, 294, 327, 344, 440, 122, 351};

const cv::Point3f& at(const Face& face, int i) {
  return face[static_cast<std::size_t>(i)];
}

cv::Point3f& at(Face& face, int i) {
  return face[static_cast<std::size_t>(i)];
}

/// The alignment of one mesh to another: p -> scale * turn * p + shift.
struct Similarity {
  float scale = 1;
  cv::Matx33f turn = cv::Matx33f::eye();
  cv::Point3f shift{};
  [[nodiscard]] cv::Point3f step(const cv::Point3f& p) const { return (turn * p) * scale; }
  [[nodiscard]] cv::Point3f back(const cv::Point3f& p) const {
    return (turn.t() * (p - shift)) * (1 / scale);
  }
};

cv::Point3d middle(const Face& face) {
  cv::Point3d sum;
  for (const cv::Point3f& p : face)
    sum += cv::Point3d(p);
  return sum / static_cast<double>(face.size());
}

/// Fits by least squares (Umeyama 1991). Returns false when one of the meshes is a point.
bool fit(const Face& from, const Face& to, Similarity& out) {
  const cv::Point3d a = middle(from), b = middle(to);
  cv::Matx33d mixed = cv::Matx33d::zeros();
  double spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const cv::Vec3d p = cv::Point3d(from[i]) - a, q = cv::Point3d(to[i]) - b;
    mixed += q * p.t();
    spread += p.dot(p);
  }
  cv::Vec3d values;
  cv::Matx33d u, vt;
  cv::SVD::compute(mixed, values, u, vt);
  const double mirror = cv::determinant(u * vt) < 0 ? -1 : 1;
  const cv::Matx33d turn = u * cv::Matx33d::diag({1, 1, mirror}) * vt;
  const double scale = (values[0] + values[1] + mirror * values[2]) / std::max(spread, no_spread);
  if (!(spread > tuning::geometry::least_size) || !(scale > least_similarity) || !std::isfinite(scale))
    return false;
  const cv::Vec3d moved = turn * cv::Vec3d(a.x, a.y, a.z) * scale;
  out = {static_cast<float>(scale), cv::Matx33f(turn),
         cv::Point3f(cv::Point3d(b.x - moved[0], b.y - moved[1], b.z - moved[2]))};
  return true;
}

cv::Point3f middle(const Face& face, std::span<const int> points) {
  cv::Point3f sum;
  for (const int i : points)
    sum += at(face, i);
  return sum * (1.F / static_cast<float>(points.size()));
}

float radius(const Face& face, std::span<const int> points, const cv::Point3f& centre) {
  float sum = 0;
  for (const int i : points)
    sum += static_cast<float>(cv::norm(at(face, i) - centre));
  return std::max(sum / static_cast<float>(points.size()), least_length);
}

/// Returns 1 on the lips, falling to 0 over `reach` px of the target; 0 on the outline.
std::vector<float> mouth_weights(const Face& target, float reach) {
  std::vector<float> weights;
  for (int i = 0; i < mesh_points; ++i) {
    float nearest = reach;
    for (const int lip : part::lips())
      nearest = std::min(
          nearest, std::hypot(at(target, i).x - at(target, lip).x, at(target, i).y - at(target, lip).y));
    const auto& rim = part::sorted_oval();
    const float left = std::binary_search(rim.begin(), rim.end(), i) ? 0 : 1 - nearest / reach;
    weights.push_back(left * left * (3 - 2 * left));
  }
  return weights;
}

std::vector<int> all_anchors() {
  std::vector<int> all;
  const auto add = [&all](const auto& points) { all.insert(all.end(), points.begin(), points.end()); };
  add(part::right_eye());
  add(part::left_eye());
  add(part::right_brow());
  add(part::left_brow());
  add(nose);
  add(part::lips());
  add(part::oval());
  return all;
}

} // namespace

Geometry::Geometry(Face target) : target_(std::move(target)), anchors_(all_anchors()) {
  if (target_.size() != mesh_points)
    throw std::invalid_argument("a mesh of " + std::to_string(target_.size()) + " points, not 468");
  const auto count = static_cast<int>(anchors_.size());
  weights_.create(mesh_points, count);
  const auto height = static_cast<float>(cv::norm(at(target_, point::top) - at(target_, point::chin)));
  const float reach = std::max(tuning::geometry::near * height, least_length);
  mouth_ = mouth_weights(target_, std::max(tuning::geometry::mouth_reach * height, least_length));
  for (int i = 0; i < mesh_points; ++i) {
    float sum = 0;
    for (int a = 0; a < count; ++a) {
      const cv::Point3f d = at(target_, i) - at(target_, anchors_[static_cast<std::size_t>(a)]);
      const float away = (d.x * d.x + d.y * d.y) / (reach * reach);
      sum += weights_(i, a) = std::exp(-away / 2) + tuning::geometry::far_weight / (1 + away);
    }
    for (int a = 0; a < count; ++a)
      weights_(i, a) /= sum;
    const auto self = std::find(anchors_.begin(), anchors_.end(), i);
    if (self != anchors_.end()) {
      weights_.row(i).setTo(0);
      weights_(i, static_cast<int>(self - anchors_.begin())) = 1;
    }
  }
}

Points Geometry::anchor_steps(const RestShape& rest, float outline) const {
  Points steps;
  const auto whole = [&](std::span<const int> points, float share) {
    for (const int i : points)
      steps.push_back((at(target_, i) - at(rest.mean, i)) * share);
  };
  // a feature that moves keeps its form, because lids and lips must stay as far apart as they are
  const auto placed = [&](std::span<const int> points, bool sized) {
    const cv::Point3f from = middle(rest.mean, points), to = middle(target_, points);
    const float scale = sized ? std::clamp(radius(target_, points, to) / radius(rest.mean, points, from),
                                           tuning::geometry::least_scale, tuning::geometry::most_scale)
                              : 1.F;
    for (const int i : points)
      steps.push_back(to - from + (at(rest.mean, i) - from) * (scale - 1));
  };
  placed(part::right_eye(), true);
  placed(part::left_eye(), true);
  placed(part::right_brow(), false);
  placed(part::left_brow(), false);
  whole(nose, 1);
  placed(part::lips(), true);
  whole(part::oval(), outline);
  return steps;
}

Points Geometry::moved(const Face& landmarks, float amount, RestShape& rest) const {
  Similarity place;
  if (landmarks.size() != mesh_points || !fit(target_, landmarks, place))
    return landmarks;
  Face now(mesh_points);
  std::transform(landmarks.begin(), landmarks.end(), now.begin(),
                 [&](const cv::Point3f& p) { return place.back(p); });
  const double front =
      std::pow(std::max(0.0, static_cast<double>(place.turn(2, 2))), tuning::geometry::frontal_power);
  if (rest.mean.size() != mesh_points)
    rest = {now, 0};
  rest.weight = std::min(rest.weight + front, tuning::geometry::long_memory);
  const auto share = static_cast<float>(front / std::max(rest.weight, 1.0));
  for (std::size_t i = 0; i < mesh_points; ++i)
    rest.mean[i] += (now[i] - rest.mean[i]) * share;
  if (!(amount > 0))
    return landmarks;

  const auto steps = anchor_steps(rest, std::max(0.F, 2 * amount - 1));
  Face result = landmarks;
  for (int i = 0; i < mesh_points; ++i) {
    cv::Point3f step;
    for (std::size_t a = 0; a < steps.size(); ++a)
      step += steps[a] * weights_(i, static_cast<int>(a));
    result[static_cast<std::size_t>(i)] += place.step(step) * amount;
  }
  return result;
}

Points Geometry::with_mouth_shut(const Face& landmarks, float share, const RestShape& rest) const {
  Similarity place;
  if (!(share > 0) || rest.mean.size() != mesh_points || landmarks.size() != mesh_points ||
      !fit(rest.mean, landmarks, place))
    return landmarks;
  Face calm = rest.mean;
  for (const auto& [upper, lower] : lip_pairs)
    at(calm, upper) = at(calm, lower) = (at(calm, upper) + at(calm, lower)) * 0.5F;
  Face result = landmarks;
  for (int i = 0; i < mesh_points; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const cv::Point3f there = place.step(calm[index]) + place.shift;
    result[index] += (there - result[index]) * (share * mouth_[index]);
  }
  return result;
}

} // namespace deid::faceswap
