#include "models/facemesh/facemesh.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace deid::models {
namespace {

/// A pair of opposite landmarks of the mean face. A landmark on the middle line is paired with itself. at:
/// place of the left one; the right one is its mirror image. Unit: distance of the outer eye corners; x to
/// the person's left, y down, z to the back.
struct Pair {
  std::size_t right, left;
  cv::Point3d at;
};

/// Mean of 107 meshes of people from many clips, aligned (scale, rotation, place) and made symmetric. It has
/// only points that jaw, lips and brows do not move. Its pitch is zero where forehead (10) and chin (152) are
/// equally far away.
constexpr std::size_t pair_count = 23;
const std::array<Pair, pair_count>& mean_face() {
  static const std::array<Pair, pair_count> pairs{{
      {33, 263, {0.5000, 0.0098, -0.0633}},   {133, 362, {0.1968, 0.0157, -0.1201}},
      {127, 356, {0.7575, 0.0904, 0.4556}},   {234, 454, {0.7488, 0.2544, 0.4921}},
      {54, 284, {0.6496, -0.3636, 0.1194}},   {93, 323, {0.7405, 0.4187, 0.4836}},
      {21, 251, {0.7140, -0.2284, 0.2389}},   {162, 389, {0.7475, -0.0856, 0.3629}},
      {103, 332, {0.5446, -0.4724, -0.0077}}, {67, 297, {0.3826, -0.5456, -0.1195}},
      {50, 280, {0.5355, 0.3640, -0.1535}},   {116, 345, {0.6898, 0.2042, 0.0550}},
      {117, 346, {0.5750, 0.1934, -0.0751}},  {123, 352, {0.6846, 0.3520, 0.0278}},
      {168, 168, {0.0, -0.0604, -0.2954}},    {6, 6, {0.0, 0.0234, -0.3493}},
      {197, 197, {0.0, 0.1005, -0.4088}},     {195, 195, {0.0, 0.1721, -0.4731}},
      {5, 5, {0.0, 0.2492, -0.5397}},         {4, 4, {0.0, 0.3448, -0.5725}},
      {10, 10, {0.0, -0.5860, -0.2023}},      {151, 151, {0.0, -0.4172, -0.2535}},
      {9, 9, {0.0, -0.2402, -0.2976}},
  }};
  return pairs;
}

/// Sum over the points of (seen - mean seen) * (mean face)^T. Points on the middle line count twice, like
/// pairs.
cv::Matx33d covariance(const std::vector<cv::Point3f>& seen) {
  cv::Point3d centre;
  for (const Pair& pair : mean_face())
    centre += cv::Point3d(seen[pair.right]) + cv::Point3d(seen[pair.left]);
  centre /= 2. * pair_count;
  cv::Matx33d sum = cv::Matx33d::zeros();
  const auto add = [&](const cv::Point3d& at, const cv::Point3f& point) {
    const cv::Point3d away = cv::Point3d(point) - centre;
    sum += cv::Matx31d(away.x, away.y, away.z) * cv::Matx13d(at.x, at.y, at.z);
  };
  for (const Pair& pair : mean_face()) {
    add(pair.at, seen[pair.left]);
    add({-pair.at.x, pair.at.y, pair.at.z}, seen[pair.right]);
  }
  return sum;
}

} // namespace

HeadAngles head_angles(const FaceMeshResult& mesh) {
  CV_Assert(mesh.landmarks.size() == FaceMesh::point_count);
  const cv::Matx33d sum = covariance(mesh.landmarks);
  if (!std::all_of(sum.val, sum.val + 9, [](double v) { return std::isfinite(v); }) || !(cv::norm(sum) > 0))
    return {};

  // Kabsch: the rotation that best fits the mean face to the seen one.
  cv::Matx31d strength;
  cv::Matx33d u;
  cv::Matx33d vt;
  cv::SVD::compute(sum, strength, u, vt);
  const double handed = cv::determinant(u * vt) < 0 ? -1 : 1;
  const cv::Matx33d turn = u * cv::Matx33d::diag({1, 1, handed}) * vt;

  // rotation = roll about z after yaw about y after pitch about x, with our signs
  constexpr double degrees = 180 / CV_PI;
  return {.yaw = static_cast<float>(degrees * std::asin(std::clamp(turn(2, 0), -1., 1.))),
          .pitch = static_cast<float>(degrees * std::atan2(-turn(2, 1), turn(2, 2))),
          .roll = static_cast<float>(degrees * std::atan2(turn(1, 0), turn(0, 0)))};
}

} // namespace deid::models
