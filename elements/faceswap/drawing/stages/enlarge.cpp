#include "elements/faceswap/drawing/stages/enlarge.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

Picture enlarge(const EnlargeInput& in) {
  if (in.picture.alpha.size() == in.size)
    return in.picture;
  Picture out;
  cv::resize(in.picture.rgb, out.rgb, in.size, 0, 0, cv::INTER_LINEAR);
  cv::resize(in.picture.alpha, out.alpha, in.size, 0, 0, cv::INTER_LINEAR);
  out.alpha.setTo(255, face_area(in.points, in.size) & ~hair_area(in.points, in.size));
  return out;
}

} // namespace deid::faceswap::stage
