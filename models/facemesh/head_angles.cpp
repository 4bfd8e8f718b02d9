#include "models/facemesh/facemesh.hpp"
#include <array>
#include <cmath>

namespace deid::models {
namespace {

/// Points that lie opposite each other, the person's right one first: eye corners, temples, cheek bones.
constexpr std::array<std::pair<std::size_t, std::size_t>, 6> opposite{
    {{33, 263}, {133, 362}, {127, 356}, {234, 454}, {54, 284}, {93, 323}}};
constexpr std::size_t forehead = 10;
constexpr std::size_t chin = 152;
constexpr float degrees = 57.29578F;

} // namespace

HeadAngles head_angles(const FaceMeshResult& mesh) {
  CV_Assert(mesh.landmarks.size() == FaceMesh::point_count);
  const auto& point = mesh.landmarks;
  cv::Point3f across(0, 0, 0); // to the person's left
  for (const auto& [right, left] : opposite)
    across += point[left] - point[right];
  const float width = std::hypot(across.x, across.y, across.z);
  if (!(width > 0.F))
    return {};
  across *= 1 / width;
  cv::Point3f down = point[chin] - point[forehead];
  down -= across * down.dot(across);
  const cv::Point3f inward = across.cross(down); // from the face to the back of the head
  return {.yaw = degrees * std::asin(across.z),
          .pitch = degrees * std::atan2(-down.z, inward.z),
          .roll = degrees * std::atan2(across.y, across.x)};
}

} // namespace deid::models
