#include "pipelines/deid/target/composite/composite.hpp"
#include "pipelines/deid/target/composite/composite_texture.hpp"
#include "pipelines/deid/target/composite/face_points.hpp"
#include "pipelines/deid/target/composite/mirror.hpp"
#include "pipelines/deid/target/composite/neutral.hpp"
#include "pipelines/deid/target/composite/proportions.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace deid::composites {

namespace {

using faceswap::require_valid;

constexpr float face_top = 88; ///< px of the result, at the highest point of the mesh
constexpr float picture_width = composite_width;
/// Heights of the face between the place where a feature was put and the place where it is seen. With more,
/// wrong landmarks pass.
constexpr float most_apart = .1F;
constexpr float largest_number = 1e5F; ///< px, of a landmark
constexpr float smallest_face = 32;    ///< px of a portrait's face, width and height
constexpr double largest_weight = 2;   ///< of a sitter, either way
constexpr double least_sum = .1;       ///< of all weights of a kind; a smaller sum divides by nearly nothing
constexpr double most_sharpening = 2;  ///< strength of the unsharp mask
constexpr int rounds = 5;              ///< of the Procrustes mean, which no longer moves then

[[noreturn]] void refuse(const std::string& why) {
  throw TargetError("The composite cannot be made: " + why + ".");
}

/// Requires what require_valid() requires of a target, except for the size.
void require_portrait(const cv::Mat& rgb, std::span<const cv::Point3f> points, const std::string& who) {
  if (rgb.type() != CV_8UC3 || rgb.dims != 2 || rgb.empty())
    refuse(who + " is not a picture of RGB, 8 bit");
  if (points.size() != Target::landmark_count)
    refuse(who + " has " + std::to_string(points.size()) + " landmarks, not 468");
  cv::Point3f low = points.front(), high = points.front();
  for (const cv::Point3f& p : points) {
    if (!(std::abs(p.x) <= largest_number && std::abs(p.y) <= largest_number &&
          std::abs(p.z) <= largest_number))
      refuse(who + " has a landmark that is not a number within 100000");
    low = {std::min(low.x, p.x), std::min(low.y, p.y), 0};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), 0};
  }
  if (high.x - low.x < smallest_face || high.y - low.y < smallest_face)
    refuse(who + " shows a face smaller than 32 px");
}

/// Returns the weights divided by their sum.
std::vector<double> shares(std::span<const WeightedPortrait> sitters, double WeightedPortrait::*kind,
                           const char* name) {
  std::vector<double> values;
  for (const WeightedPortrait& sitter : sitters) {
    values.push_back(sitter.*kind);
    if (!(std::abs(values.back()) <= largest_weight))
      refuse(std::string("a weight of ") + name + " is not a number of -2 to 2");
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum < least_sum)
    refuse(std::string("the weights of ") + name + " sum to less than .1");
  for (double& value : values)
    value /= sum;
  return values;
}

Face mirrored(const Face& face) {
  Face other(face.size());
  for (std::size_t i = 0; i < face.size(); ++i)
    other[i] = {-face[mirror_point.at(i)].x, face[mirror_point.at(i)].y, face[mirror_point.at(i)].z};
  return other;
}

/// Returns the size of a centred face.
double size_of(const Face& face) {
  double sum = 0;
  for (const cv::Point3f& p : face)
    sum += p.x * p.x + p.y * p.y;
  return std::sqrt(sum);
}

/// Returns the face centred, with size 1, and turned in the plane of the picture to `like` by least squares.
Face aligned(const Face& face, const Face& like) {
  Face result = scaled(face, 1, -center(face));
  result = scaled(result, static_cast<float>(1 / size_of(result)), {});
  double a = 0, b = 0;
  for (std::size_t i = 0; i < like.size(); ++i) {
    a += result[i].x * like[i].x + result[i].y * like[i].y;
    b += result[i].x * like[i].y - result[i].y * like[i].x;
  }
  const auto c = static_cast<float>(a / std::hypot(a, b)), s = static_cast<float>(b / std::hypot(a, b));
  for (cv::Point3f& p : result)
    p = {c * p.x - s * p.y, s * p.x + c * p.y, p.z};
  return result;
}

void add(Face& to, const Face& what, double weight) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] += what[i] * static_cast<float>(weight);
}

