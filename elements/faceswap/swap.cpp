#include "elements/faceswap/swap.hpp"
#include "elements/faceswap/mesh.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

constexpr double skin_share =
    0.15;                    ///< of a new frame in the remembered skin: light changes slower than pixels
constexpr float rim = 1.07F; ///< of the mesh's size
constexpr std::size_t least_skin = 60; ///< samples; fewer say nothing about a face
constexpr std::array<double, 6> sigmas{0, 0.5, 0.7, 1.0, 1.4, 2.0};
constexpr double too_sharp = 1.15, too_soft = 0.8;     ///< of the subject's detail
constexpr double mouth_shut = 0.02, mouth_open = 0.06; ///< gap between the lips, in distances of the eyes
constexpr int lip_up = 13, lip_down = 14, eye_right = 33, eye_left = 263, ear_right = 234, ear_left = 454;

double gap(const std::vector<cv::Point3f>& points, int a, int b) {
  const cv::Point3f d = points[static_cast<std::size_t>(a)] - points[static_cast<std::size_t>(b)];
  return std::hypot(static_cast<double>(d.x), static_cast<double>(d.y));
}

/// Width of the face even when it is turned: then its height says more.
double face_size(const std::vector<cv::Point3f>& points) {
  return std::max({gap(points, ear_right, ear_left), 0.8 * gap(points, 10, 152), 1.0});
}

cv::Vec3b pixel(const cv::Mat& image, cv::Point2f p) {
  const int x = std::clamp(static_cast<int>(std::floor(p.x)), 0, image.cols - 1);
  const int y = std::clamp(static_cast<int>(std::floor(p.y)), 0, image.rows - 1);
  return image.at<cv::Vec3b>(y, x);
}

/// The same places of the skin in both pictures: four in every triangle that faces the viewer.
struct Samples {
  std::vector<cv::Vec3b> subject, target;
  std::vector<cv::Point2f> places; ///< relative to the face's centre, in its sizes
};

cv::Point2f centre_of(const std::vector<cv::Point3f>& points) {
  const cv::Point3f& right = points[eye_right];
  const cv::Point3f& left = points[eye_left];
  const cv::Point3f& below = points[lip_up];
  return {(right.x + left.x) / 4 + below.x / 2, (right.y + left.y) / 4 + below.y / 2};
}

Samples skin_samples(const Texture& texture, const cv::Mat& original,
                     const std::vector<cv::Point3f>& points) {
  const auto& skip = part::not_skin();
  const auto usable = [&](int i) {
    return i < mesh_points && !std::binary_search(skip.begin(), skip.end(), i);
  };
  const cv::Point2f centre = centre_of(points);
  const float size = static_cast<float>(face_size(points));
  Samples samples;
  for (const cv::Vec3i& t : texture.triangles()) {
    if (!usable(t[0]) || !usable(t[1]) || !usable(t[2]))
      continue;
    std::array<cv::Point2f, 3> to, from;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto i = static_cast<std::size_t>(t[static_cast<int>(k)]);
      to.at(k) = {points[i].x, points[i].y};
      from.at(k) = {texture.points()[i].x, texture.points()[i].y};
    }
    if ((to[1] - to[0]).cross(to[2] - to[0]) <= 0)
      continue;
    const cv::Rect2f inside(0, 0, static_cast<float>(original.cols), static_cast<float>(original.rows));
    for (std::size_t k = 0; k < 4; ++k) {
      const auto middle = [k](const std::array<cv::Point2f, 3>& c) {
        const cv::Point2f balance = (c[0] + c[1] + c[2]) / 3;
        return k == 3 ? balance : (balance + c.at(k)) / 2;
      };
      if (!inside.contains(middle(to)))
        continue;
      samples.subject.push_back(pixel(original, middle(to)));
      samples.target.push_back(pixel(texture.image(), middle(from)));
      samples.places.push_back((middle(to) - centre) / size);
    }
  }
  return samples;
}

