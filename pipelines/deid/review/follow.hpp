#pragma once
#include <functional>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid::review {

/// Why following ended.
enum class Ended { limit, lost, cut, end };
const char* to_string(Ended ended);

struct Followed {
  std::vector<cv::Rect2d> boxes{}; ///< of the frames after the first one, in the order of following
  Ended ended = Ended::end;
};

/// Follows a box from frame to frame by the optical flow of a grid of points, forwards and back again: points
/// that do not come back do not count. The box is lost when too few points come back, when its picture is no
/// longer like that of the frame before or like that where a person drew it, or when it leaves the frame.
/// picture(n): CV_8UC1 of frame n, all of one size, scaled by `scale` from px of the video; empty: there is
/// no such frame. is_cut(a, b): whether two neighbouring frames are of two scenes. from: frame of the box;
/// to: last frame, before or after it. box: px of the video. Thread: one at a time.
Followed follow(const std::function<cv::Mat(int)>& picture, const std::function<bool(int, int)>& is_cut,
                double scale, cv::Size video, int from, int to, const cv::Rect2d& box);

/// Joins two boxes that a person placed where following found nothing: straight lines between their edges,
/// and larger by a tenth on each side, because nothing was seen there.
cv::Rect2d between(const cv::Rect2d& a, const cv::Rect2d& b, double share, cv::Size video);

} // namespace deid::review
