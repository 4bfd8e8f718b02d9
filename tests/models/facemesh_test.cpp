#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

const cv::Size mesh_size(FaceMesh::crop_size, FaceMesh::crop_size);

/// The mesh of the largest face of a picture, from end to end.
class Mesh : public testing::Test {
protected:
  cv::Mat rgb = test::decode(test::footage_dir() / "single_face.mp4", {0}).front();
  BlazeFace detector{locate("face_detection_short_range"), BlazeFace::Range::short_range, {}};
  FaceMesh network{locate("face_landmark"), {}};

  FaceMeshResult mesh_in(const cv::Mat& image, const RotatedRoi& roi) {
    const auto to_frame = crop_to_frame(roi, mesh_size);
    return network.estimate(crop_image(image, to_frame, mesh_size), to_frame);
  }
  FaceMeshResult mesh_of(const cv::Mat& image) {
    return mesh_in(image, mesh_roi(detector.detect(image, .5F).at(0)));
  }
};

/// All points turned about an axis through the origin; signs as HeadAngles has them for the axes y, x and z.
FaceMeshResult turned(FaceMeshResult mesh, const cv::Matx33f& by) {
  for (auto& point : mesh.landmarks)
    point = cv::Point3f(by * cv::Vec3f(point.x, point.y, point.z));
  return mesh;
}

TEST_F(Mesh, LiesOnTheFace) {
  const auto found = detector.detect(rgb, .5F).at(0);
  const auto mesh = mesh_of(rgb);
  ASSERT_EQ(mesh.landmarks.size(), 468U);
  EXPECT_GT(mesh.presence, .95F);
  EXPECT_LE(mesh.presence, 1.F);
  const auto eye = [&](std::size_t a, std::size_t b) {
    return cv::Point2f(mesh.landmarks[a].x + mesh.landmarks[b].x, mesh.landmarks[a].y + mesh.landmarks[b].y) /
           2;
  };
  EXPECT_LT(cv::norm(eye(33, 133) - found.keypoints[0]), .1F * found.box.width);
  EXPECT_LT(cv::norm(eye(263, 362) - found.keypoints[1]), .1F * found.box.width);
  EXPECT_LT(mesh.landmarks[4].z, mesh.landmarks[234].z); // the nose is nearer than the ear
}

TEST_F(Mesh, FollowsItselfToTheNextFrame) {
  const auto first = mesh_of(rgb);
  const auto second = mesh_in(rgb, mesh_roi(first));
  double away = 0;
  for (std::size_t i = 0; i < first.landmarks.size(); ++i)
    away += cv::norm(first.landmarks[i] - second.landmarks[i]) / FaceMesh::point_count;
  EXPECT_LT(away, .03 * cv::norm(first.landmarks[33] - first.landmarks[263]));
  EXPECT_GT(second.presence, .95F);
}

TEST_F(Mesh, SaysThatThereIsNoFace) {
  EXPECT_LT(mesh_in(cv::Mat::zeros(200, 200, CV_8UC3), {{100, 100}, {200, 200}, 0.F}).presence, .1F);
  EXPECT_LT(mesh_in(rgb, {{40, 320}, {80, 80}, 0.F}).presence, .5F);
}

TEST_F(Mesh, RefusesAWrongCrop) {
  const auto eye = cv::Matx23f::eye();
  EXPECT_THROW((void)network.estimate(cv::Mat(191, 192, CV_8UC3), eye), cv::Exception);
  EXPECT_THROW((void)network.estimate(cv::Mat(192, 192, CV_8UC1), eye), cv::Exception);
  EXPECT_THROW((void)network.estimate(cv::Mat(), eye), cv::Exception);
  EXPECT_THROW((void)mesh_roi(FaceMeshResult{}), cv::Exception);
  EXPECT_THROW(FaceMesh(locate("face_detection_short_range"), {}), ModelError);
}

