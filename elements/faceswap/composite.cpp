#include "elements/faceswap/composite.hpp"
#include "elements/faceswap/mesh_warp.hpp"
#include "elements/faceswap/mirror.hpp"
#include "elements/faceswap/neutral.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

using Face = std::vector<cv::Point3f>;

constexpr int width = 320, height = 384;
constexpr float face_height = 256, face_top = 88; // px of the result, from the highest point of the mesh down
constexpr float ring = 1.4F;                      // the surroundings follow the face as far as this
constexpr std::array<std::size_t, 36> oval{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288,
                                           397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
                                           172, 58,  132, 93,  234, 127, 162, 21,  54,  103, 67,  109};
constexpr std::array<std::size_t, 16> eye_rings[2]{
    {33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7},
    {263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249}};
constexpr std::array<std::size_t, 20> lips{61,  185, 40,  39,  37,  0,  267, 269, 270, 409,
                                           291, 375, 321, 405, 314, 17, 84,  181, 91,  146};

[[noreturn]] void refuse(const std::string& why) {
  throw TargetError("The composite cannot be made: " + why + ".");
}

cv::Point2f flat(const cv::Point3f& p) {
  return {p.x, p.y};
}

/// The picture of a face must be what require_valid asks of a target, save its size.
void require_portrait(const cv::Mat& rgb, std::span<const cv::Point3f> points, const std::string& who) {
  if (rgb.type() != CV_8UC3 || rgb.dims != 2 || rgb.empty())
    refuse(who + " is not a picture of RGB, 8 bit");
  if (points.size() != Target::landmark_count)
    refuse(who + " has " + std::to_string(points.size()) + " landmarks, not 468");
  cv::Point3f low = points.front(), high = points.front();
  for (const cv::Point3f& p : points) {
    if (!(std::abs(p.x) <= 1e5F && std::abs(p.y) <= 1e5F && std::abs(p.z) <= 1e5F))
      refuse(who + " has a landmark that is not a number within 100000");
    low = {std::min(low.x, p.x), std::min(low.y, p.y), 0};
    high = {std::max(high.x, p.x), std::max(high.y, p.y), 0};
  }
  if (high.x - low.x < 32 || high.y - low.y < 32)
    refuse(who + " shows a face smaller than 32 px");
}

