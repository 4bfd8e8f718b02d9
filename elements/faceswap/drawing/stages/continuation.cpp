#include "elements/faceswap/drawing/stages/continuation.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

constexpr float no_weight = 1e-6F; ///< instead of 0 in a division

/// Mean colours (CV_32FC3), and how sure each is, [0..1] (CV_32FC1).
struct Level {
  cv::Mat color, sure;
};

cv::Size half(cv::Size size) {
  return {(size.width + 1) / 2, (size.height + 1) / 2};
}

/// Returns color * by. by: CV_32FC1.
cv::Mat times(const cv::Mat& color, const cv::Mat& by) {
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{by, by, by}, three);
  return color.mul(three);
}

Level first_level(const cv::Mat& rgb, const cv::Mat& known) {
  const cv::Size size(std::max(1, rgb.cols / tuning::continuation::shrink),
                      std::max(1, rgb.rows / tuning::continuation::shrink));
  cv::Mat masked(rgb.size(), CV_8UC3, cv::Scalar::all(0)), binary, small, share;
  rgb.copyTo(masked, known);
  binary = known != 0;
  cv::resize(masked, small, size, 0, 0, cv::INTER_AREA);
  cv::resize(binary, share, size, 0, 0, cv::INTER_AREA);
  Level level;
  small.convertTo(level.color, CV_32F);
  share.convertTo(level.sure, CV_32F, 1 / 255.);
  level.sure.setTo(0, level.sure < tuning::continuation::least_known);
  cv::Mat by;
  cv::divide(1, cv::max(level.sure, tuning::continuation::least_known), by);
  level.color = times(level.color, by);
  level.sure.setTo(1, level.sure > 0);
  return level;
}

Level coarser(const Level& fine) {
  Level out;
  const cv::Size size = half(fine.sure.size());
  cv::resize(times(fine.color, fine.sure), out.color, size, 0, 0, cv::INTER_AREA);
  cv::resize(fine.sure, out.sure, size, 0, 0, cv::INTER_AREA);
  cv::Mat by;
  cv::divide(1, cv::max(out.sure, no_weight), by);
  out.color = times(out.color, by);
  out.sure = cv::min(out.sure * tuning::continuation::fully_known, 1);
  return out;
}

} // namespace

cv::Mat continuation(const Drawn& in) {
  if (cv::countNonZero(in.shown) == 0)
    return in.rgb;
  std::vector<Level> levels{first_level(in.rgb, in.shown)};
  while (levels.back().sure.cols > 1 || levels.back().sure.rows > 1)
    levels.push_back(coarser(levels.back()));
  if (cv::countNonZero(levels.back().sure) == 0)
    return in.rgb; // too few known pixels for any cell
  cv::Mat color = levels.back().color;
  for (auto level = levels.rbegin() + 1; level != levels.rend(); ++level) {
    cv::Mat below;
    cv::resize(color, below, level->sure.size(), 0, 0, cv::INTER_LINEAR);
    color = below + times(level->color - below, level->sure);
  }
  cv::Mat levels_8, out;
  color.convertTo(levels_8, CV_8U); // before it is enlarged: the colours are soft
  cv::resize(levels_8, out, in.rgb.size(), 0, 0, cv::INTER_LINEAR);
  in.rgb.copyTo(out, in.shown);
  return out;
}

} // namespace deid::faceswap::stage
