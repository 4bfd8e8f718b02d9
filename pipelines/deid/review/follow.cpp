#include "pipelines/deid/review/follow.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <optional>

namespace deid::review {

namespace {

using namespace tuning;

const cv::Size patch_size{24, 24}; // of the pictures that are compared

float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The part of a picture in a box, in one size. Outside the picture its edge is repeated.
cv::Mat patch(const cv::Mat& picture, const cv::Rect2d& box) {
  const cv::Matx23d map(box.width / patch_size.width, 0, box.x, 0, box.height / patch_size.height, box.y);
  cv::Mat out;
  cv::warpAffine(picture, out, map, patch_size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return out;
}

double alike(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat result;
  cv::matchTemplate(a, b, result, cv::TM_CCOEFF_NORMED);
  const double value = static_cast<double>(result.at<float>(0, 0));
  return std::isfinite(value) ? value : 0;
}

std::vector<cv::Point2f> grid_in(const cv::Rect2d& box) {
  std::vector<cv::Point2f> points;
  for (int y = 0; y < grid; ++y)
    for (int x = 0; x < grid; ++x)
      points.emplace_back(static_cast<float>(box.x + box.width * (x + .5) / grid),
                          static_cast<float>(box.y + box.height * (y + .5) / grid));
  return points;
}

struct Moved {
  std::vector<cv::Point2f> before{}, after{};
};

/// The points that come back to where they began.
std::optional<Moved> moved_points(const cv::Mat& a, const cv::Mat& b, const cv::Rect2d& box) {
  const std::vector<cv::Point2f> start = grid_in(box);
  std::vector<cv::Point2f> there, back;
  std::vector<std::uint8_t> ok_there, ok_back;
  const cv::Size window(15, 15);
  cv::calcOpticalFlowPyrLK(a, b, start, there, ok_there, cv::noArray(), window, 3);
  cv::calcOpticalFlowPyrLK(b, a, there, back, ok_back, cv::noArray(), window, 3);
  Moved moved;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const cv::Point2f miss = back[i] - start[i];
    if (ok_there[i] != 0 && ok_back[i] != 0 && std::hypot(miss.x, miss.y) <= most_back) {
      moved.before.push_back(start[i]);
      moved.after.push_back(there[i]);
    }
  }
  if (static_cast<double>(moved.before.size()) < least_points * static_cast<double>(start.size()))
    return std::nullopt;
  return moved;
}

/// How much further apart the points are, as the median over pairs.
double scale_of(const Moved& moved) {
  std::vector<float> ratios;
  for (std::size_t i = 0; i < moved.before.size(); ++i)
    for (std::size_t j = i + 1; j < moved.before.size(); j += 3) {
      const cv::Point2f a = moved.before[i] - moved.before[j], b = moved.after[i] - moved.after[j];
      if (const float length = std::hypot(a.x, a.y); length > 1)
        ratios.push_back(std::hypot(b.x, b.y) / length);
    }
  const double ratio = ratios.empty() ? 1 : static_cast<double>(median(std::move(ratios)));
  return std::clamp(ratio, 1 / most_scale, most_scale);
}

/// Whether nothing happens in the box: a smooth wall has no points to follow.
bool is_still(const cv::Mat& a, const cv::Mat& b, const cv::Rect2d& box, const cv::Mat& key) {
  const cv::Mat now = patch(b, box);
  const auto apart = [&now](const cv::Mat& other) {
    return cv::norm(other, now, cv::NORM_L1) / patch_size.area();
  };
  return apart(patch(a, box)) < still && apart(key) < still_to_key;
}

/// The box one frame further, by the points; nothing when it is lost.
std::optional<cv::Rect2d> followed(const cv::Mat& a, const cv::Mat& b, const cv::Rect2d& box,
                                   const cv::Mat& key) {
  const auto moved = moved_points(a, b, box);
  if (!moved)
    return std::nullopt;
  std::vector<float> dx, dy;
  for (std::size_t i = 0; i < moved->before.size(); ++i) {
    dx.push_back(moved->after[i].x - moved->before[i].x);
    dy.push_back(moved->after[i].y - moved->before[i].y);
  }
  const double grown = scale_of(*moved);
  const cv::Point2d centre(box.x + box.width / 2 + static_cast<double>(median(std::move(dx))),
                           box.y + box.height / 2 + static_cast<double>(median(std::move(dy))));
  const cv::Size2d size(box.width * grown, box.height * grown);
  const cv::Rect2d next(centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height);
  if ((next & cv::Rect2d(0, 0, b.cols, b.rows)).area() < next.area() / 4 || size.width < 3 || size.height < 3)
    return std::nullopt;
  const cv::Mat now = patch(b, next);
  if (alike(patch(a, box), now) < least_alike || alike(key, now) < least_like_key)
    return std::nullopt;
  return next;
}

/// The box one frame further; nothing when it is lost.
std::optional<cv::Rect2d> step(const cv::Mat& a, const cv::Mat& b, const cv::Rect2d& box,
                               const cv::Mat& key) {
  auto next = followed(a, b, box, key);
  return next || !is_still(a, b, box, key) ? next : std::optional(box);
}

cv::Rect2d scaled(const cv::Rect2d& box, double by) {
  return {box.x * by, box.y * by, box.width * by, box.height * by};
}

bool touches(const cv::Rect2d& box, cv::Size video) {
  return (box & cv::Rect2d(0, 0, video.width, video.height)).area() >= 1;
}

} // namespace

const char* to_string(Ended ended) {
  switch (ended) {
  case Ended::limit:
    return "limit";
  case Ended::lost:
    return "lost";
  case Ended::cut:
    return "cut";
  case Ended::end:
    break;
  }
  return "end";
}

Followed follow(const std::function<cv::Mat(int)>& picture, const std::function<bool(int, int)>& is_cut,
                double scale, cv::Size video, int from, int to, const cv::Rect2d& box) {
  Followed result;
  const int direction = to < from ? -1 : 1;
  cv::Mat last = picture(from).clone();
  cv::Rect2d here = scaled(box, scale);
  const cv::Mat key = patch(last, here);
  for (int frame = from + direction; frame != to + direction; frame += direction) {
    if (static_cast<int>(result.boxes.size()) >= most_followed) {
      result.ended = Ended::limit;
      return result;
    }
    const cv::Mat next = picture(frame).clone();
    if (next.empty())
      return result;
    if (is_cut(frame - direction, frame)) {
      result.ended = Ended::cut;
      return result;
    }
    const auto moved = step(last, next, here, key);
    if (!moved || !touches(scaled(*moved, 1 / scale), video)) {
      result.ended = Ended::lost;
      return result;
    }
    here = *moved;
    result.boxes.push_back(scaled(here, 1 / scale));
    last = next;
  }
  return result;
}

cv::Rect2d between(const cv::Rect2d& a, const cv::Rect2d& b, double share, cv::Size video) {
  const auto mix = [share](double x, double y) { return x + (y - x) * share; };
  const cv::Rect2d box(mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height));
  const cv::Rect2d grown(box.x - .1 * box.width, box.y - .1 * box.height, 1.2 * box.width, 1.2 * box.height);
  return touches(grown, video) ? grown : a;
}

} // namespace deid::review
