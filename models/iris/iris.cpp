#include "models/iris/iris.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <utility>

namespace deid::models {

struct Iris::Impl {
  static constexpr std::size_t contour_values = 3UL * 71;
  static constexpr std::size_t iris_values = 3UL * 5;
  Session session;
  std::size_t contour_output = 0;
  std::size_t iris_output = 0;
  cv::Mat mirrored;

  Impl(const std::filesystem::path& model, const SessionOptions& options) : session(model, options) {
    bool fits = session.input_shape() == std::vector<std::size_t>{1, crop_size, crop_size, 3} &&
                session.output_count() == 2;
    if (fits) {
      contour_output = session.output(0).size() == contour_values ? 0 : 1;
      iris_output = 1 - contour_output;
      fits = session.output(contour_output).size() == contour_values &&
             session.output(iris_output).size() == iris_values;
    }
    if (!fits)
      throw ModelError(ModelError::Kind::damaged,
                       "Model file " + model.string() +
                           " is not the iris network. Run ./meson-free-scripts/setup.");
  }
};

Iris::Iris(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
Iris::~Iris() = default;
Iris::Iris(Iris&&) noexcept = default;

EyeResult Iris::estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame, Side side) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == crop_size && crop.rows == crop_size);
  const bool mirror =
      side == Side::left; // the network was trained on eyes on the left of the picture, the person's right
  cv::Mat input(crop_size, crop_size, CV_32FC3, impl_->session.input().data());
  if (mirror)
    cv::flip(crop, impl_->mirrored, 1);
  (mirror ? impl_->mirrored : crop).convertTo(input, CV_32F, 1 / 255.);
  impl_->session.infer();

  const float scale = std::hypot(crop_to_frame(0, 0), crop_to_frame(1, 0)); // frame px per crop px along x
  const auto point = [&](std::span<const float> raw, std::size_t index) {
    const float x = mirror ? static_cast<float>(crop_size) - raw[3 * index] : raw[3 * index];
    const cv::Point2f at = transform(crop_to_frame, {x, raw[3 * index + 1]});
    return cv::Point3f(at.x, at.y, raw[3 * index + 2] * scale);
  };
  EyeResult result;
  const auto contour = impl_->session.output(impl_->contour_output);
  const auto iris = impl_->session.output(impl_->iris_output);
  for (std::size_t i = 0; i < contour.size() / 3; ++i)
    result.contour.push_back(point(contour, i));
  for (std::size_t i = 0; i < result.iris.size(); ++i)
    result.iris[i] = point(iris, i);
  if (mirror)
    std::swap(result.iris[1], result.iris[3]); // "right" stays the right of the picture
  return result;
}

RotatedRoi eye_roi(const FaceMeshResult& mesh, Iris::Side side) {
  constexpr float margin = 2.3F;
  CV_Assert(mesh.landmarks.size() == FaceMesh::point_count);
  // The corners of the eye; in an upright face the first is on the left of the picture.
  const cv::Point3f& from = mesh.landmarks[side == Iris::Side::right ? 33 : 362];
  const cv::Point3f& to = mesh.landmarks[side == Iris::Side::right ? 133 : 263];
  const float length = margin * std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  return {.center = {(from.x + to.x) / 2, (from.y + to.y) / 2},
          .size = {length, length},
          .rotation = std::atan2(to.y - from.y, to.x - from.x)};
}

} // namespace deid::models
