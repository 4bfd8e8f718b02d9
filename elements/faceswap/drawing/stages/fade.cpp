#include "elements/faceswap/drawing/stages/fade.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

double fade_reach(float feather, const Points& points) {
  return feather > 0 ? std::max(tuning::fade::least_reach, static_cast<double>(feather) * face_size(points))
                     : 0;
}

cv::Mat faded_outwards(const cv::Mat& shown, double reach) {
  const int radius = static_cast<int>(std::clamp(std::round(reach / 2), 0.0, tuning::fade::most_radius));
  if (radius < 1)
    return shown;
  const int near = radius / 2, far = radius - near; // two boxes make a tent
  cv::Mat alpha;
  cv::dilate(shown, alpha, cv::getStructuringElement(cv::MORPH_RECT, {2 * radius + 1, 2 * radius + 1}));
  for (const int part : {near, far})
    if (part > 0)
      cv::blur(alpha, alpha, {2 * part + 1, 2 * part + 1}, {-1, -1}, cv::BORDER_REPLICATE);
  return alpha;
}

cv::Mat fade(const FadeInput& in) {
  return faded_outwards(in.covered, fade_reach(in.feather, in.points));
}

} // namespace deid::faceswap::stage
