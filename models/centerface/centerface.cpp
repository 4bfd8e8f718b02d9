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

std::vector<std::size_t> shape_of(cv::Size input) {
  return {1, 3, static_cast<std::size_t>(input.height), static_cast<std::size_t>(input.width)};
}

SessionOptions with_shape(SessionOptions options, cv::Size input) {
  if (input.width <= 0 || input.height <= 0 || input.width % 32 != 0 || input.height % 32 != 0)
    throw ModelError(ModelError::Kind::engine, "CenterFace needs an input of multiples of 32 px, not " +
                                                   std::to_string(input.width) + "x" +
                                                   std::to_string(input.height) + ".");
  options.input_shape = shape_of(input);
  return options;
}

SessionOptions of_any_size(SessionOptions options) {
  options.input_shape = {1, 3, 0, 0};
  return options;
}

} // namespace

class CenterFace::Network {
public:
  Network(std::filesystem::path model, const SessionOptions& options)
      : session(model, options), file(std::move(model)) {}
  Session session;
  std::filesystem::path file;
};

struct CenterFace::Impl {
  std::shared_ptr<Network> network;
  Session& session;
  cv::Size input;
  cv::Size map; ///< size of the output maps [cells]
  cv::Mat scaled;
  std::array<cv::Mat, 3> channel;

  Impl(std::shared_ptr<Network> shared, cv::Size size)
      : network(std::move(shared)), session(network->session), input(size), map(size / stride) {}

  /// Throws ModelError unless the outputs of the last inference are CenterFace's.
  void require_maps() const {
    constexpr std::array<std::size_t, 4> channels{1, 2, 2, 10};
    const auto area = static_cast<std::size_t>(map.area());
    bool fits = session.output_count() == channels.size();
    for (std::size_t i = 0; fits && i < channels.size(); ++i)
      fits = session.output(i).size() == channels[i] * area;
    if (!fits)
      throw ModelError(ModelError::Kind::damaged, "Model file " + network->file.string() +
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
    session.reshape(shape_of(input));
    const auto values = session.input();
    if (size != input)
      std::fill(values.begin(), values.end(), 0.F); // black beside the picture

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

std::shared_ptr<CenterFace::Network> CenterFace::network(const std::filesystem::path& model,
                                                         const SessionOptions& options) {
  auto shared = std::make_shared<Network>(model, of_any_size(options));
  Impl small(shared, {32, 32});
  small.prepare(cv::Mat(small.input, CV_8UC3, cv::Scalar::all(0)));
  shared->session.infer();
  small.require_maps();
  return shared;
}

CenterFace::CenterFace(const std::filesystem::path& model, cv::Size input, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(std::make_shared<Network>(model, with_shape(options, input)), input)) {
  impl_->require_maps();
}

CenterFace::CenterFace(std::shared_ptr<Network> network, cv::Size input)
    : impl_(std::make_unique<Impl>(std::move(network), input)) {
  (void)with_shape({}, input); // refuses other sizes
}
CenterFace::~CenterFace() = default;
cv::Size CenterFace::input() const {
  return impl_->input;
}

std::vector<FaceDetection> CenterFace::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  const cv::Point2f to_image = impl_->prepare(rgb);
  impl_->session.infer();
  impl_->require_maps();
  const auto heat = impl_->session.output(0);
  require_finite(heat, "face scores");
  std::vector<FaceDetection> found;
  for (std::size_t cell = 0; cell < heat.size(); ++cell)
    if (heat[cell] >= threshold)
      found.push_back(impl_->decode(cell, to_image));
  return suppress(std::move(found), same_face_iou);
}

} // namespace deid::models
