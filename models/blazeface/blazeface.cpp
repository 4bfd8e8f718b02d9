#include "models/blazeface/blazeface.hpp"
#include "models/blazeface/suppression.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

constexpr float same_face_iou = .3F;
constexpr float max_logit = 100.F;
constexpr std::size_t values_per_anchor = 16; // box (4), then 6 keypoints

/// A grid of anchors as MediaPipe's graphs lay it out: `boxes` anchors in the middle of every cell of side
/// `stride` [px].
struct Grid {
  int stride;
  int boxes;
};

/// Anchor centres in input px, in the order of the network's rows.
std::vector<cv::Point2f> anchors(int side, std::initializer_list<Grid> grids) {
  std::vector<cv::Point2f> centres;
  for (const Grid& grid : grids)
    for (int y = 0; y < side / grid.stride; ++y)
      for (int x = 0; x < side / grid.stride; ++x)
        centres.insert(centres.end(), static_cast<std::size_t>(grid.boxes),
                       {(static_cast<float>(x) + .5F) * static_cast<float>(grid.stride),
                        (static_cast<float>(y) + .5F) * static_cast<float>(grid.stride)});
  return centres;
}

float sigmoid(float x) {
  return 1.F / (1.F + std::exp(-std::clamp(x, -max_logit, max_logit)));
}

/// The logit whose sigmoid is `score`, so that anchors below the threshold cost one comparison.
float logit(float score) {
  if (score <= 0.F)
    return -std::numeric_limits<float>::infinity();
  if (score >= 1.F)
    return std::numeric_limits<float>::infinity();
  return std::log(score / (1.F - score));
}

} // namespace

struct BlazeFace::Impl {
  Session session;
  int side = 0; ///< of the square input [px]
  std::vector<cv::Point2f> anchor;
  std::size_t boxes_output = 0;
  std::size_t scores_output = 0;
  cv::Mat letterbox; ///< kept from call to call

  Impl(const std::filesystem::path& model, Range range, const SessionOptions& options)
      : session(model, options), side(range == Range::short_range ? 128 : 192),
        anchor(range == Range::short_range ? anchors(side, {{8, 2}, {16, 6}}) : anchors(side, {{4, 1}})) {
    find_outputs(model);
  }

  void find_outputs(const std::filesystem::path& model) {
    const auto edge = static_cast<std::size_t>(side);
    bool fits =
        session.input_shape() == std::vector<std::size_t>{1, edge, edge, 3} && session.output_count() == 2;
    if (fits) {
      boxes_output = session.output_shape(0).back() == values_per_anchor ? 0 : 1;
      scores_output = 1 - boxes_output;
      fits = session.output(boxes_output).size() == anchor.size() * values_per_anchor &&
             session.output(scores_output).size() == anchor.size();
    }
    if (!fits)
      throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() +
                                                      " is not a BlazeFace with " + std::to_string(side) +
                                                      " px input. Run ./meson-free-scripts/setup.");
  }

  /// Fills the network's input; gives input px -> image px.
  cv::Matx23f prepare(const cv::Mat& rgb) {
    const float longest = static_cast<float>(std::max(rgb.cols, rgb.rows));
    const RotatedRoi whole{.center = {static_cast<float>(rgb.cols) / 2, static_cast<float>(rgb.rows) / 2},
                           .size = {longest, longest}};
    const cv::Size size(side, side);
    const cv::Matx23f to_image = crop_to_frame(whole, size);
    // MediaPipe's own crop counts pixels by their corner; half a pixel of the input is several of the
    // picture.
    cv::warpAffine(rgb, letterbox, to_image, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_CONSTANT);
    cv::Mat input(size, CV_32FC3, session.input().data());
    letterbox.convertTo(input, CV_32F, 1 / 127.5, -1.);
    return to_image;
  }

  [[nodiscard]] FaceDetection decode(std::size_t row, const cv::Matx23f& to_image) const {
    const std::span<const float> raw =
        session.output(boxes_output).subspan(row * values_per_anchor, values_per_anchor);
    const cv::Point2f base = anchor[row];
    const float scale = to_image(0, 0);
    FaceDetection face;
    const cv::Point2f centre = transform(to_image, base + cv::Point2f(raw[0], raw[1]));
    const cv::Size2f size(raw[2] * scale, raw[3] * scale);
    face.box = {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
    for (std::size_t k = 0; k < face.keypoints.size(); ++k)
      face.keypoints[k] = transform(to_image, base + cv::Point2f(raw[4 + 2 * k], raw[5 + 2 * k]));
    return face;
  }
};

BlazeFace::BlazeFace(const std::filesystem::path& model, Range range, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, range, options)) {}
BlazeFace::~BlazeFace() = default;
BlazeFace::BlazeFace(BlazeFace&&) noexcept = default;

std::vector<FaceDetection> BlazeFace::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  const cv::Matx23f to_image = impl_->prepare(rgb);
  impl_->session.infer();
  const auto scores = impl_->session.output(impl_->scores_output);
  const float enough = logit(threshold);
  std::vector<FaceDetection> found;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    if (!(scores[row] >= enough))
      continue;
    FaceDetection face = impl_->decode(row, to_image);
    face.score = sigmoid(scores[row]);
    if (face.box.width > 0 && face.box.height > 0)
      found.push_back(face);
  }
  return suppress_weighted(std::move(found), same_face_iou);
}

RotatedRoi mesh_roi(const FaceDetection& detection) {
  constexpr float margin = 1.5F;
  const cv::Rect2f& box = detection.box;
  const cv::Point2f eyes = detection.keypoints[1] - detection.keypoints[0];
  const float side = margin * std::max(box.width, box.height);
  return {.center = {box.x + box.width / 2, box.y + box.height / 2},
          .size = {side, side},
          .rotation = std::atan2(eyes.y, eyes.x)};
}

} // namespace deid::models
