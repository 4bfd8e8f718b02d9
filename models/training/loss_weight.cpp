#include "models/training/loss_weight.hpp"
#include "models/autoencoder/alignment.hpp"
#include "models/training/augment.hpp"
#include "models/training/tuning.hpp"
#include <array>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace deid::training {

namespace {

// Outlines in the face mesh.
constexpr std::array right_eye{33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246};
constexpr std::array left_eye{263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466};
constexpr std::array lips{61,  146, 91,  181, 84,  17, 314, 405, 321, 375,
                          291, 409, 270, 269, 267, 0,  37,  39,  40,  185};

void add_part(cv::Mat& weight, std::span<const cv::Point2f> points, std::span<const int> outline,
              double value) {
  cv::Point2f middle;
  for (const int i : outline)
    middle += points[static_cast<std::size_t>(i)] / static_cast<float>(outline.size());
  std::vector<cv::Point> places;
  for (const int i : outline)
    places.emplace_back(middle +
                        static_cast<float>(tuning::room) * (points[static_cast<std::size_t>(i)] - middle));
  // A closed eye's outline is a line, so the outline's stroke is a fifth of its width thick
  const int thick = std::max(1, static_cast<int>(cv::norm(places.front() - places[outline.size() / 2]) / 5));
  cv::Mat part = cv::Mat::zeros(weight.size(), CV_32FC1);
  std::vector<cv::Point> hull;
  cv::convexHull(places, hull);
  cv::fillConvexPoly(part, hull, value);
  cv::polylines(part, hull, true, value, thick);
  weight += part;
}

} // namespace

cv::Mat loss_weight(std::span<const cv::Point2f> points, int size, const LossWeight& how) {
  const cv::Mat face = models::autoencoder::face_mask(points, size);
  cv::Mat weight;
  face.convertTo(weight, CV_32FC1, (1 - how.outside) / 255, how.outside);
  add_part(weight, points, right_eye, how.eyes);
  add_part(weight, points, left_eye, how.eyes);
  add_part(weight, points, lips, how.mouth);
  const int soft = 2 * (size / 64) + 1; // as wide as three pixels of a mask of 128
  cv::blur(weight, weight, {soft, soft});
  cv::Mat out;
  weight.convertTo(out, CV_8UC1, 1 / weight_unit);
  return out;
}

} // namespace deid::training
