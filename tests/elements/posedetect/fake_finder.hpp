#pragma once
#include "elements/posedetect/finder.hpp"
#include <functional>
#include <optional>

namespace deid::posedetect::test {

/// A person in a scripted scene. The first two luma samples hold the frame's number for the finder.
struct Actor {
  std::function<std::optional<cv::Point2f>(int frame)>
      place;           ///< middle of the hips; none: not in the picture
  float radius = 60.F; ///< of the circle around the body, px
  std::function<bool(int frame)> detected = [](int) { return true; };
  std::function<bool(int frame)> landmarked = [](int) { return true; };
  float visibility = .9F;
};

/// A finder that finds actors instead of pixels: in a region it finds the actor nearest to its centre.
class FakeFinder : public Finder {
public:
  std::vector<Actor> actors;
  int looks = 0, landmark_runs = 0;
  std::vector<Extent> extents; ///< of the looks

  static int number(const video::FrameView& frame) {
    return frame.planes[0].data[0] + 256 * frame.planes[0].data[1];
  }

  std::vector<models::PoseDetection> detect(const video::FrameView& frame, float, Extent extent) override {
    ++looks;
    extents.push_back(extent);
    std::vector<models::PoseDetection> found;
    const int n = number(frame);
    for (const Actor& actor : actors)
      if (const auto at = actor.place(n); at && actor.detected(n)) {
        models::PoseDetection one{.score = .9F};
        one.keypoints[0] = *at;
        one.keypoints[1] = *at + cv::Point2f(0, -actor.radius);
        one.box = {at->x - 10, at->y - .8F * actor.radius - 10, 20, 20};
        found.push_back(one);
      }
    return found;
  }

  models::PoseResult landmarks(const video::FrameView& frame, const models::RotatedRoi& roi,
                               bool mask) override {
    ++landmark_runs;
    const int n = number(frame);
    const Actor* nearest = nullptr;
    float least = .5F * roi.size.width;
    for (const Actor& actor : actors)
      if (const auto at = actor.place(n); at && actor.landmarked(n))
        if (const auto away = static_cast<float>(cv::norm(*at - roi.center)); away < least) {
          least = away;
          nearest = &actor;
        }
    models::PoseResult result;
    const cv::Point2f at = nearest != nullptr ? *nearest->place(n) : roi.center;
    const float radius = nearest != nullptr ? nearest->radius : 10.F;
    for (int i = 0; i < models::PoseLandmarks::point_count; ++i) {
      // a body upright: head first, feet last
      const float down = (static_cast<float>(i) / 32 - .4F) * 2 * .8F;
      const float aside = (i % 2 == 0 ? .2F : -.2F);
      result.points.push_back({{at.x + aside * radius, at.y + down * radius, 0},
                               nearest != nullptr ? nearest->visibility : .1F,
                               .9F});
    }
    result.points[0].at = {at.x, at.y - .8F * radius, 0};
    result.alignment = {at, at + cv::Point2f(0, -radius)};
    result.presence = nearest != nullptr ? .95F : .05F;
    if (mask)
      result.mask = cv::Mat(256, 256, CV_8UC1, cv::Scalar(200));
    return result;
  }
};

} // namespace deid::posedetect::test