/// Returns the weighted Procrustes mean of the faces and their mirror images: centred, size 1, upright,
/// symmetric.
Face mean_shape(std::span<const WeightedPortrait> sitters, const std::vector<double>& weights) {
  const Face none(Target::landmark_count);
  Face mean = aligned(sitters.front().landmarks, sitters.front().landmarks);
  for (int round = 0; round < rounds; ++round) { // the plain mean is the frame in which shapes are weighted
    Face sum = none;
    for (const WeightedPortrait& sitter : sitters)
      add(sum, aligned(sitter.landmarks, mean), 1);
    const Face other = mirrored(sum);
    add(sum, other, 1);
    mean = aligned(sum, sum);
  }
  Face sum = none;
  for (std::size_t i = 0; i < sitters.size(); ++i) {
    const Face one = aligned(sitters[i].landmarks, mean);
    add(sum, one, weights[i] / 2);
    add(sum, mirrored(one), weights[i] / 2);
  }
  return sum;
}

/// Returns an upright face moved and scaled onto the canvas of the result.
Face on_canvas(const Face& face) {
  const auto [top, bottom] =
      std::minmax_element(face.begin(), face.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const float scale = composite_face_height / (bottom->y - top->y);
  return scaled(face, scale, {picture_width / 2, face_top - top->y * scale, 0});
}

} // namespace

Target composite(std::span<const WeightedPortrait> sitters, const CompositeOptions& options) {
  if (sitters.empty())
    refuse("it needs at least one portrait");
  if (!(options.sharpen >= 0 && options.sharpen <= most_sharpening))
    refuse("the sharpening is not a number of 0 to 2");
  for (std::size_t i = 0; i < sitters.size(); ++i)
    require_portrait(sitters[i].rgb, sitters[i].landmarks, "portrait " + std::to_string(i + 1));
  Face canvas = on_canvas(mean_shape(sitters, shares(sitters, &WeightedPortrait::shape, "shape")));
  close_mouth(canvas);
  if (!options.proportions.empty()) {
    reshape(canvas, options.proportions);
    canvas = on_canvas(scaled(canvas, 1, {-picture_width / 2, 0, 0}));
  }
  Target target;
  std::vector<double> texture = shares(sitters, &WeightedPortrait::texture, "texture");
  const bool aged = std::ranges::any_of(sitters, [](const WeightedPortrait& s) { return s.detail != 0; });
  const TextureWeights weights{.texture = texture,
                               .detail =
                                   aged ? shares(sitters, &WeightedPortrait::detail, "detail") : texture,
                               .tone = shares(sitters, &WeightedPortrait::tone, "tone")};
  target.image = composite_picture(sitters, weights, canvas, options.sharpen);
  target.landmarks = canvas;
  require_valid(target, "The composite");
  return target;
}

Target as_seen(Target composite, std::span<const cv::Point3f> seen) {
  require_portrait(composite.image, seen, "the finished picture");
  const Face centred = scaled(Face(seen.begin(), seen.end()), 1, {-picture_width / 2, 0, 0});
  const Face other = mirrored(centred);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    cv::Point3f& p = composite.landmarks.at(i);
    const cv::Point3f now = (centred[i] + other[i]) / 2 + cv::Point3f(picture_width / 2, 0, 0);
    if (std::hypot(now.x - p.x, now.y - p.y) > most_apart * composite_face_height)
      refuse("its landmarks are not found where its features were drawn");
    p = now;
  }
  close_mouth(composite.landmarks);
  require_valid(composite, "The composite");
  return composite;
}

Target from_photo(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  require_portrait(rgb, landmarks, "the photo");
  const Face face(landmarks.begin(), landmarks.end());
  const auto [top, bottom] =
      std::minmax_element(face.begin(), face.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const float scale = composite_face_height / (bottom->y - top->y);
  const cv::Point2f shift(picture_width / 2 - scale * flat(center(face)).x, face_top - top->y * scale);
  cv::Mat source = rgb;
  const float shrink = std::min(1.F, source_detail * scale);
  if (shrink < 1)
    cv::resize(rgb, source, {}, shrink, shrink, cv::INTER_AREA);
  const float left = scale / shrink; // the scale that is left after shrinking
  const cv::Matx23f to_canvas(left, 0, shift.x + (left - 1) / 2, 0, left, shift.y + (left - 1) / 2);
  Target target;
  cv::warpAffine(source, target.image, to_canvas, {composite_width, composite_height}, cv::INTER_CUBIC,
                 cv::BORDER_REPLICATE);
  target.landmarks = scaled(face, scale, {shift.x, shift.y, 0});
  require_valid(target, "The photo");
  return target;
}

} // namespace deid::composites
