#include "models/blazeface/blazeface.hpp"
#include "models/ssd/ssd.hpp"
#include <algorithm>
#include <cmath>

namespace deid::models {
namespace {

SsdKind kind_of(BlazeFace::Range range) {
  constexpr int keypoints = 6;
  if (range == BlazeFace::Range::short_range)
    return {"a BlazeFace", 128, {{8, 2}, {16, 6}}, keypoints};
  return {"a BlazeFace", 192, {{4, 1}}, keypoints};
}

} // namespace

struct BlazeFace::Impl {
  SsdNetwork network;
};

BlazeFace::BlazeFace(const std::filesystem::path& model, Range range, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(SsdNetwork(model, kind_of(range), options))) {}
BlazeFace::~BlazeFace() = default;

std::vector<FaceDetection> BlazeFace::detect(const cv::Mat& rgb, float threshold) {
  std::vector<FaceDetection> faces;
  for (const SsdDetection& found : impl_->network.detect(rgb, threshold)) {
    FaceDetection face{.box = found.box, .score = found.score};
    std::copy_n(found.keypoints.begin(), face.keypoints.size(), face.keypoints.begin());
    faces.push_back(face);
  }
  return faces;
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
