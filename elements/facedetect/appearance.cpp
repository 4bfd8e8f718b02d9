#include "elements/facedetect/appearance.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::facedetect {

namespace {
cv::Mat luma_patch(const video::FrameView& frame, const cv::Rect2f& box, int side) {
  const models::RotatedRoi roi{center(box), {box.width, box.height}, 0.F};
  const cv::Size size(side, side);
  cv::Mat gray;
  cv::cvtColor(video::crop_rgb(frame, models::crop_to_frame(roi, size), size), gray, cv::COLOR_RGB2GRAY);
  return gray;
}
} // namespace

cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box) {
  return luma_patch(frame, box, tuning::patch_side);
}

std::optional<Likeness> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance,
                                          const cv::Rect2f& box) {
  if (appearance.empty())
    return std::nullopt;
  const cv::Rect2f window = scaled(box, tuning::patch_search);
  const cv::Mat area =
      luma_patch(frame, window, static_cast<int>(std::lround(tuning::patch_side * tuning::patch_search)));
  cv::Mat fit;
  cv::matchTemplate(area, appearance, fit, cv::TM_CCOEFF_NORMED);
  double best = 0;
  cv::Point at;
  cv::minMaxLoc(fit, nullptr, &best, nullptr, &at);
  const float unit_x = window.width / static_cast<float>(area.cols);
  const float unit_y = window.height / static_cast<float>(area.rows);
  return Likeness{{window.x + static_cast<float>(at.x) * unit_x, window.y + static_cast<float>(at.y) * unit_y,
                   box.width, box.height},
                  static_cast<float>(best)};
}

} // namespace deid::facedetect
