#include "models/ssd/ssd.hpp"
#include "models/ssd/suppression.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

constexpr float same_object_iou = .3F;
constexpr float max_logit = 100.F;

/// The logit whose sigmoid is `score`. With it an anchor below the threshold costs one comparison.
float logit(float score) {
  if (score <= 0.F)
    return -std::numeric_limits<float>::infinity();
  if (score >= 1.F)
    return std::numeric_limits<float>::infinity();
  return std::log(score / (1.F - score));
}

} // namespace

float sigmoid(float x) {
  return 1.F / (1.F + std::exp(-std::clamp(x, -max_logit, max_logit)));
}

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const float height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0)
    return 0.F;
  const float common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

std::vector<cv::Point2f> anchors(int side, const std::vector<AnchorGrid>& grids) {
  std::vector<cv::Point2f> centres;
  for (const AnchorGrid& grid : grids)
    for (int y = 0; y < side / grid.stride; ++y)
      for (int x = 0; x < side / grid.stride; ++x)
        centres.insert(centres.end(), static_cast<std::size_t>(grid.boxes),
                       {(static_cast<float>(x) + .5F) * static_cast<float>(grid.stride),
                        (static_cast<float>(y) + .5F) * static_cast<float>(grid.stride)});
  return centres;
}

cv::Matx23f letterbox_to_image(int side, cv::Size image) {
  const auto longest = static_cast<float>(std::max(image.width, image.height));
  const RotatedRoi whole{
      .center = {static_cast<float>(image.width) / 2, static_cast<float>(image.height) / 2},
      .size = {longest, longest}};
  return crop_to_frame(whole, {side, side});
}

SsdNetwork::SsdNetwork(const std::filesystem::path& model, SsdKind kind, const SessionOptions& options)
    : kind_(std::move(kind)), row_length_(4 + 2 * static_cast<std::size_t>(kind_.keypoints)),
      session_(model, options), anchors_(anchors(kind_.side, kind_.grids)) {
  find_outputs(model);
}

void SsdNetwork::find_outputs(const std::filesystem::path& model) {
  const auto edge = static_cast<std::size_t>(kind_.side);
  bool fits =
      session_.input_shape() == std::vector<std::size_t>{1, edge, edge, 3} && session_.output_count() == 2;
  if (fits) {
    boxes_output_ = session_.output_shape(0).back() == row_length_ ? 0 : 1;
    scores_output_ = 1 - boxes_output_;
    fits = session_.output(boxes_output_).size() == anchors_.size() * row_length_ &&
           session_.output(scores_output_).size() == anchors_.size();
  }
  if (!fits)
    throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() + " is not " + kind_.name +
                                                    " with " + std::to_string(kind_.side) +
                                                    " px input. Run ./meson-free-scripts/setup.");
}

SsdDetection SsdNetwork::decode(std::size_t row, const cv::Matx23f& to_image) const {
  const std::span<const float> raw = session_.output(boxes_output_).subspan(row * row_length_, row_length_);
  const cv::Point2f base = anchors_[row];
  const float scale = to_image(0, 0);
  SsdDetection found;
  const cv::Point2f centre = transform(to_image, base + cv::Point2f(raw[0], raw[1]));
  const cv::Size2f size(raw[2] * scale, raw[3] * scale);
  found.box = {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
  for (std::size_t k = 4; k < row_length_; k += 2)
    found.keypoints.push_back(transform(to_image, base + cv::Point2f(raw[k], raw[k + 1])));
  return found;
}

std::vector<SsdDetection> SsdNetwork::detect_crop(const cv::Mat& crop, const cv::Matx23f& to_image,
                                                  float threshold) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == kind_.side && crop.rows == kind_.side);
  cv::Mat input(crop.size(), CV_32FC3, session_.input().data());
  crop.convertTo(input, CV_32F, 1 / 127.5, -1.);
  session_.infer();
  const auto scores = session_.output(scores_output_);
  require_finite(scores, "detection scores");
  const float enough = logit(threshold);
  std::vector<SsdDetection> found;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    if (!(scores[row] >= enough))
      continue;
    SsdDetection one = decode(row, to_image);
    one.score = sigmoid(scores[row]);
    if (one.box.width > 0 && one.box.height > 0)
      found.push_back(std::move(one));
  }
  return suppress_weighted(std::move(found), same_object_iou);
}

std::vector<SsdDetection> SsdNetwork::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  const cv::Matx23f to_image = letterbox_to_image(kind_.side, rgb.size());
  // MediaPipe's crop counts pixels by their corner. Half a pixel of the input is several of the picture.
  cv::warpAffine(rgb, letterbox_, to_image, {kind_.side, kind_.side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_CONSTANT);
  return detect_crop(letterbox_, to_image, threshold);
}

} // namespace deid::models
