#include "models/facemesh/facemesh.hpp"
#include <algorithm>
#include <cmath>

namespace deid::models {

struct FaceMesh::Impl {
  Session session;
  std::size_t points_output = 0;
  std::size_t presence_output = 0;

  Impl(const std::filesystem::path& model, const SessionOptions& options) : session(model, options) {
    constexpr std::size_t values = 3UL * point_count;
    bool fits = session.input_shape() == std::vector<std::size_t>{1, crop_size, crop_size, 3} &&
                session.output_count() == 2;
    if (fits) {
      points_output = session.output(0).size() == values ? 0 : 1;
      presence_output = 1 - points_output;
      fits = session.output(points_output).size() == values && session.output(presence_output).size() == 1;
    }
    if (!fits)
      throw ModelError(ModelError::Kind::damaged,
                       "Model file " + model.string() +
                           " is not the 468-point face mesh. Run ./meson-free-scripts/setup.");
  }
};

FaceMesh::FaceMesh(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
FaceMesh::~FaceMesh() = default;

FaceMeshResult FaceMesh::estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == crop_size && crop.rows == crop_size);
  cv::Mat input(crop_size, crop_size, CV_32FC3, impl_->session.input().data());
  crop.convertTo(input, CV_32F, 1 / 255.);
  impl_->session.infer();

  const auto raw = impl_->session.output(impl_->points_output);
  require_finite(raw, "face landmarks");
  require_finite(impl_->session.output(impl_->presence_output), "presence scores");
  const float scale = std::hypot(crop_to_frame(0, 0), crop_to_frame(1, 0)); // frame px per crop px along x
  FaceMeshResult result;
  result.presence = 1.F / (1.F + std::exp(-impl_->session.output(impl_->presence_output)[0]));
  result.landmarks.reserve(point_count);
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    const cv::Point2f point = transform(crop_to_frame, {raw[i], raw[i + 1]});
    result.landmarks.emplace_back(point.x, point.y, raw[i + 2] * scale);
  }
  return result;
}

RotatedRoi mesh_roi(const FaceMeshResult& mesh) {
  constexpr float margin = 1.5F;
  constexpr std::size_t right_eye_corner = 33;
  constexpr std::size_t left_eye_corner = 263;
  CV_Assert(mesh.landmarks.size() == FaceMesh::point_count);
  const auto [left, right] = std::minmax_element(mesh.landmarks.begin(), mesh.landmarks.end(),
                                                 [](const auto& a, const auto& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(mesh.landmarks.begin(), mesh.landmarks.end(),
                                                 [](const auto& a, const auto& b) { return a.y < b.y; });
  const cv::Point3f eyes = mesh.landmarks[left_eye_corner] - mesh.landmarks[right_eye_corner];
  const float side = margin * std::max(right->x - left->x, bottom->y - top->y);
  return {.center = {(left->x + right->x) / 2, (top->y + bottom->y) / 2},
          .size = {side, side},
          .rotation = std::atan2(eyes.y, eyes.x)};
}

} // namespace deid::models
