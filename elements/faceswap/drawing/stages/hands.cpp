#include "elements/faceswap/drawing/stages/hands.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

cv::Mat hands(const HandsInput& in) {
  if (in.hands.empty())
    return in.alpha;
  const auto shown = [&](const cv::Mat& area, double most) {
    const double hidden = cv::countNonZero(in.hands & area) / std::max(1., 1. * cv::countNonZero(area));
    return std::clamp((most + tuning::hands::too_much - hidden) / tuning::hands::too_much, 0., 1.);
  };
  const double share =
      std::min(shown(face_area(in.points, in.alpha.size()), tuning::hands::most_hidden),
               shown(inner_area(in.points, in.alpha.size()),
                     tuning::hands::most_given +
                         tuning::hands::more_given * std::clamp(static_cast<double>(in.sure), 0., 1.)));
  cv::Mat beside, alpha;
  in.hands.convertTo(beside, CV_8U, -share, 255);
  cv::multiply(in.alpha, beside, alpha, 1 / 255.);
  return alpha;
}

} // namespace deid::faceswap::stage
