#include "elements/faceswap/drawing/swap.hpp"
#include "elements/faceswap/drawing/continuation.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/occlusion.hpp"
#include "elements/faceswap/drawing/own_parts.hpp"
#include "elements/faceswap/drawing/shading.hpp"
#include "elements/faceswap/drawing/sharpness.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

constexpr double least_reach = 2; ///< px that the swap fades out over, when it fades
constexpr double rim_size = 96;   ///< px of a face that its rim is found at
constexpr double rim_share =
    0.035; ///< of the face: where its shading is followed, so that skin goes on beyond
constexpr double edge_share = 0.015; ///< of the face: too near to what is behind it to tell how it is lit
constexpr double most_hidden = 0.6;  ///< of the face that may be behind hands
constexpr double most_given = 0.5, more_given = 0.25; ///< the same, of what makes it a face; more when sure
constexpr double too_much = 0.1; ///< more than that: hands fade out until there, so that no limit flickers
constexpr double soft_edge = 2;  ///< px of the hardest edge
constexpr double hard_share = 0.012; ///< of the face: the same on large ones

/// Full on all of `shown`, falling to 0 beyond it over `reach` px. The frame's edge is no edge of the face.
cv::Mat faded_outwards(const cv::Mat& shown, double reach) {
  const int radius = static_cast<int>(std::clamp(std::round(reach / 2), 0.0, 200.0));
  if (radius < 1)
    return shown;
  const int near = radius / 2, far = radius - near; // two boxes make a tent
  cv::Mat alpha;
  cv::dilate(shown, alpha, cv::getStructuringElement(cv::MORPH_RECT, {2 * radius + 1, 2 * radius + 1}));
  for (const int part : {near, far})
    if (part > 0)
      cv::blur(alpha, alpha, {2 * part + 1, 2 * part + 1}, {-1, -1}, cv::BORDER_REPLICATE);
  return alpha;
}

/// Full on what must never show, and beyond the face as far as nothing else is in front; over the last px of
/// what must not show the swap goes out softly whatever lies beside it, because no lens draws a harder edge.
cv::Mat blended(const cv::Mat& shown, const cv::Mat& front, const std::vector<cv::Point3f>& points,
                double reach) {
  cv::Mat alpha = faded_outwards(shown, reach);
  cv::multiply(alpha, 255 - front, alpha, 1 / 255.);
  const cv::Mat never = face_area(points, shown.size()) & ~hair_area(points, shown.size());
  return cv::max(alpha,
                 faded_outwards(never, std::min(reach, std::max(soft_edge, hard_share * face_size(points)))));
}

/// The swap goes behind hands. What hides most of a face, or of what makes it one, is more likely the face
/// itself, and changes nothing, unless it was surely a hand for long.
void put_behind(const cv::Mat& hands, float sure, const std::vector<cv::Point3f>& points, cv::Mat& alpha) {
  if (hands.empty())
    return;
  const auto shown = [&](const cv::Mat& area, double most) {
    const double hidden = cv::countNonZero(hands & area) / std::max(1., 1. * cv::countNonZero(area));
    return std::clamp((most + too_much - hidden) / too_much, 0., 1.);
  };
  const double share =
      std::min(shown(face_area(points, alpha.size()), most_hidden),
               shown(inner_area(points, alpha.size()),
                     most_given + more_given * std::clamp(static_cast<double>(sure), 0., 1.)));
  cv::Mat beside;
  hands.convertTo(beside, CV_8U, -share, 255);
  cv::multiply(alpha, beside, alpha, 1 / 255.);
}

/// The rim of the skin that both pictures show, outside the features; on a smaller picture, because only soft
/// differences are looked for there.
cv::Mat common_skin(const cv::Mat& shown, const std::vector<cv::Point3f>& points) {
  const double size = face_size(points), scale = std::min(1.0, rim_size / size);
  std::vector<cv::Point3f> there = points;
  for (cv::Point3f& p : there)
    p *= static_cast<float>(scale);
  cv::Mat small;
  cv::resize(shown, small, {}, scale, scale, cv::INTER_AREA);
  small = small == 255;
  const auto without_rim = [&](double share) {
    const int wide = std::max(1, cvRound(share * scale * size));
    cv::Mat inside;
    cv::erode(small, inside, cv::getStructuringElement(cv::MORPH_RECT, {2 * wide + 1, 2 * wide + 1}));
    return inside;
  };
  return without_rim(edge_share) & ~without_rim(edge_share + rim_share) & ~inner_area(there, small.size());
}

/// Where both pictures can be compared: on the face, away from its rim.
cv::Mat comparable(const cv::Mat& shown, const std::vector<cv::Point3f>& points) {
  const int rim = std::max(1, cvRound(0.03 * face_size(points)));
  cv::Mat inside = shown & face_area(points, shown.size());
  cv::erode(inside, inside, cv::getStructuringElement(cv::MORPH_RECT, {2 * rim + 1, 2 * rim + 1}));
  return inside;
}

} // namespace

Picture draw(Painter& painter, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory,
             const CropFrame& crop) {
  if (original.empty() || original.type() != CV_8UC3)
    throw std::invalid_argument("no picture to draw on");
  const std::vector<cv::Point3f> mesh = on_picture(landmarks, at);
  const std::vector<cv::Point3f> points = with_forehead(mesh, forehead_reach);
  Painted painted = painter.paint({original, at, landmarks, mesh, crop}, options, memory);
  cv::Mat& shown = painted.shown;
  Picture picture{painted.rgb, {}};
  if (cv::countNonZero(shown) == 0) {
    picture.alpha = shown;
    return picture;
  }
  continue_colors(picture.rgb, shown);
  match_sharpness(original, comparable(shown, points), options.own_parts, memory.softness, picture.rgb);
  // a jaw that moved inwards leaves the subject's own behind: it is painted over as well
  shown |= face_area(points, original.size());
  const double size = face_size(points);
  const double reach =
      options.feather > 0 ? std::max(least_reach, static_cast<double>(options.feather) * size) : 0;
  if (!options.own_parts) {
    picture.alpha = faded_outwards(shown, reach);
  } else {
    follow_shading(original, common_skin(shown, points), size, picture.rgb);
    picture.alpha = blended(shown, in_front(original, picture.rgb, points), points, reach);
    if (painter.wants_own_parts())
      keep_own_parts(original, points, painted.points, options.eyes == Eyes::own,
                     1 - memory.skin.mouth.share(), options.free, picture.rgb);
    put_behind(options.hands, options.sure_hands, points, picture.alpha);
  }
  return picture;
}

} // namespace deid::faceswap
