#pragma once
#include "elements/meta/face_region.hpp"
#include <cmath>
#include <numbers>

namespace deid::test {

/// A face with a plausible mesh: an oval of 468 points inside the box, turned by `roll` degrees about its
/// middle.
inline FaceRegion mesh_face(cv::Rect2f box, float roll = 0, std::uint32_t id = 1) {
  FaceRegion face;
  face.id = id;
  face.box = box;
  face.score = 0.97F; // as facedetect says of people
  const cv::Point2f centre = (box.tl() + box.br()) / 2;
  const float r = roll * std::numbers::pi_v<float> / 180;
  face.landmarks.resize(468);
  for (std::size_t i = 0; i < 468; ++i) {
    const float angle = static_cast<float>(i) * 2 * std::numbers::pi_v<float> / 468;
    const float share = i % 3 == 0 ? 1.F : 0.6F;
    const float x = share * box.width / 2 * std::cos(angle), y = share * box.height / 2 * std::sin(angle);
    face.landmarks[i] = {centre.x + x * std::cos(r) - y * std::sin(r),
                         centre.y + x * std::sin(r) + y * std::cos(r), 0};
  }
  const auto place = [&](std::size_t index, float y) {
    face.landmarks[index] = {centre.x - y * std::sin(r), centre.y + y * std::cos(r), 0};
  };
  place(10, -box.height / 2);
  place(152, box.height / 2);
  face.pose.roll = roll;
  return face;
}

inline FaceRegion box_face(cv::Rect2f box, std::uint32_t id = 1) {
  FaceRegion face;
  face.id = id;
  face.box = box;
  face.score = 0.8F;
  face.origin = Origin::held;
  return face;
}

} // namespace deid::test
