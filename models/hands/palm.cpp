#include "models/hands/hands.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

constexpr float same_palm_iou = .3F;
constexpr float max_logit = 100.F;
constexpr std::size_t values_per_anchor = 4 + 2 * PalmDetection::keypoint_count;

/// Anchor centres in input px, in the order of the network's rows: two a cell of 8 px, then six a cell of 16
/// px (three consecutive layers).
std::vector<cv::Point2f> anchors() {
  std::vector<cv::Point2f> centres;
  for (const auto& [stride, boxes] : {std::pair(8, 2), std::pair(16, 6)})
    for (int y = 0; y < PalmDetector::input_size / stride; ++y)
      for (int x = 0; x < PalmDetector::input_size / stride; ++x)
        centres.insert(centres.end(), static_cast<std::size_t>(boxes),
                       {(static_cast<float>(x) + .5F) * static_cast<float>(stride),
                        (static_cast<float>(y) + .5F) * static_cast<float>(stride)});
  return centres;
}

float sigmoid(float x) {
  return 1.F / (1.F + std::exp(-std::clamp(x, -max_logit, max_logit)));
}

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float common = (a & b).area();
  return common > 0 ? common / (a.area() + b.area() - common) : 0.F;
}

/// MediaPipe's weighted suppression: detections that overlap the best one are averaged by score.
std::vector<PalmDetection> suppress(std::vector<PalmDetection> found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<PalmDetection> palms;
  for (auto first = found.begin(); first != found.end();) {
    const auto rest =
        std::stable_partition(std::next(first), found.end(), [best = first->box](const auto& other) {
          return overlap(best, other.box) > same_palm_iou;
        });
    float total = 0.F;
    for (auto one = first; one != rest; ++one)
      total += one->score;
    PalmDetection mean;
    mean.score = first->score;
    for (auto one = first; one != rest; ++one) {
      const float share = one->score / total;
      mean.box.x += share * one->box.x;
      mean.box.y += share * one->box.y;
      mean.box.width += share * one->box.width;
      mean.box.height += share * one->box.height;
      for (std::size_t k = 0; k < mean.keypoints.size(); ++k)
        mean.keypoints[k] += share * one->keypoints[k];
    }
    palms.push_back(mean);
    first = rest;
  }
  return palms;
}

} // namespace

struct PalmDetector::Impl {
  Session session;
  std::vector<cv::Point2f> anchor = anchors();
  std::size_t boxes_output = 0;
  std::size_t scores_output = 0;
  cv::Mat letterbox{};

  Impl(const std::filesystem::path& model, const SessionOptions& options) : session(model, options) {
    constexpr std::size_t edge = input_size;
    bool fits =
        session.input_shape() == std::vector<std::size_t>{1, edge, edge, 3} && session.output_count() == 2;
    if (fits) {
      boxes_output = session.output(0).size() == anchor.size() * values_per_anchor ? 0 : 1;
      scores_output = 1 - boxes_output;
      fits = session.output(boxes_output).size() == anchor.size() * values_per_anchor &&
             session.output(scores_output).size() == anchor.size();
    }
    if (!fits)
      throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() +
                                                      " is not the palm detector with 192 px input. Run "
                                                      "./meson-free-scripts/setup.");
  }

  /// Fills the network's input; returns the matrix from input px to image px.
  cv::Matx23f prepare(const cv::Mat& rgb) {
    const auto longest = static_cast<float>(std::max(rgb.cols, rgb.rows));
    const cv::Size size(input_size, input_size);
    const cv::Matx23f to_image =
        crop_to_frame({.center = {static_cast<float>(rgb.cols) / 2, static_cast<float>(rgb.rows) / 2},
                       .size = {longest, longest}},
                      size);
    // MediaPipe's crop counts pixels by their corner.
    cv::warpAffine(rgb, letterbox, to_image, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_CONSTANT);
    cv::Mat input(size, CV_32FC3, session.input().data());
    letterbox.convertTo(input, CV_32F, 1 / 255.);
    return to_image;
  }

  [[nodiscard]] PalmDetection decode(std::size_t row, const cv::Matx23f& to_image) const {
    const auto raw = session.output(boxes_output).subspan(row * values_per_anchor, values_per_anchor);
    require_finite(raw, "palm boxes");
    PalmDetection palm;
    const cv::Point2f centre = transform(to_image, anchor[row] + cv::Point2f(raw[0], raw[1]));
    const cv::Size2f size(raw[2] * to_image(0, 0), raw[3] * to_image(1, 1));
    palm.box = {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
    for (std::size_t k = 0; k < palm.keypoints.size(); ++k)
      palm.keypoints[k] = transform(to_image, anchor[row] + cv::Point2f(raw[4 + 2 * k], raw[5 + 2 * k]));
    return palm;
  }
};

PalmDetector::PalmDetector(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
PalmDetector::~PalmDetector() = default;
PalmDetector::PalmDetector(PalmDetector&&) noexcept = default;

std::vector<PalmDetection> PalmDetector::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  const cv::Matx23f to_image = impl_->prepare(rgb);
  impl_->session.infer();
  const auto scores = impl_->session.output(impl_->scores_output);
  require_finite(scores, "palm scores");
  std::vector<PalmDetection> found;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    const float score = sigmoid(scores[row]);
    if (!(score >= threshold))
      continue;
    PalmDetection palm = impl_->decode(row, to_image);
    palm.score = score;
    if (palm.box.width > 0 && palm.box.height > 0)
      found.push_back(palm);
  }
  return suppress(std::move(found));
}

} // namespace deid::models