/// measure: false when the original is nothing to go by; then what is known is used.
void match_color(const Samples& samples, const std::vector<cv::Point3f>& points, const cv::Mat& shown,
                 bool measure, Memory& memory, cv::Mat& rgb) {
  if (measure && samples.subject.size() >= least_skin) {
    const Palette now = palette_of(samples.subject, samples.places);
    memory.skin = memory.skin ? blend(*memory.skin, now, skin_share) : now;
  }
  if (memory.skin && !samples.target.empty())
    apply(transfer(palette_of(samples.target, samples.places), *memory.skin), centre_of(points),
          face_size(points), shown, rgb);
}

/// How much fine detail an image has where `where` is set.
double detail(const cv::Mat& rgb, const cv::Mat& where) {
  cv::Mat gray, fine;
  cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
  cv::Laplacian(gray, fine, CV_16S, 1);
  cv::Scalar mean, deviation;
  cv::meanStdDev(fine, mean, deviation, where);
  return deviation[0] * deviation[0];
}

/// Makes the swap as soft as the frame it comes into; at most one step a frame once it is known.
/// measure: false when the original is nothing to go by; then what is known is used.
void match_sharpness(const cv::Mat& original, const cv::Mat& where, bool measure, Memory& memory,
                     cv::Mat& rgb) {
  const auto softened = [&](int step) {
    cv::Mat out = rgb;
    if (step > 0)
      cv::GaussianBlur(rgb, out, {0, 0}, sigmas.at(static_cast<std::size_t>(step)));
    return out;
  };
  if (!measure || cv::countNonZero(where) < 100) {
    rgb = softened(std::max(0, memory.softness));
    return;
  }
  const double want = detail(original, where);
  const int last = static_cast<int>(sigmas.size()) - 1;
  const bool first = memory.softness < 0;
  int step = std::max(0, memory.softness);
  cv::Mat soft = softened(step);
  double have = detail(soft, where);
  if (!first && have < too_soft * want && step > 0)
    soft = softened(--step);
  while (have > too_sharp * want && step < last) {
    soft = softened(++step);
    have = detail(soft, where);
    if (!first)
      break;
  }
  memory.softness = step;
  rgb = soft;
}

std::vector<cv::Point> rounded(const std::vector<cv::Point2f>& outline) {
  std::vector<cv::Point> out;
  for (const cv::Point2f& p : outline)
    out.emplace_back(cvRound(p.x * 16 - 8), cvRound(p.y * 16 - 8)); // 4 fractional bits, centres at .5
  return out;
}

/// Lays the subject's own pixels within an outline over the swap, softly at the rim. weight [0..1].
void keep_own(const cv::Mat& original, const std::vector<cv::Point2f>& outline, double weight, double soft,
              cv::Mat& rgb) {
  const int radius = std::max(1, cvRound(soft));
  const cv::Rect bounds =
      (cv::boundingRect(outline) + cv::Size(4 * radius, 4 * radius) - cv::Point(2 * radius, 2 * radius)) &
      cv::Rect({0, 0}, rgb.size());
  if (bounds.empty() || weight <= 0)
    return;
  std::vector<cv::Point2f> local = outline;
  for (cv::Point2f& p : local)
    p -= cv::Point2f(bounds.tl());
  cv::Mat mask(bounds.size(), CV_8UC1, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{rounded(local)}, cv::Scalar(255 * weight),
               cv::LINE_AA, 4);
  cv::blur(mask, mask, {2 * radius + 1, 2 * radius + 1});
  cv::Mat part = rgb(bounds);
  for (int y = 0; y < bounds.height; ++y) {
    const std::uint8_t* m = mask.ptr(y);
    const auto* own = original.ptr<cv::Vec3b>(bounds.y + y) + bounds.x;
    auto* out = part.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bounds.width; ++x)
      for (int c = 0; c < 3; ++c)
        out[x][c] = static_cast<std::uint8_t>((out[x][c] * (255 - m[x]) + own[x][c] * m[x] + 127) / 255);
  }
}

