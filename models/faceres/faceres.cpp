#include "models/faceres/faceres.hpp"
#include "models/faceres/network.hpp"
#include "models/faceres/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace deid::models {
namespace {

namespace tuning = faceres_tuning;
constexpr std::size_t years = 100; ///< outputs for the age, one a year
constexpr std::size_t landmark_count = 468;
constexpr std::size_t right_eye = 33, left_eye = 263; ///< outer corners of the person's eyes

NetworkReader reader(const std::filesystem::path& weights) {
  return {
      .read =
          [weights](const std::filesystem::path& graph) { return build_faceres(read_tfjs(graph, weights)); },
      .kept_as = "faceres 2",
      .more_files = {weights}};
}

/// Scales a vector to length 1.
FaceFeatures unit(const FaceFeatures& values) {
  double square = 0;
  for (const float value : values)
    square += static_cast<double>(value) * static_cast<double>(value);
  if (!(square > 0) || !std::isfinite(square))
    throw ModelError(ModelError::Kind::engine, "FaceRes gave features without a length.");
  const double length = std::sqrt(square);
  FaceFeatures result{};
  std::ranges::transform(values, result.begin(), [&](float value) {
    return static_cast<float>(static_cast<double>(value) / length);
  });
  return result;
}

/// age: the probability of each year. Returns the expected age. Throws ModelError(engine) when a number is
/// not finite.
Looks looks_of(float man, std::span<const float> age) {
  require_finite(age, "the age of a face");
  require_finite(std::span(&man, 1), "the sex of a face");
  Looks looks{.man = static_cast<double>(man)};
  for (std::size_t year = 0; year < age.size(); ++year)
    looks.age += static_cast<double>(year) * static_cast<double>(age[year]);
  return looks;
}

} // namespace

struct FaceRes::Impl {
  Session session;
};

FaceRes::FaceRes(const std::filesystem::path& graph, const std::filesystem::path& weights,
                 const SessionOptions& options)
    : impl_(new Impl{Session(graph, options, reader(weights))}) {
  const Session& session = impl_->session;
  if (session.output_count() != 3 || session.output(0).size() != FaceFeatures{}.size() ||
      session.output(1).size() != 1 || session.output(2).size() != years)
    throw ModelError(ModelError::Kind::damaged,
                     "Model file " + graph.string() + " is not FaceRes. Run ./meson-free-scripts/setup.");
}

FaceRes::~FaceRes() = default;

std::optional<FaceFeatures> FaceRes::describe(const cv::Mat& crop) {
  const auto seen = see(crop);
  return seen ? std::optional(seen->features) : std::nullopt;
}

std::optional<FaceView> FaceRes::see(const cv::Mat& crop) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == crop_size && crop.rows == crop_size);
  const auto values = impl_->session.input();
  constexpr std::size_t plane = static_cast<std::size_t>(crop_size) * crop_size;
  for (int c = 0; c < 3; ++c) { // B, G, R
    cv::Mat channel(crop_size, crop_size, CV_32F, values.data() + static_cast<std::size_t>(c) * plane);
    cv::Mat bytes;
    cv::extractChannel(crop, bytes, 2 - c);
    bytes.convertTo(channel, CV_32F, 1,
                    -static_cast<double>(tuning::mean_bgr.at(static_cast<std::size_t>(c))));
  }
  impl_->session.infer();
  std::ranges::fill(values, 0.F); // nobody's face stays in the engine's memory
  FaceView result;
  std::ranges::copy(impl_->session.output(0), result.features.begin());
  require_finite(result.features, "face features");
  if (std::ranges::all_of(result.features, [](float value) { return value == 0; }))
    return {};
  result.features = unit(result.features);
  result.looks = looks_of(impl_->session.output(1)[0], impl_->session.output(2));
  return result;
}

double distance(const FaceFeatures& a, const FaceFeatures& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += (static_cast<double>(a[i]) - static_cast<double>(b[i])) *
           (static_cast<double>(a[i]) - static_cast<double>(b[i]));
  return std::sqrt(sum);
}

FaceFeatures blend(const FaceFeatures& old, const FaceFeatures& now, double share) {
  FaceFeatures result{};
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] =
        static_cast<float>((1 - share) * static_cast<double>(old[i]) + share * static_cast<double>(now[i]));
  return unit(result);
}

RotatedRoi faceres_roi(std::span<const cv::Point3f> landmarks) {
  if (landmarks.size() != landmark_count)
    throw std::invalid_argument("The face mesh has " + std::to_string(landmarks.size()) +
                                " points, not 468.");
  const cv::Point3f eyes = landmarks[left_eye] - landmarks[right_eye];
  const float turn = std::atan2(eyes.y, eyes.x), c = std::cos(turn), s = std::sin(turn);
  cv::Point2f low(1e9F, 1e9F), high = -low;
  for (const cv::Point3f& p : landmarks) {
    const cv::Point2f level(c * p.x + s * p.y, c * p.y - s * p.x);
    low = {std::min(low.x, level.x), std::min(low.y, level.y)};
    high = {std::max(high.x, level.x), std::max(high.y, level.y)};
    if (!std::isfinite(level.x) || !std::isfinite(level.y))
      throw std::invalid_argument("The face mesh has a point that is not finite.");
  }
  const float side = tuning::side * std::max(high.x - low.x, high.y - low.y);
  if (!(side > 0))
    throw std::invalid_argument("The points of the face mesh are all in one place.");
  const cv::Point2f middle = (low + high) / 2;
  return {{c * middle.x - s * middle.y, s * middle.x + c * middle.y}, {side, side}, turn};
}

cv::Mat faceres_crop(const cv::Mat& rgb, const RotatedRoi& roi) {
  const cv::Size size(FaceRes::crop_size, FaceRes::crop_size);
  return crop_image(rgb, crop_to_frame(roi, size), size);
}

} // namespace deid::models
