#include "models/movenet/movenet.hpp"
#include "models/movenet/network.hpp"
#include "models/movenet/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <span>
#include <string>

namespace deid::models {
namespace {

namespace tuning = movenet_tuning;
constexpr int stride = MoveNet::stride;

SessionOptions with_shape(SessionOptions options, cv::Size input) {
  if (input.width <= 0 || input.height <= 0 || input.width % 32 != 0 || input.height % 32 != 0)
    throw ModelError(ModelError::Kind::engine, "MoveNet needs an input of multiples of 32 px, not " +
                                                   std::to_string(input.width) + "x" +
                                                   std::to_string(input.height) + ".");
  options.input_shape = {1, 3, static_cast<std::size_t>(input.height), static_cast<std::size_t>(input.width)};
  return options;
}

NetworkReader reader(const std::filesystem::path& weights) {
  return {
      .read =
          [weights](const std::filesystem::path& graph) { return build_movenet(read_tfjs(graph, weights)); },
      .kept_as = "movenet 1",
      .more_files = {weights}};
}

/// The map of centres has false peaks: one between two people, or a second one in the same person. The head
/// of a false peak is made of points of people with higher scores. cell: px of the picture.
bool made_of_others(const Body& body, const std::vector<Body>& surer, float cell) {
  constexpr std::size_t head_points = 5;
  std::size_t shared = 0;
  for (std::size_t i = 0; i < head_points; ++i)
    shared += std::ranges::any_of(surer, [&](const Body& other) {
      const cv::Point2f apart = other.points[i].at - body.points[i].at;
      return std::hypot(apart.x, apart.y) < tuning::same_point_within * cell;
    });
  return shared > tuning::most_shared;
}

} // namespace

struct MoveNet::Impl {
  Session session;
  cv::Size input;
  cv::Size map; ///< size of the output maps [cells]
  cv::Mat fitted, rgb;
  float scale = 1.F; ///< input px per px of the last picture

  Impl(const std::filesystem::path& graph, const std::filesystem::path& weights, cv::Size size,
       const SessionOptions& options)
      : session(graph, with_shape(options, size), reader(weights)), input(size), map(size / stride) {
    constexpr std::array<std::size_t, 4> channels{Body::point_count, 1, 2 * Body::point_count,
                                                  2 * Body::point_count};
    bool fits = session.output_count() == channels.size();
    for (std::size_t i = 0; fits && i < channels.size(); ++i)
      fits = session.output(i).size() == channels[i] * static_cast<std::size_t>(map.area());
    if (!fits)
      throw ModelError(ModelError::Kind::damaged,
                       "Model file " + graph.string() + " is not MoveNet. Run ./meson-free-scripts/setup.");
  }

  void prepare(const cv::Mat& picture) {
    scale = std::min(static_cast<float>(input.width) / static_cast<float>(picture.cols),
                     static_cast<float>(input.height) / static_cast<float>(picture.rows));
    const auto fit = [this](int length, int limit) {
      return std::clamp(static_cast<int>(std::lround(static_cast<float>(length) * scale)), 1, limit);
    };
    const cv::Size size(fit(picture.cols, input.width), fit(picture.rows, input.height));
    cv::resize(picture, rgb, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    rgb.convertTo(fitted, CV_32FC3, 2. / 255, -1);
    const auto values = session.input();
    std::ranges::fill(values, -1.F); // black
    std::array<cv::Mat, 3> channel;
    cv::split(fitted, channel.data());
    const auto plane = static_cast<std::size_t>(input.area());
    for (std::size_t c = 0; c < channel.size(); ++c) {
      cv::Mat whole(input, CV_32F, values.data() + c * plane);
      channel[c].copyTo(whole(cv::Rect({0, 0}, size)));
    }
  }

  [[nodiscard]] cv::Mat plane(std::size_t output, std::size_t channel) const {
    const auto values = session.output(output).subspan(channel * static_cast<std::size_t>(map.area()));
    return {map, CV_32F, const_cast<float*>(values.data())}; // read only
  }

  [[nodiscard]] BodyPoint point(std::size_t index, cv::Point middle) const {
    const cv::Mat heat = plane(0, index);
    const cv::Point2f guess(static_cast<float>(middle.x) + plane(2, 2 * index + 1).at<float>(middle),
                            static_cast<float>(middle.y) + plane(2, 2 * index).at<float>(middle));
    float best = -1;
    cv::Point cell;
    for (int y = 0; y < map.height; ++y) {
      const auto* row = heat.ptr<float>(y);
      for (int x = 0; x < map.width; ++x) {
        if (row[x] <= best * tuning::distance_offset)
          continue; // could not win even at the predicted point
        const float away = std::hypot(static_cast<float>(x) - guess.x, static_cast<float>(y) - guess.y);
        if (const float value = row[x] / (away + tuning::distance_offset); value > best) {
          best = value;
          cell = {x, y};
        }
      }
    }
    const float px = stride / scale;
    return {{(static_cast<float>(cell.x) + plane(3, 2 * index + 1).at<float>(cell)) * px,
             (static_cast<float>(cell.y) + plane(3, 2 * index).at<float>(cell)) * px},
            heat.at<float>(cell)};
  }

  [[nodiscard]] std::vector<Body> people(float threshold) const {
    for (std::size_t i = 0; i < 4; ++i)
      require_finite(session.output(i), "body points");
    const cv::Mat middles = plane(1, 0);
    cv::Mat highest;
    constexpr int side = 2 * tuning::alone_within + 1;
    cv::dilate(middles, highest, cv::Mat::ones(side, side, CV_8U));
    std::vector<std::pair<float, cv::Point>> peaks;
    for (int y = 0; y < map.height; ++y)
      for (int x = 0; x < map.width; ++x)
        if (const float value = middles.at<float>(y, x);
            value >= threshold && value >= highest.at<float>(y, x))
          peaks.emplace_back(value, cv::Point(x, y));
    std::ranges::stable_sort(peaks, [](const auto& a, const auto& b) { return a.first > b.first; });
    peaks.resize(std::min(peaks.size(), tuning::most_people));
    std::vector<Body> found;
    for (const auto& [score, middle] : peaks) {
      Body body{.score = score};
      for (std::size_t i = 0; i < Body::point_count; ++i)
        body.points[i] = point(i, middle);
      if (!made_of_others(body, found, stride / scale))
        found.push_back(body);
    }
    return found;
  }
};

MoveNet::MoveNet(const std::filesystem::path& graph, const std::filesystem::path& weights, cv::Size input,
                 const SessionOptions& options)
    : impl_(std::make_unique<Impl>(graph, weights, input, options)) {}
MoveNet::~MoveNet() = default;
MoveNet::MoveNet(MoveNet&&) noexcept = default;

cv::Size MoveNet::input() const {
  return impl_->input;
}

std::vector<Body> MoveNet::detect(const cv::Mat& rgb, float threshold) {
  if (rgb.empty())
    return {};
  CV_Assert(rgb.type() == CV_8UC3);
  impl_->prepare(rgb);
  impl_->session.infer();
  return impl_->people(threshold);
}

} // namespace deid::models