void keep_mouth_and_eyes(const cv::Mat& original, const std::vector<cv::Point3f>& points, Eyes eyes,
                         cv::Mat& rgb) {
  const double unit = std::max(1.0, gap(points, eye_right, eye_left));
  const double open = gap(points, lip_up, lip_down) / unit;
  keep_own(original, pick(points, part::inner_lips()),
           std::clamp((open - mouth_shut) / (mouth_open - mouth_shut), 0.0, 1.0), 0.012 * unit, rgb);
  if (eyes == Eyes::target)
    return;
  for (const auto* eye : {&part::right_eye(), &part::left_eye()})
    keep_own(original, pick(points, *eye), 1, 0.02 * unit, rgb);
}

/// Full inside, falling to 0 at the edge of what was drawn. The frame's edge is no edge of the face.
cv::Mat feathered(const cv::Mat& shown, double feather) {
  const int radius = static_cast<int>(std::clamp(std::round(feather), 0.0, 200.0));
  cv::Mat alpha = shown;
  if (radius < 1)
    return alpha;
  const cv::Mat kernel = cv::getStructuringElement(cv::MORPH_RECT, {2 * radius + 1, 2 * radius + 1});
  cv::erode(shown, alpha, kernel);
  cv::blur(alpha, alpha, {radius + 1, radius + 1}, {-1, -1}, cv::BORDER_REPLICATE);
  cv::blur(alpha, alpha, {radius + 1, radius + 1}, {-1, -1}, cv::BORDER_REPLICATE);
  alpha.setTo(cv::Scalar(0), shown == 0);
  return alpha;
}

/// The target on the mesh, and below it the same a little larger: beyond the contour its own edge goes on, up
/// to where the cover ends, instead of a rim of blur.
void draw_wide(const Texture& texture, const std::vector<cv::Point3f>& points, double feather, cv::Mat& rgb,
               cv::Mat& shown) {
  const cv::Point2f centre = centre_of(points);
  std::vector<cv::Point3f> larger = points;
  for (cv::Point3f& p : larger)
    p = {centre.x + (p.x - centre.x) * rim, centre.y + (p.y - centre.y) * rim, p.z};
  const cv::Size size = shown.size();
  texture.draw(larger, size, rgb, shown);
  cv::Mat face, on_mesh;
  texture.draw(points, size, face, on_mesh);
  const cv::Mat alpha = feathered(on_mesh, feather); // a seam at the contour would be seen
  for (int y = 0; y < size.height; ++y) {
    const std::uint8_t* a = alpha.ptr(y);
    const std::uint8_t* below = shown.ptr(y);
    const auto* in = face.ptr<cv::Vec3b>(y);
    auto* out = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < size.width; ++x)
      if (below[x] == 0)
        out[x] = in[x];
      else
        for (int c = 0; c < 3; ++c)
          out[x][c] = static_cast<std::uint8_t>((out[x][c] * (255 - a[x]) + in[x][c] * a[x] + 127) / 255);
  }
  shown |= on_mesh;
}

} // namespace

Picture draw(const Texture& texture, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory) {
  if (original.empty() || original.type() != CV_8UC3)
    throw std::invalid_argument("no picture to draw on");
  std::vector<cv::Point3f> points = with_forehead(landmarks, forehead_reach);
  for (cv::Point3f& p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
      throw std::invalid_argument("a landmark is not finite");
    p -= cv::Point3f(static_cast<float>(at.x), static_cast<float>(at.y), 0);
  }
  Picture picture;
  cv::Mat shown(original.size(), CV_8UC1);
  const double feather = static_cast<double>(options.feather) * face_size(points);
  draw_wide(texture, points, feather, picture.rgb, shown);
  match_color(skin_samples(texture, original, points), points, shown, options.own_parts, memory, picture.rgb);
  picture.alpha = feathered(shown, feather);
  match_sharpness(original, picture.alpha > 200, options.own_parts, memory, picture.rgb);
  if (options.own_parts)
    keep_mouth_and_eyes(original, points, options.eyes, picture.rgb);
  return picture;
}

} // namespace deid::faceswap
