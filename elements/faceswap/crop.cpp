#include "elements/faceswap/crop.hpp"
#include "elements/faceswap/tuning.hpp"
#include "elements/video/paste.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

cv::Rect2f box_of(std::span<const cv::Point3f> landmarks) {
  cv::Point2f low(1e9F, 1e9F), high(-1e9F, -1e9F);
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

/// Returns whether enough of the contrast is fine detail. A face that moved or is out of focus has little.
bool sharp(const cv::Rect2f& box, const video::FrameView& frame) {
  const float scale = std::max(box.width, box.height) / tuning::crop::sharp_side;
  const cv::Matx23f place(scale, 0, box.x, 0, scale, box.y);
  cv::Mat gray, fine;
  cv::cvtColor(video::crop_rgb(frame, place, {tuning::crop::sharp_side, tuning::crop::sharp_side}), gray,
               cv::COLOR_RGB2GRAY);
  cv::Laplacian(gray, fine, CV_16S, 1);
  cv::Scalar ignored, contrast, detail;
  cv::meanStdDev(gray, ignored, contrast);
  cv::meanStdDev(fine, ignored, detail);
  return contrast[0] > 0 && detail[0] >= tuning::crop::least_detail * contrast[0];
}

} // namespace

FaceCrop crop_face(const video::FrameView& frame, std::span<const cv::Point3f> landmarks,
                   const cv::Rect& also) {
  const cv::Rect2f box = box_of(landmarks);
  const float more = tuning::crop::around * std::max(box.width, box.height);
  const cv::Rect2f wide(box.x - more, box.y - more, box.width + 2 * more, box.height + 2 * more);
  const cv::Rect2f inside = wide & cv::Rect2f({0, 0}, cv::Size2f(frame.size()));
  const cv::Rect bounds = (cv::Rect(inside) | also) & cv::Rect({0, 0}, frame.size());
  if (bounds.empty())
    throw std::invalid_argument("a face to be described is outside the frame");
  FaceCrop crop;
  crop.at = bounds.tl();
  const cv::Matx23f place(1, 0, static_cast<float>(bounds.x), 0, 1, static_cast<float>(bounds.y));
  crop.rgb = video::crop_rgb(frame, place, bounds.size(), {.repeat_edge = true});
  for (const cv::Point3f& p : landmarks)
    crop.landmarks.push_back(p - cv::Point3f(static_cast<float>(bounds.x), static_cast<float>(bounds.y), 0));
  return crop;
}

cv::Mat as_it_leaves(const FaceCrop& crop, const cover::Mask& mask, const cover::Style& style,
                     const Picture& picture) {
  cv::Mat rgb = crop.rgb.clone();
  video::FrameView view = video::rgb_view(rgb);
  const cover::Mask local{mask.bounds - crop.at, mask.mask};
  cover::apply(view, local, style);
  if (picture.alpha.empty())
    return rgb;
  cv::Mat alpha(mask.mask.size(), CV_8UC1, cv::Scalar(0));
  picture.alpha.copyTo(alpha, mask.mask);
  video::paste_rgb(view, local.bounds.tl(), picture.rgb, alpha);
  return rgb;
}

bool sure_observation(const FaceRegion& face, const video::FrameView& frame) {
  const cv::Rect2f box = box_of(face.landmarks);
  return std::abs(face.pose.yaw) <= tuning::crop::most_angle &&
         std::abs(face.pose.pitch) <= tuning::crop::most_angle && face.score >= tuning::crop::least_score &&
         std::max(box.width, box.height) >= tuning::crop::least_size && sharp(box, frame);
}

} // namespace deid::faceswap
