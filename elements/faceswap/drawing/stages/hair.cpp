#include "elements/faceswap/drawing/stages/hair.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/stages/fade.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

float ramp(float value, float none, float all) {
  return std::clamp((value - none) / (all - none), 0.F, 1.F);
}

std::uint8_t otherness(const cv::Vec3b& is, const cv::Vec3b& skin, const tuning::hair::Limits& limits) {
  const auto luma = [](const cv::Vec3b& c) { return (77 * c[0] + 150 * c[1] + 29 * c[2]) >> 8; };
  const int is_luma = luma(is), skin_luma = luma(skin);
  const int darker = limits.lighter_too ? std::abs(skin_luma - is_luma) : skin_luma - is_luma;
  const int color = std::abs((is[0] - is_luma) - (skin[0] - skin_luma)) +
                    std::abs((is[2] - is_luma) - (skin[2] - skin_luma));
  const float by_luma =
      ramp(static_cast<float>(darker) / (static_cast<float>(skin_luma) + tuning::hair::noise),
           limits.darker_none, limits.darker_all);
  const float by_color = ramp(static_cast<float>(color), limits.color_none, limits.color_all);
  return static_cast<std::uint8_t>(cvRound(255 * std::max(by_luma, by_color)));
}

/// Returns where the rim of a face is surely not skin. CV_8UC1, 255 = surely. It is always 0 between brows
/// and lips, so a face never shows.
cv::Mat in_front(const cv::Mat& original, const cv::Mat& swap, const Points& points) {
  const cv::Mat face = face_area(points, original.size());
  const cv::Mat hair = hair_area(points, original.size());
  cv::Mat front(original.size(), CV_8UC1);
  for (int y = 0; y < front.rows; ++y) {
    const std::uint8_t* on = face.ptr(y);
    const std::uint8_t* may = hair.ptr(y);
    const auto* is = original.ptr<cv::Vec3b>(y);
    const auto* skin = swap.ptr<cv::Vec3b>(y);
    std::uint8_t* out = front.ptr(y);
    for (int x = 0; x < front.cols; ++x)
      if (on[x] == 0)
        out[x] = otherness(is[x], skin[x], may[x] == 0 ? tuning::hair::beyond : tuning::hair::on_forehead);
      else
        out[x] = may[x] == 0 ? std::uint8_t{0} : otherness(is[x], skin[x], tuning::hair::on_face);
  }
  cv::GaussianBlur(front, front, {0, 0},
                   std::max(tuning::hair::least_sigma, tuning::hair::softness * face_size(points)));
  front.setTo(0, face & ~hair);
  return front;
}

} // namespace

cv::Mat hair(const HairInput& in) {
  const cv::Mat front = in_front(in.original, in.rgb, in.points);
  cv::Mat alpha;
  cv::multiply(in.alpha, 255 - front, alpha, 1 / 255.);
  // the last px fade out in any case, because no lens draws a harder edge
  const double edge =
      std::min(fade_reach(in.feather, in.points),
               std::max(tuning::hair::soft_edge, tuning::hair::hard_share * face_size(in.points)));
  const cv::Mat never = face_area(in.points, in.alpha.size()) & ~hair_area(in.points, in.alpha.size());
  return cv::max(alpha, faded_outwards(never, edge));
}

} // namespace deid::faceswap::stage