/// Weights that sum to 1.
std::vector<double> shares(std::span<const Sitter> sitters, double Sitter::*kind, const char* name) {
  std::vector<double> values;
  for (const Sitter& sitter : sitters) {
    values.push_back(sitter.*kind);
    if (!(std::abs(values.back()) <= 2))
      refuse(std::string("a weight of ") + name + " is not a number of -2 to 2");
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum < .1)
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

Face scaled(const Face& face, float by, cv::Point3f by_then) {
  Face result;
  for (const cv::Point3f& p : face)
    result.push_back(p * by + by_then);
  return result;
}

cv::Point3f center(const Face& face) {
  cv::Point3d sum;
  for (const cv::Point3f& p : face)
    sum += cv::Point3d(p);
  return cv::Point3f(sum / static_cast<double>(face.size()));
}

double size_of(const Face& face) { // of a centred face
  double sum = 0;
  for (const cv::Point3f& p : face)
    sum += p.x * p.x + p.y * p.y;
  return std::sqrt(sum);
}

/// The face, centred and of size 1, turned in the picture's plane as `like` is (least squares).
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

/// Procrustes mean of the faces and their mirror images, weighted; centred, of size 1, upright and symmetric.
Face mean_shape(std::span<const Sitter> sitters, const std::vector<double>& weights) {
  const Face none(Target::landmark_count);
  Face mean = aligned(sitters.front().landmarks, sitters.front().landmarks);
  for (int round = 0; round < 5; ++round) { // plain mean: the frame in which shapes are weighed
    Face sum = none;
    for (const Sitter& sitter : sitters)
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

/// Moved and scaled onto the result's canvas, upright faces only.
Face on_canvas(const Face& face) {
  const auto [top, bottom] =
      std::minmax_element(face.begin(), face.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const float scale = face_height / (bottom->y - top->y);
  return scaled(face, scale, {width / 2.F, face_top - top->y * scale, 0});
}

/// The mesh, a ring around it and the corners of the canvas: points that correspond in all pictures.
/// canvas: the mesh on the canvas, which the corners follow.
std::vector<cv::Point2f> with_surroundings(const Face& face, const Face& canvas) {
  std::vector<cv::Point2f> points;
  for (const cv::Point3f& p : face)
    points.push_back(flat(p));
  const cv::Point2f middle = flat(center(face));
  for (const std::size_t i : oval)
    points.push_back(middle + ring * (flat(face[i]) - middle));
  double a = 0, b = 0, norm = 0; // similarity canvas -> face
  const cv::Point2f origin = flat(center(canvas));
  for (std::size_t i = 0; i < face.size(); ++i) {
    const cv::Point2f p = flat(canvas[i]) - origin, q = flat(face[i]) - middle;
    a += p.dot(q);
    b += p.cross(q);
    norm += p.dot(p);
  }
  const auto c = static_cast<float>(a / norm), s = static_cast<float>(b / norm);
  for (const cv::Point2f& corner : {cv::Point2f(0, 0), {width, 0}, {0, height}, {width, height}}) {
    const cv::Point2f p = corner - origin;
    points.push_back(middle + cv::Point2f(c * p.x - s * p.y, s * p.x + c * p.y));
  }
  return points;
}

/// The portrait in the result's shape, CIE Lab in floats.
cv::Mat warped(const Sitter& sitter, const Face& canvas) {
  const auto [top, bottom] = std::minmax_element(sitter.landmarks.begin(), sitter.landmarks.end(),
                                                 [](auto& a, auto& b) { return a.y < b.y; });
  // No more than half as large again as the result, so that nothing aliases.
  const float scale = std::min(1.F, 1.5F * face_height / (bottom->y - top->y));
  cv::Mat small = sitter.rgb;
  if (scale < 1)
    cv::resize(sitter.rgb, small, {}, scale, scale, cv::INTER_AREA);
  const cv::Mat map =
      warp_map(with_surroundings(canvas, canvas),
               with_surroundings(scaled(sitter.landmarks, scale, {}), canvas), {width, height});
  cv::Mat rgb, lab;
  cv::remap(small, rgb, map, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  rgb.convertTo(rgb, CV_32F, 1 / 255.);
  cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
  return lab;
}

template <class Points>
void fill(cv::Mat& mask, const Face& face, const Points& indices, int value, float grow = 1) {
  cv::Point2f middle;
  for (const std::size_t i : indices)
    middle += flat(face[i]) / static_cast<float>(indices.size());
  std::vector<cv::Point> pixels;
  for (const std::size_t i : indices)
    pixels.emplace_back(middle + grow * (flat(face[i]) - middle));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{pixels}, value);
}

/// Where skin is: the face without eyes and lips.
cv::Mat skin(const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_8U);
  fill(mask, canvas, oval, 255, .92F);
  for (const auto& eye : eye_rings)
    fill(mask, canvas, eye, 0, 1.4F);
  fill(mask, canvas, lips, 0, 1.1F);
  return mask;
}

/// 1 where glasses may be, 0 elsewhere, with a soft edge.
cv::Mat behind_glasses(const Face& canvas) {
  cv::Mat mask = cv::Mat::zeros(height, width, CV_32F);
  const cv::Point2f left = flat(canvas[33]), right = flat(canvas[263]);
  const cv::Point2f middle = (left + right) / 2;
  const float eyes = right.x - left.x;
  cv::rectangle(mask, cv::Point(middle - cv::Point2f(.85F * eyes, .3F * eyes)),
                cv::Point(middle + cv::Point2f(.85F * eyes, .36F * eyes)), 1, cv::FILLED);
  cv::GaussianBlur(mask, mask, {}, .05 * eyes);
  return mask;
}

struct Tone {
  cv::Scalar mean{}, deviation{};
};

Tone tone_of(const cv::Mat& lab, const cv::Mat& mask) {
  Tone tone;
  cv::meanStdDev(lab, tone.mean, tone.deviation, mask);
  return tone;
}

/// The same picture with another tone of the skin.
cv::Mat toned(const cv::Mat& lab, const Tone& is, const Tone& shall) {
  std::vector<cv::Mat> channels;
  cv::split(lab, channels);
  for (int c = 0; c < 3; ++c) {
    const double gain = std::clamp(shall.deviation[c] / std::max(1e-3, is.deviation[c]), .6, 1.6);
    channels[static_cast<std::size_t>(c)] =
        (channels[static_cast<std::size_t>(c)] - is.mean[c]) * gain + shall.mean[c];
  }
  cv::Mat result;
  cv::merge(channels, result);
  return result;
}

/// Weighted mean of the warped portraits and their mirror images, all in the mean tone (Lab).
cv::Mat mean_texture(std::span<const Sitter> sitters, const Face& canvas) {
  const auto weights = shares(sitters, &Sitter::texture, "texture");
  const auto tones = shares(sitters, &Sitter::tone, "tone");
  const cv::Mat mask = skin(canvas), glasses = behind_glasses(canvas);
  std::vector<cv::Mat> pictures;
  std::vector<Tone> own;
  Tone mean;
  for (std::size_t i = 0; i < sitters.size(); ++i) {
    pictures.push_back(warped(sitters[i], canvas));
    own.push_back(tone_of(pictures.back(), mask));
    mean.mean += own.back().mean * tones[i];
    mean.deviation += own.back().deviation * tones[i];
  }
  cv::Mat sum = cv::Mat::zeros(height, width, CV_32FC3), weight = cv::Mat::zeros(height, width, CV_32F);
  for (std::size_t i = 0; i < sitters.size(); ++i) {
    cv::Mat share(height, width, CV_32F, cv::Scalar(weights[i])), three;
    if (sitters[i].glasses)
      share = share.mul(1 - glasses);
    weight += share;
    cv::merge(std::vector<cv::Mat>{share, share, share}, three);
    sum += toned(pictures[i], own[i], mean).mul(three);
  }
  double least = 0;
  cv::minMaxLoc(weight, &least);
  if (least < .05)
    refuse("nobody is left around the eyes when those with glasses are left out");
  cv::Mat three, turned;
  cv::merge(std::vector<cv::Mat>{weight, weight, weight}, three);
  sum /= three;
  cv::flip(sum, turned, 1);
  return (sum + turned) / 2;
}

/// Where closed lips meet it is darker; it hides what is left of teeth.
void shade_lip_line(cv::Mat& lab, const Face& canvas) {
  constexpr std::array<std::size_t, 11> line{78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308};
  constexpr double darker = 22; // of L, where the lips meet
  cv::Mat mask = cv::Mat::zeros(height, width, CV_32F), mean, three;
  std::vector<cv::Point> points;
  for (const std::size_t i : line)
    points.emplace_back(flat(canvas[i]));
  cv::polylines(mask, points, false, 1, 2, cv::LINE_AA);
  cv::GaussianBlur(mask, mask, {}, 1.1);
  cv::GaussianBlur(lab, mean, {}, 4);
  mean -= cv::Scalar(darker, 0, 0);
  cv::merge(std::vector<cv::Mat>{mask, mask, mask}, three);
  lab += (mean - lab).mul(three);
}

/// RGB of 8 bit; sharpened, and plain grey away from the face, so that nobody's hair or clothes stay.
cv::Mat finished(const cv::Mat& lab, const Face& canvas, double sharpen) {
  cv::Mat rgb, soft, mask = cv::Mat::zeros(height, width, CV_8U), blend, three;
  cv::cvtColor(lab, rgb, cv::COLOR_Lab2RGB);
  cv::GaussianBlur(rgb, soft, {}, 1.6);
  rgb += (rgb - soft) * sharpen;
  fill(mask, canvas, oval, 255, 1.18F);
  mask.convertTo(blend, CV_32F, 1 / 255.);
  cv::GaussianBlur(blend, blend, {}, 9);
  cv::merge(std::vector<cv::Mat>{blend, blend, blend}, three);
  rgb = (rgb - cv::Scalar::all(.5)).mul(three) + cv::Scalar::all(.5);
  cv::Mat result;
  rgb.convertTo(result, CV_8U, 255);
  return result;
}

} // namespace

Target composite(std::span<const Sitter> sitters, const CompositeOptions& options) {
  if (sitters.empty())
    refuse("there is nobody to make it of");
  if (!(options.sharpen >= 0 && options.sharpen <= 2))
    refuse("the sharpening is not a number of 0 to 2");
  for (std::size_t i = 0; i < sitters.size(); ++i)
    require_portrait(sitters[i].rgb, sitters[i].landmarks, "portrait " + std::to_string(i + 1));
  Face canvas = on_canvas(mean_shape(sitters, shares(sitters, &Sitter::shape, "shape")));
  close_mouth(canvas);
  Target target;
  cv::Mat lab = mean_texture(sitters, canvas);
  shade_lip_line(lab, canvas);
  target.image = finished(lab, canvas, options.sharpen);
  target.landmarks = canvas;
  require_valid(target, "The composite");
  return target;
}

Target from_photo(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  require_portrait(rgb, landmarks, "the photo");
  const Face face(landmarks.begin(), landmarks.end());
  const auto [top, bottom] =
      std::minmax_element(face.begin(), face.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const float scale = face_height / (bottom->y - top->y);
  const cv::Point2f shift(width / 2.F - scale * flat(center(face)).x, face_top - top->y * scale);
  cv::Mat source = rgb;
  const float shrink = std::min(1.F, 1.5F * scale);
  if (shrink < 1)
    cv::resize(rgb, source, {}, shrink, shrink, cv::INTER_AREA);
  const float left = scale / shrink; // of the scale, after shrinking
  const cv::Matx23f to_canvas(left, 0, shift.x + (left - 1) / 2, 0, left, shift.y + (left - 1) / 2);
  Target target;
  cv::warpAffine(source, target.image, to_canvas, {width, height}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  target.landmarks = scaled(face, scale, {shift.x, shift.y, 0});
  require_valid(target, "The photo");
  return target;
}

} // namespace deid::faceswap
