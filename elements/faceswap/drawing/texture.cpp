#include "elements/faceswap/drawing/texture.hpp"
#include "elements/faceswap/drawing/even_hue.hpp"
#include "elements/faceswap/drawing/fringe.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

cv::Rect2f box_of(const Points& landmarks) {
  cv::Point2f low(landmarks.front().x, landmarks.front().y), high = low;
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

/// Returns the places that give the points their colours. Outline and forehead take theirs from a little
/// inside, because a picture may show hair, a hat or plain grey at the rim of a face.
std::vector<cv::Point2f> skin_sources(const Points& landmarks) {
  Points inner = landmarks;
  const cv::Point2f centre = centre_of(landmarks);
  for (const int i : part::oval()) {
    cv::Point3f& p = inner[static_cast<std::size_t>(i)];
    p.x += tuning::texture::inwards * (centre.x - p.x);
    p.y += tuning::texture::inwards * (centre.y - p.y);
  }
  std::vector<cv::Point2f> sources;
  for (const cv::Point3f& p : inner)
    sources.emplace_back(p.x, p.y);
  for (const cv::Point2f& p : folded_forehead(inner, forehead_reach))
    sources.push_back(p);
  return sources;
}

} // namespace

Texture::Texture(const Target& target)
    : geometry_((require_valid(target, "The target " + target.name), target.landmarks)) {
  points_ = with_forehead(target.landmarks, forehead_reach);
  box_ = box_of(points_);
  try {
    triangles_ = triangulate(points_);
  } catch (const std::invalid_argument&) {
    throw TargetError("The target " + target.name + " cannot be used: its landmarks make no mesh.");
  }
  sources_ = skin_sources(target.landmarks);
  levels_.push_back(even_hue(skin_only(target.image, target.landmarks), target.landmarks));
  while (levels_.size() < tuning::texture::level_count &&
         std::min(levels_.back().cols, levels_.back().rows) >= tuning::texture::least_level) {
    cv::Mat half;
    cv::pyrDown(levels_.back(), half);
    levels_.push_back(half);
  }
}

cv::Point2f Texture::on_face(cv::Point2f p) const {
  return {(p.x - box_.x) / std::max(box_.width, 1e-3F), (p.y - box_.y) / std::max(box_.height, 1e-3F)};
}

} // namespace deid::faceswap
