#include "elements/faceswap/fringe.hpp"
#include "elements/faceswap/continuation.hpp"
#include "elements/faceswap/measures.hpp"
#include "elements/faceswap/mesh.hpp"
#include "elements/faceswap/zones.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

constexpr float dark = 0.72F;    ///< of the luma of most skin
constexpr double safety = 0.03; ///< of the face: hair's shadow is taken out, too

/// The middle luma of the skin below the brows.
float skin_luma(const cv::Mat& luma, const std::vector<cv::Point3f>& landmarks) {
  const auto& skip = part::not_skin();
  const float brows = (landmarks[105].y + landmarks[334].y) / 2;
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
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

} // namespace

cv::Mat without_fringe(const cv::Mat& rgb, const std::vector<cv::Point3f>& landmarks) {
  const double size = face_size(landmarks);
  cv::Mat luma;
  cv::cvtColor(rgb, luma, cv::COLOR_RGB2GRAY);
  const int soft = std::max(1, cvRound(safety * size)) * 2 + 1;
  const cv::Mat zone = hair_area(with_forehead(landmarks, 0.01F), rgb.size());
  cv::Mat hair = (luma < dark * skin_luma(luma, landmarks)) & zone;
  cv::morphologyEx(hair, hair, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U)); // a mole or two are no hair
  if (cv::countNonZero(hair) == 0)
    return rgb.clone();
  cv::dilate(hair, hair, cv::getStructuringElement(cv::MORPH_ELLIPSE, {soft, soft}));
  hair &= zone;
  const cv::Mat known = face_area(with_forehead(landmarks, 0), rgb.size()) & ~hair;
  cv::Mat skin = rgb.clone(), weight, result(rgb.size(), CV_8UC3);
  continue_colors(skin, known);
  cv::blur(hair, weight, {soft, soft});
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