TEST_F(Mesh, RoiFollowsMediaPipesRule) {
  FaceMeshResult mesh;
  mesh.landmarks.assign(FaceMesh::point_count, {50, 60, 0});
  mesh.landmarks[0] = {30, 40, 5};
  mesh.landmarks[1] = {70, 100, -5};
  mesh.landmarks[33] = {40, 55, 0};
  mesh.landmarks[263] = {40, 75, 0}; // below: a quarter turn clockwise
  const RotatedRoi roi = mesh_roi(mesh);
  EXPECT_EQ(roi.center, cv::Point2f(50, 70));
  EXPECT_EQ(roi.size, cv::Size2f(90, 90));
  EXPECT_NEAR(roi.rotation, CV_PI / 2, 1e-6);
}

TEST_F(Mesh, HeadAnglesFollowTurnsOfTheHead) {
  // Take the head's own turn away first, then turn it by known angles.
  auto mesh = mesh_of(rgb);
  const auto rotation = [](float yaw, float pitch, float roll) {
    const auto c = [](float a) { return std::cos(a * static_cast<float>(CV_PI) / 180); };
    const auto s = [](float a) { return std::sin(a * static_cast<float>(CV_PI) / 180); };
    // yaw takes the person's left side back, pitch brings the chin forward, roll turns clockwise on screen
    const cv::Matx33f y(c(yaw), 0, -s(yaw), 0, 1, 0, s(yaw), 0, c(yaw));
    const cv::Matx33f p(1, 0, 0, 0, c(pitch), s(pitch), 0, -s(pitch), c(pitch));
    const cv::Matx33f r(c(roll), -s(roll), 0, s(roll), c(roll), 0, 0, 0, 1);
    return r * y * p;
  };
  const HeadAngles own = head_angles(mesh);
  mesh = turned(mesh, rotation(own.yaw, own.pitch, own.roll).t());
  for (const auto& [yaw, pitch, roll] : {std::array{0.F, 0.F, 0.F},
                                         {40.F, 0.F, 0.F},
                                         {-40.F, 0.F, 0.F},
                                         {0.F, 30.F, 0.F},
                                         {0.F, -30.F, 0.F},
                                         {0.F, 0.F, 90.F},
                                         {0.F, 0.F, -170.F},
                                         {75.F, 20.F, -30.F}}) {
    const HeadAngles angles = head_angles(turned(mesh, rotation(yaw, pitch, roll)));
    EXPECT_NEAR(angles.yaw, yaw, .1);
    EXPECT_NEAR(angles.pitch, pitch, .1);
    EXPECT_NEAR(angles.roll, roll, .1);
  }
}

TEST_F(Mesh, HeadAnglesOnRealFaces) {
  const HeadAngles front = head_angles(mesh_of(rgb));
  EXPECT_NEAR(front.yaw, 0, 6);
  EXPECT_NEAR(front.pitch, 0, 12);
  EXPECT_NEAR(front.roll, 0, 6);

  // A woman who leans her head to her right and looks to her left.
  const auto clip = test::footage_dir() / "WolfgangLanger_Pexels.mp4";
  const cv::Mat leaning = test::decode(clip, {400}).front();
  const HeadAngles seen = head_angles(mesh_of(leaning));
  EXPECT_NEAR(seen.yaw, 15, 6);
  EXPECT_NEAR(seen.roll, -25, 4);
  cv::Mat mirrored;
  cv::flip(leaning, mirrored, 1);
  const HeadAngles other = head_angles(mesh_of(mirrored));
  EXPECT_NEAR(other.yaw, -seen.yaw, 5);
  EXPECT_NEAR(other.pitch, seen.pitch, 5);
  EXPECT_NEAR(other.roll, -seen.roll, 3);
}

TEST_F(Mesh, HeadAnglesOfNoFaceAreZero) {
  FaceMeshResult mesh;
  mesh.landmarks.assign(FaceMesh::point_count, {5, 5, 5});
  EXPECT_EQ(head_angles(mesh).yaw, 0.F);
  mesh.landmarks[33].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(head_angles(mesh).roll, 0.F);
}

} // namespace
} // namespace deid::models
