#include "elements/faceswap/drawing/stages/soften.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

cv::Mat soften(const SoftenInput& in) {
  const cv::Matx23f& to_frame = in.to_frame;
  const double step = std::hypot(static_cast<double>(to_frame(0, 0)), static_cast<double>(to_frame(1, 0)));
  if (step * tuning::soften::smaller >= 1)
    return in.face;
  cv::Mat soft;
  cv::GaussianBlur(in.face, soft, {0, 0}, tuning::soften::blur / step);
  return soft;
}

} // namespace deid::faceswap::stage
