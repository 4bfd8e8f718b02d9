#include "elements/faceswap/drawing/stages/own_parts.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

/// Guards of divisions: px^2 in place of 0, px^2 of an outline that is no point, and px.
constexpr float least_outline = 1e-6F, least_spread = 0.1F, least_length = 1e-3F;

using Outline = std::vector<cv::Point2f>;

cv::Point2f middle(const Outline& outline) {
  cv::Point2f sum;
  for (const cv::Point2f& p : outline)
    sum += p;
  return sum / static_cast<float>(outline.size());
}

/// Returns the similarity that takes one outline to another, by least squares. Points that coincide only
/// shift.
cv::Matx23f similarity(const Outline& from, const Outline& to) {
  const cv::Point2f a = middle(from), b = middle(to);
  float along = 0, across = 0, spread = least_outline;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const cv::Point2f p = from[i] - a, q = to[i] - b;
    along += p.dot(q);
    across += p.cross(q);
    spread += p.dot(p);
  }
  const float c = spread > least_spread ? along / spread : 1, s = spread > least_spread ? across / spread : 0;
  return {c, -s, b.x - c * a.x + s * a.y, s, c, b.y - s * a.x - c * a.y};
}

/// Returns the outline with every point `by` px further from the middle, because lashes belong to the eye.
Outline grown(const Outline& outline, float by) {
  const cv::Point2f centre = middle(outline);
  Outline out;
  for (const cv::Point2f& p : outline) {
    const cv::Point2f away = p - centre;
    out.push_back(p + away * (by / std::max(least_length, std::hypot(away.x, away.y))));
  }
  return out;
}

std::vector<cv::Point> rounded(const Outline& outline, cv::Point origin) {
  std::vector<cv::Point> out;
  for (const cv::Point2f& p : outline) // 4 fractional bits, centres at .5
    out.emplace_back(cvRound((p.x - static_cast<float>(origin.x)) * 16 - 8),
                     cvRound((p.y - static_cast<float>(origin.y)) * 16 - 8));
  return out;
}

/// Returns the part of the original that belongs at `bounds`, moved with the outline.
cv::Mat moved_part(const cv::Mat& original, const Outline& from, const Outline& to, const cv::Rect& bounds) {
  if (from == to)
    return original(bounds);
  const cv::Matx23f there = similarity(to, from); // from the new picture back to the original
  const auto at = [&](int row) {                  // pixel centres lie at .5
    return there(row, 0) * (static_cast<float>(bounds.x) + 0.5F) +
           there(row, 1) * (static_cast<float>(bounds.y) + 0.5F) + there(row, 2) - 0.5F;
  };
  const cv::Matx23f local(there(0, 0), there(0, 1), at(0), there(1, 0), there(1, 1), at(1));
  cv::Mat out;
  cv::warpAffine(original, out, local, bounds.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return out;
}

/// The transition from an own part to the swap.
struct Rim {
  double soft = 1; ///< px
  int wide = 0;    ///< px around `core` that also belong to the part
  Outline core{};  ///< within the outline; empty: the part ends at the outline
};

/// Lays the subject's own pixels within an outline over the swap, with a soft rim. weight [0..1]. No pixel
/// comes from, or goes to, a place that is not free.
void keep_own(const cv::Mat& original, const Outline& from, const Outline& to, double weight, const Rim& rim,
              const cv::Mat& free, cv::Mat& rgb) {
  const int radius = std::max(1, cvRound(rim.soft)), around = 2 * radius + rim.wide;
  const cv::Rect bounds =
      (cv::boundingRect(to) + cv::Size(2 * around, 2 * around) - cv::Point(around, around)) &
      cv::Rect({0, 0}, rgb.size());
  if (bounds.empty() || weight <= 0)
    return;
  cv::Mat mask(bounds.size(), CV_8UC1, cv::Scalar(0));
  const auto fill = [&](const Outline& outline) {
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{rounded(outline, bounds.tl())},
                 cv::Scalar(255 * weight), cv::LINE_AA, 4);
  };
  if (rim.wide > 0 && !rim.core.empty()) {
    fill(rim.core);
    cv::dilate(mask, mask,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * rim.wide + 1, 2 * rim.wide + 1}));
  }
  fill(to);
  cv::blur(mask, mask, {2 * radius + 1, 2 * radius + 1});
  if (!free.empty())
    mask.setTo(0, (free(bounds) < 255) | (moved_part(free, from, to, bounds) < 255));
  const cv::Mat own = moved_part(original, from, to, bounds);
  cv::Mat part = rgb(bounds);
  for (int y = 0; y < bounds.height; ++y) {
    const std::uint8_t* m = mask.ptr(y);
    const auto* in = own.ptr<cv::Vec3b>(y);
    auto* out = part.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bounds.width; ++x)
      for (int c = 0; c < 3; ++c)
        out[x][c] = static_cast<std::uint8_t>((out[x][c] * (255 - m[x]) + in[x][c] * m[x] + 127) / 255);
  }
}

/// Returns how far the opening goes beyond the gap that the mesh sees, in distances of the eyes.
double more_mouth(double open) {
  return tuning::own_parts::mouth_more *
         std::clamp(1 - (open - tuning::own_parts::wide_open / 2) / (tuning::own_parts::wide_open / 2),
                    tuning::own_parts::least_more, 1.);
}

} // namespace

cv::Mat own_parts(const OwnPartsInput& in, cv::Mat&& rgb) {
  const double unit = eye_distance(in.points);
  const double open = gap(in.points, point::upper_lip, point::lower_lip) / unit;
  const auto& inside = part::inner_lips();
  // nothing is added at the corners of the mouth, because they would show around a hand
  static const std::vector<int> middle_of_lips{81, 82, 13, 312, 311, 402, 317, 14, 87, 178};
  // a mouth does not grow from its middle as an eye does: the middle of a curved mouth lies beside it
  keep_own(in.original, pick(in.points, inside), pick(in.drawn, inside),
           static_cast<double>(in.mouth) *
               std::clamp((open - tuning::own_parts::mouth_shut) /
                              (tuning::own_parts::mouth_open - tuning::own_parts::mouth_shut),
                          0.0, 1.0),
           {tuning::own_parts::lip_softness * unit, cvRound(more_mouth(open) * unit),
            pick(in.drawn, middle_of_lips)},
           in.free, rgb);
  if (!in.eyes)
    return rgb;
  const auto more = static_cast<float>(tuning::own_parts::lashes * unit);
  for (const auto* eye : {&part::right_eye(), &part::left_eye()})
    keep_own(in.original, grown(pick(in.points, *eye), more), grown(pick(in.drawn, *eye), more), 1,
             {tuning::own_parts::lid_softness * unit}, in.free, rgb);
  return rgb;
}

} // namespace deid::faceswap::stage
