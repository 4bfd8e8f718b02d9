// Bottom-up pose networks; the shared one stands for a user's.
#include "models/manifest/manifest.hpp"
#include "models/openpose/openpose.hpp"
#include "tests/support/frames.hpp"
#include <gtest/gtest.h>

namespace deid::models {
namespace {

TEST(OpenPoseInput, KeepsTheShapeInMultiplesOf16) {
  EXPECT_EQ(openpose_input({640, 480}, 368), cv::Size(496, 368));
  EXPECT_EQ(openpose_input({1280, 720}, 368), cv::Size(656, 368));
  EXPECT_EQ(openpose_input({1088, 1920}, 360), cv::Size(224, 368));
  EXPECT_EQ(openpose_input({1, 5000}, 368), cv::Size(16, 368));
  EXPECT_EQ(openpose_input({5000, 1}, 368), cv::Size(1472, 368));
}

/// An example of a user's network.
class Network : public testing::Test {
protected:
  std::filesystem::path model = test::shared_dir() / "models/tfpose_mobilenet_v2_small.pb";
  void SetUp() override {
    if (!std::filesystem::exists(model))
      GTEST_SKIP() << "The shared pose network is not here (" << model << "); the decoder alone is tested.";
  }
};

TEST_F(Network, FindsBothPeople) {
  const auto clip = test::shared_dir() / "data/pose2sim/multi/cam03.mp4";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "The shared clip of two people is not here (" << clip << ").";
  const cv::Mat rgb = test::decode(clip, {0}).front();
  OpenPose network(model, {}, rgb.size());
  EXPECT_EQ(network.set(), PartSet::coco18);
  const auto people = network.detect(rgb);
  ASSERT_EQ(people.size(), 2U);
  // By eye: she stands on the left facing us, he walks away from us on the right.
  const bool first_left = people[0].parts[1].at.x < people[1].parts[1].at.x;
  const BodyPose& her = people[first_left ? 0 : 1];
  const BodyPose& him = people[first_left ? 1 : 0];
  EXPECT_LT(cv::norm(her.parts[0].at - cv::Point2f(268, 564)), 25);
  EXPECT_FALSE(him.parts[0].present) << "his nose cannot be seen";
  EXPECT_LT(her.parts[2].at.x, her.parts[5].at.x) << "her right shoulder is on our left";
  EXPECT_GT(him.parts[2].at.x, him.parts[5].at.x) << "his right shoulder is on our right";
  for (const BodyPose& one : people)
    for (const int part : {1, 2, 5, 8, 9, 10, 11, 12, 13}) {
      ASSERT_TRUE(one.parts[static_cast<std::size_t>(part)].present) << part;
      EXPECT_TRUE(cv::Rect2f(0, 0, 1088, 1920).contains(one.parts[static_cast<std::size_t>(part)].at));
    }
}

TEST_F(Network, FramesOfOtherShapesLeaveNothingBehind) {
  const cv::Mat rgb = test::decode(test::footage_dir() / "single_face.mp4", {0}).front();
  OpenPose network(model, {}, rgb.size());
  const auto before = network.detect(rgb);
  ASSERT_FALSE(before.empty());
  (void)network.detect(cv::Mat(300, 900, CV_8UC3, cv::Scalar::all(90)));
  const auto again = network.detect(rgb);
  ASSERT_EQ(again.size(), before.size());
  EXPECT_EQ(again[0].parts[0].at, before[0].parts[0].at);
  EXPECT_TRUE(network.detect(cv::Mat()).empty());
  EXPECT_TRUE(network.detect(cv::Mat::zeros(480, 640, CV_8UC3)).empty());
  EXPECT_TRUE(network.detect(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(255))).empty());
  EXPECT_TRUE(network.detect(cv::Mat(2, 4000, CV_8UC3, cv::Scalar::all(255))).empty());
}

TEST_F(Network, RefusesOptionsOutOfRange) {
  OpenPoseOptions options;
  options.input_height = 5;
  EXPECT_THROW(OpenPose(model, options), std::invalid_argument);
  options = {};
  options.scale = 0;
  EXPECT_THROW(OpenPose(model, options), std::invalid_argument);
  options = {};
  options.session.input_shape = std::vector<std::size_t>{1, 368, 368, 3};
  EXPECT_THROW(OpenPose(model, options), std::invalid_argument);
  options = {};
  options.layout = MapLayout::channels_first;
  EXPECT_THROW(OpenPose(model, options), ModelError);
}

TEST(OpenPoseNetwork, RefusesOtherFiles) {
  for (const char* other : {"face_landmark", "centerface", "pose_landmark_full"})
    EXPECT_THROW(OpenPose(locate(other), {}), ModelError) << other;
  EXPECT_THROW(OpenPose("/nowhere.pb", {}), ModelError);
  EXPECT_THROW(OpenPose(std::string(DEID_SOURCE_DIR) + "/models/manifest.json", {}), ModelError);
}

} // namespace
} // namespace deid::models
