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

constexpr double least_reach = 2; ///< px over which a swap fades out, if at all
constexpr double rim_size = 96;   ///< px; soft differences need no larger picture of a face
/// Sizes of the face: the width of the rim whose shading is followed, and the width of the edge outside that
/// rim, where pixels mix with the background.
constexpr double rim_share = 0.035, edge_share = 0.015;
/// Share of the face that may lie behind hands. With more, a face that the network took for a hand shows.
constexpr double most_hidden = 0.6;
/// The same share of the area between brows and lips, and the addition for hands that are fully sure.
constexpr double most_given = 0.5, more_given = 0.25;
constexpr double too_much =
    0.1; ///< share beyond these limits over which hands fade out, so that nothing flickers
/// The hardest edge: px, and sizes of the face on large faces.
constexpr double soft_edge = 2, hard_share = 0.012;

/// Returns an alpha that is full on `shown` and falls to 0 over `reach` px beyond. The edge of the frame is
/// no edge of the face.
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

/// Returns an alpha that is full where the face must never show, and beyond as far as nothing is in front.
/// The last px fade out in any case, because no lens draws a harder edge.
cv::Mat blended(const cv::Mat& shown, const cv::Mat& front, const std::vector<cv::Point3f>& points,
                double reach) {
  cv::Mat alpha = faded_outwards(shown, reach);
  cv::multiply(alpha, 255 - front, alpha, 1 / 255.);
  const cv::Mat never = face_area(points, shown.size()) & ~hair_area(points, shown.size());
  return cv::max(alpha,
                 faded_outwards(never, std::min(reach, std::max(soft_edge, hard_share * face_size(points)))));
}

/// Puts the swap behind hands. A hand that hides most of a face, or of the area between brows and lips, is
/// more likely the face itself, and changes nothing. A hand that was sure for long may hide more.
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

/// Returns the rim of the skin that both pictures show, outside the features. The picture is smaller, because
/// only soft differences are measured on it.
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

/// Returns where both pictures can be compared: on the face, away from its rim.
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
  if (options.fine)
    match_sharpness(original, comparable(shown, points), options.own_parts, memory.softness, picture.rgb);
  // a jaw that moved inwards uncovers the subject's own jaw, which is painted over, too
  shown |= face_area(points, original.size());
  const double size = face_size(points);
  const double reach =
      options.feather > 0 ? std::max(least_reach, static_cast<double>(options.feather) * size) : 0;
  if (!options.own_parts) {
    picture.alpha = faded_outwards(shown, reach);
  } else {
    if (options.fine)
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
