#include "elements/faceswap/drawing/fringe.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/stages/continuation.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "models/statistics/median.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace deid::faceswap {

namespace {

/// Returns the median luma of the skin below the brows.
float skin_luma(const cv::Mat& luma, const Points& landmarks) {
  const auto& skip = part::not_skin();
  const float brows = (landmarks[point::right_brow].y + landmarks[point::left_brow].y) / 2;
  std::vector<std::uint8_t> values;
  for (int i = 0; i < mesh_points; ++i) {
    const cv::Point3f& p = landmarks[static_cast<std::size_t>(i)];
    const cv::Point at(cvFloor(p.x), cvFloor(p.y));
    if (p.y > brows && !std::binary_search(skip.begin(), skip.end(), i) &&
        cv::Rect({0, 0}, luma.size()).contains(at))
      values.push_back(luma.at<std::uint8_t>(at));
  }
  if (values.empty())
    return 0;
  return statistics::upper_median(std::move(values));
}

/// Returns 255 where dark hair and its shadow lie above the brows.
cv::Mat fringe(const cv::Mat& rgb, const Points& landmarks, int around) {
  cv::Mat luma;
  cv::cvtColor(rgb, luma, cv::COLOR_RGB2GRAY);
  const cv::Mat zone = hair_area(with_forehead(landmarks, tuning::fringe::above), rgb.size());
  cv::Mat hair = (luma < tuning::fringe::dark * skin_luma(luma, landmarks)) & zone;
  cv::morphologyEx(
      hair, hair, cv::MORPH_OPEN,
      cv::Mat::ones(tuning::fringe::least_hair, tuning::fringe::least_hair, CV_8U)); // a mole is no hair
  cv::dilate(hair, hair, cv::getStructuringElement(cv::MORPH_ELLIPSE, {around, around}));
  return hair & zone;
}

/// Returns the mesh shrunk by its rim.
Points shrunk(const Points& landmarks, float rim_share) {
  const cv::Point2f centre = centre_of(landmarks);
  Points inner = landmarks;
  for (cv::Point3f& p : inner)
    p = {p.x + rim_share * (centre.x - p.x), p.y + rim_share * (centre.y - p.y), p.z};
  return inner;
}

} // namespace

cv::Mat skin_only(const cv::Mat& rgb, const Points& landmarks, float rim_share) {
  const double size = face_size(landmarks);
  const cv::Mat hair = fringe(rgb, landmarks, std::max(1, cvRound(tuning::fringe::safety * size)) * 2 + 1);
  const cv::Mat face = face_area(with_forehead(landmarks, 0), rgb.size());
  const cv::Mat inside = face_area(with_forehead(shrunk(landmarks, rim_share), 0), rgb.size());
  const cv::Mat skin = stage::continuation({rgb, inside & ~hair});
  cv::Mat weight(rgb.size(), CV_8UC1), result(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const bool at_rim = face.at<std::uint8_t>(y, x) == 0 || inside.at<std::uint8_t>(y, x) == 0;
      const cv::Vec3d away = cv::Vec3d(rgb.at<cv::Vec3b>(y, x)) - cv::Vec3d(skin.at<cv::Vec3b>(y, x));
      const double odd = at_rim ? std::clamp((cv::norm(away) - tuning::fringe::alike) /
                                                 (tuning::fringe::other - tuning::fringe::alike),
                                             0.0, 1.0)
                                : 0;
      weight.at<std::uint8_t>(y, x) =
          std::max(hair.at<std::uint8_t>(y, x), cv::saturate_cast<std::uint8_t>(255 * odd));
    }
  cv::GaussianBlur(
      weight, weight, {0, 0},
      std::max(tuning::fringe::least_sigma, tuning::fringe::softness * tuning::fringe::safety * size));
  weight = cv::max(weight, hair);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const int w = weight.at<std::uint8_t>(y, x);
      for (int c = 0; c < 3; ++c)
        result.at<cv::Vec3b>(y, x)[c] = static_cast<std::uint8_t>(
            (rgb.at<cv::Vec3b>(y, x)[c] * (255 - w) + skin.at<cv::Vec3b>(y, x)[c] * w + 127) / 255);
    }
  return result;
}

} // namespace deid::faceswap
