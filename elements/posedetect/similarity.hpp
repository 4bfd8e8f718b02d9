#pragma once
#include "elements/meta/pose.hpp"
#include "models/blazepose/blazepose.hpp"

namespace deid::posedetect {

/// A person's predicted or found points: 33 places [px], and the visibility of each [0..1].
struct Figure {
  std::vector<cv::Point2f> points{};
  std::vector<float> visibility{};
  cv::Rect2f extent{};  ///< box around the visible points, or around all when fewer than three are visible
  cv::Point2f centre{}; ///< middle of the hips, from the network's alignment
  float radius = 0.F;   ///< of the circle around the body [px], > 0
};

Figure figure_of(const models::PoseResult& found);
Figure moved(Figure figure, cv::Point2f by);

/// Returns the object keypoint similarity [0..1] over the points that are visible in both (over all points
/// when there are too few). All points have one tolerance, a tenth of the body's circle. 1: the same place;
/// about 0: another person. Symmetric.
float similarity(const Figure& a, const Figure& b);

/// Whether two figures are one person: similar overall, or similar in shoulders, elbows and wrists. Without a
/// visible face (covered, or one printed on a shirt) the network misplaces head and hips, but not the arms.
/// No two people have their arms in the same place.
bool same_body(const Figure& a, const Figure& b);

} // namespace deid::posedetect
