#include "elements/faceswap/drawing/stages/put_back.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

/// Returns the inverse of a similarity from crop to picture, in pixel indices.
cv::Matx23d to_crop_by_index(const cv::Matx23d& m) {
  const double area = m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0);
  const double a = m(1, 1) / area, b = -m(0, 1) / area, c = -m(1, 0) / area, d = m(0, 0) / area;
  const double x = .5 - m(0, 2), y = .5 - m(1, 2);
  return {a, b, a * x + b * y - .5, c, d, c * x + d * y - .5};
}

/// Returns where the crop lies on the picture, without its edge. CV_8UC1, 255 inside.
cv::Mat quad(const cv::Matx23f& to_picture, int crop, cv::Size size) {
  std::vector<cv::Point> corners;
  const auto low = static_cast<float>(tuning::put_back::edge),
             high = static_cast<float>(crop - tuning::put_back::edge);
  for (const cv::Point2f& p : {cv::Point2f(low, low), {high, low}, {high, high}, {low, high}}) {
    const cv::Matx21f at = to_picture * cv::Matx31f(p.x, p.y, 1);
    corners.emplace_back(cvRound(at(0) * 16 - 8),
                         cvRound(at(1) * 16 - 8)); // 4 fractional bits, centres at .5
  }
  cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
  cv::fillConvexPoly(mask, corners, cv::Scalar(255), cv::LINE_8, 4);
  return mask;
}

} // namespace

Drawn put_back(const PutBackInput& in) {
  cv::Matx23f place = in.to_frame;
  place(0, 2) -= static_cast<float>(in.at.x);
  place(1, 2) -= static_cast<float>(in.at.y);
  Drawn out;
  cv::warpAffine(in.face, out.rgb, to_crop_by_index(place), in.size, cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  out.shown = face_area(in.points, in.size) & quad(place, in.face.cols, in.size);
  return out;
}

} // namespace deid::faceswap::stage
