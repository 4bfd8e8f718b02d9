#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/stages/own_parts.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

constexpr int lip_up = 13, lip_down = 14, above = 0, below = 17; ///< inner edge of the lips, outer edge

class OwnMouth : public testing::Test {
protected:
  /// The mesh with this gap between the lips, in distances of the eyes.
  static std::vector<cv::Point3f> opened(double by) {
    std::vector<cv::Point3f> mesh = test::real_meshes().back();
    const auto half = static_cast<float>(by * eye_distance(mesh) / 2);
    for (const auto& [upper, lower] : lip_pairs) {
      cv::Point3f& u = mesh[static_cast<std::size_t>(upper)];
      cv::Point3f& l = mesh[static_cast<std::size_t>(lower)];
      const cv::Point3f middle = (u + l) * 0.5F;
      u = middle - cv::Point3f(0, half, 0);
      l = middle + cv::Point3f(0, half, 0);
    }
    return mesh;
  }
  /// Weight of the frame [0..255] between two points of the mesh, at this share of the way.
  static int shown(const std::vector<cv::Point3f>& mesh, int a, int b, double share) {
    return shown(mesh,
                 mesh[static_cast<std::size_t>(a)] * (1 - share) + mesh[static_cast<std::size_t>(b)] * share);
  }
  static int shown(const std::vector<cv::Point3f>& mesh, const cv::Point3f& p) {
    const cv::Mat original(test::real_size(), CV_8UC3, cv::Scalar::all(255));
    const cv::Mat rgb = stage::own_parts({original, mesh, mesh, false, 1, {}},
                                         cv::Mat(original.size(), CV_8UC3, cv::Scalar::all(0)));
    return rgb.at<cv::Vec3b>(cvFloor(p.y), cvFloor(p.x))[0];
  }
};

TEST_F(OwnMouth, ShowsTeethAsSoonAsTheLipsPart) {
  EXPECT_EQ(shown(opened(0.004), lip_up, lip_down, 0.5), 0); // lips that touch
  EXPECT_GE(shown(opened(0.016), lip_up, lip_down, 0.5), 240);
  EXPECT_GE(shown(opened(0.1), lip_up, lip_down, 0.5), 240);
}

TEST_F(OwnMouth, EndsOnTheLips) {
  for (const double by : {0.016, 0.1}) {
    EXPECT_EQ(shown(opened(by), lip_up, above, 1), 0) << by;
    EXPECT_EQ(shown(opened(by), lip_down, below, 1), 0) << by;
  }
}

TEST_F(OwnMouth, AddsNothingAtItsCorners) {
  const auto mesh = opened(0.016);
  const cv::Point3f higher(0, -0.03F * static_cast<float>(eye_distance(mesh)), 0);
  EXPECT_GT(shown(mesh, mesh[lip_up] + higher), 0);
  for (const int corner : {78, 308})
    EXPECT_EQ(shown(mesh, mesh[static_cast<std::size_t>(corner)] + higher), 0) << corner;
}

} // namespace
} // namespace deid::faceswap
