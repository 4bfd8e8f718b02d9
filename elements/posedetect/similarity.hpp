#pragma once
#include "elements/meta/pose.hpp"
#include "models/blazepose/blazepose.hpp"

namespace deid::posedetect {

/// Where a person is supposed to be or was found: 33 places [px] and how visible each is [0..1].
struct Figure {
  std::vector<cv::Point2f> points{};
  std::vector<float> visibility{};
  cv::Rect2f extent{};  ///< box around the visible points, or around all when fewer than three are visible
  cv::Point2f centre{}; ///< middle of the hips as the network's alignment gives it
  float radius = 0.F;   ///< of the circle around the body [px], > 0
};

Figure figure_of(const models::PoseResult& found);
Figure moved(Figure figure, cv::Point2f by);

/// Object keypoint similarity with one tolerance for all points (a tenth of the body's circle), over the
/// points that both show, [0..1]: 1 the same place, about 0 somebody else. Symmetric.
float similarity(const Figure& a, const Figure& b);

/// Whether two figures are one person: alike all over, or alike in shoulders, elbows and wrists. Without a
/// face to go by (it is covered, or printed on a shirt) the network draws head and hips anywhere, but the
/// arms where they are; and no two people have the same arms.
bool same_body(const Figure& a, const Figure& b);

} // namespace deid::posedetect
