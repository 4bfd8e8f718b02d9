#include "elements/faceswap/drawing/stages/rim.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

cv::Mat rim(const RimInput& in) {
  const double size = face_size(in.points), scale = std::min(1.0, tuning::rim::work_size / size);
  Points there = in.points;
  for (cv::Point3f& p : there)
    p *= static_cast<float>(scale);
  cv::Mat small;
  cv::resize(in.shown, small, {}, scale, scale, cv::INTER_AREA);
  small = small == 255;
  const auto without_rim = [&](double share) {
    const int px = std::max(1, cvRound(share * scale * size));
    cv::Mat inside;
    cv::erode(small, inside, cv::getStructuringElement(cv::MORPH_RECT, {2 * px + 1, 2 * px + 1}));
    return inside;
  };
  return without_rim(tuning::rim::edge) & ~without_rim(tuning::rim::edge + tuning::rim::wide) &
         ~inner_area(there, small.size());
}

} // namespace deid::faceswap::stage
