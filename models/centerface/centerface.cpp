#include "models/centerface/centerface.hpp"
#include "models/ssd/suppression.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

constexpr int stride = 4; // input px per cell of the output maps
constexpr float same_face_iou = .3F;

SessionOptions with_shape(SessionOptions options, cv::Size input) {
  if (input.width <= 0 || input.height <= 0 || input.width % 32 != 0 || input.height % 32 != 0)
    throw ModelError(ModelError::Kind::engine, "CenterFace needs an input of multiples of 32 px, not " +
                                                   std::to_string(input.width) + "x" +
                                                   std::to_string(input.height) + ".");
  options.input_shape = {1, 3, static_cast<std::size_t>(input.height), static_cast<std::size_t>(input.width)};
  return options;
}

} // namespace

struct CenterFace::Impl {
  Session session;
  cv::Size input;
  cv::Size map;      ///< size of the output maps [cells]
  cv::Size fitted{}; ///< size of the picture inside the input [px]; the rest is black
  cv::Mat scaled;
  std::array<cv::Mat, 3> channel;

  Impl(const std::filesystem::path& model, cv::Size size, const SessionOptions& options)
      : session(model, with_shape(options, size)), input(size), map(size / stride) {
    constexpr std::array<std::size_t, 4> channels{1, 2, 2, 10};
    const auto area = static_cast<std::size_t>(map.area());
    bool fits = session.output_count() == channels.size();
    for (std::size_t i = 0; fits && i < channels.size(); ++i)
      fits = session.output(i).size() == channels[i] * area;
    if (!fits)
      throw ModelError(ModelError::Kind::damaged, "Model file " + model.string() +
                                                      " is not CenterFace. Run ./meson-free-scripts/setup.");
  }

  /// Fills the network's input; returns image px per input px.
  cv::Point2f prepare(const cv::Mat& rgb) {
    const float scale = std::min(static_cast<float>(input.width) / static_cast<float>(rgb.cols),
                                 static_cast<float>(input.height) / static_cast<float>(rgb.rows));
    const auto fit = [scale](int length, int limit) {
      return std::clamp(static_cast<int>(std::lround(static_cast<float>(length) * scale)), 1, limit);
    };
    const cv::Size size(fit(rgb.cols, input.width), fit(rgb.rows, input.height));
    const auto values = session.input();
    if (size != fitted)
      std::fill(values.begin(), values.end(), 0.F);
    fitted = size;

    // Averaging preserves small faces at strong reduction. Otherwise interpolation is as good and cheaper.
    cv::resize(rgb, scaled, size, 0, 0, scale <= .5F ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::split(scaled, channel.data());
    const auto plane = static_cast<std::size_t>(input.area());
    for (std::size_t c = 0; c < channel.size(); ++c) {
      cv::Mat whole(input, CV_32F, values.data() + c * plane);
      cv::Mat part = whole(cv::Rect({0, 0}, size));
      channel[c].convertTo(part, CV_32F);
    }
    return {static_cast<float>(rgb.cols) / static_cast<float>(size.width),
            static_cast<float>(rgb.rows) / static_cast<float>(size.height)};
  }

  /// Decodes one cell of the maps: size (log), offset, and five landmarks relative to the box. In the maps y
  /// comes before x.
  [[nodiscard]] FaceDetection decode(std::size_t cell, cv::Point2f to_image) const {
    const auto area = static_cast<std::size_t>(map.area());
    const auto size = session.output(1);
    const auto offset = session.output(2);
    const auto marks = session.output(3);
    const float height = std::exp(size[cell]) * stride;
    const float width = std::exp(size[area + cell]) * stride;
    const auto column = static_cast<float>(cell % static_cast<std::size_t>(map.width));
    const std::size_t line = cell / static_cast<std::size_t>(map.width);
    const auto row = static_cast<float>(line);
    const float left = (column + offset[area + cell] + .5F) * stride - width / 2;
    const float top = (row + offset[cell] + .5F) * stride - height / 2;

    std::array<cv::Point2f, 5> point;
    for (std::size_t k = 0; k < point.size(); ++k)
      point[k] = {(left + marks[(2 * k + 1) * area + cell] * width) * to_image.x,
                  (top + marks[2 * k * area + cell] * height) * to_image.y};
    FaceDetection face;
    face.box = {left * to_image.x, top * to_image.y, width * to_image.x, height * to_image.y};
    face.score = session.output(0)[cell];
    face.keypoints = {point[0], point[1], point[2], (point[3] + point[4]) / 2, point[3], point[4]};
    return face;
  }
};

CenterFace::CenterFace(const std::filesystem::path& model, cv::Size input, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, input, options)) {}
CenterFace::~CenterFace() = default;
CenterFace::CenterFace(CenterFace&&) noexcept = default;
cv::Size CenterFace::input() const {
  return impl_->input;
}

std::vector<FaceDetection> CenterFace::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  const cv::Point2f to_image = impl_->prepare(rgb);
  impl_->session.infer();
  const auto heat = impl_->session.output(0);
  require_finite(heat, "face scores");
  std::vector<FaceDetection> found;
  for (std::size_t cell = 0; cell < heat.size(); ++cell)
    if (heat[cell] >= threshold)
      found.push_back(impl_->decode(cell, to_image));
  return suppress(std::move(found), same_face_iou);
}

} // namespace deid::models
