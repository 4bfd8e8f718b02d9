// Hands against MediaPipe's own Python package (golden/make_hand_goldens.py), and the rules for regions.
#include "models/hands/hands.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include <cmath>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numbers>

namespace deid::models {
namespace {

using nlohmann::json;
constexpr float pi = std::numbers::pi_v<float>;

cv::Point2d point(const json& points, std::size_t i) {
  return {points[2 * i], points[2 * i + 1]};
}

/// Wrist to the root of the middle finger.
double palm_length(const json& points) {
  return cv::norm(point(points, 9) - point(points, 0));
}

/// Mean distance of the points, as a share of the palm's length.
double difference(const HandResult& ours, const json& points) {
  double sum = 0;
  for (std::size_t i = 0; i < HandLandmarks::point_count; ++i)
    sum += cv::norm(cv::Point2d(ours.points[i].x, ours.points[i].y) - point(points, i));
  return sum / HandLandmarks::point_count / palm_length(points);
}

class Hands : public testing::Test {
protected:
  std::filesystem::path data = test::shared_dir() / "data";
  json entries;
  PalmDetector palms{locate("palm_detection_full"), {}};
  HandLandmarks landmarks{locate("hand_landmark_full"), {}};

  void SetUp() override {
    if (!std::filesystem::exists(data / "intel_asl"))
      GTEST_SKIP() << "The shared clips of hands are not here (" << data << ").";
    std::ifstream in(std::string(DEID_SOURCE_DIR) + "/tests/models/golden/hands.json");
    entries = json::parse(in).at("frames");
    ASSERT_GE(entries.size(), 10U);
  }

  cv::Mat frame(const json& entry) const {
    const auto rgb =
        test::decode(data / entry.at("clip").get<std::string>(), {entry.at("frame").get<int>()}).front();
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(cv::mean(rgb)[c], entry.at("mean_rgb")[static_cast<std::size_t>(c)].get<double>(), .1);
    return rgb;
  }

  HandResult look(const cv::Mat& rgb, const RotatedRoi& roi) {
    const auto to_frame = crop_to_frame(roi, {HandLandmarks::crop_size, HandLandmarks::crop_size});
    return landmarks.estimate(hand_crop(rgb, to_frame), to_frame);
  }

  /// Hands in these regions with MediaPipe's least presence.
  std::vector<HandResult> look(const cv::Mat& rgb, const std::vector<RotatedRoi>& rois) {
    std::vector<HandResult> found;
    for (const RotatedRoi& roi : rois)
      if (HandResult hand = look(rgb, roi); hand.presence > .5F)
        found.push_back(std::move(hand));
    return found;
  }
};

// Palm detector and landmarks in a first frame, landmarks alone in the next, as MediaPipe's graph does.
TEST_F(Hands, AgreeWithMediaPipe) {
  double sum = 0;
  int count = 0;
  std::vector<RotatedRoi> next;
  for (const json& entry : entries) {
    const cv::Mat rgb = frame(entry);
    if (entry.at("palm")) {
      next.clear();
      for (const PalmDetection& palm : palms.detect(rgb, .5F))
        next.push_back(hand_roi(palm));
    }
    const auto found = look(rgb, next);
    next.clear();
    for (const HandResult& hand : found)
      next.push_back(hand_roi(hand.points));
    ASSERT_EQ(found.size(), entry.at("hands").size()) << entry.at("clip") << entry.at("frame");
    for (const json& theirs : entry.at("hands")) {
      const auto& points = theirs.at("points");
      const auto best = std::min_element(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        return difference(a, points) < difference(b, points);
      });
      const double share = difference(*best, points);
      std::printf("%s %d %s: palm %.0f px, mean %.3f %%\n", entry.at("clip").get<std::string>().c_str(),
                  entry.at("frame").get<int>(), theirs.at("label").get<std::string>().c_str(),
                  palm_length(points), 100 * share);
      EXPECT_LE(share, .02) << entry.at("clip") << entry.at("frame");
      // MediaPipe assumes mirrored pictures, so its labels are swapped.
      const bool left = theirs.at("label") == "Right";
      EXPECT_NEAR(left ? best->left : 1 - best->left, theirs.at("score").get<double>(), .05);
      sum += share;
      ++count;
    }
  }
  ASSERT_GT(count, 10);
  std::printf("mean over %d hands: %.3f %% of the palm\n", count, 100 * sum / count);
  EXPECT_LE(sum / count, .005);
}

TEST_F(Hands, ATurnedPictureHasTurnedHands) {
  const cv::Mat rgb = frame(entries[0]);
  cv::Mat turned;
  cv::flip(rgb, turned, -1); // half a turn
  const auto upright = palms.detect(rgb, .5F);
  ASSERT_EQ(upright.size(), 2U);
  const auto found = palms.detect(turned, .5F);
  ASSERT_EQ(found.size(), 2U);
  const HandResult a = look(rgb, hand_roi(upright[0]));
  double nearest = 1e9;
  for (const PalmDetection& palm : found) {
    const HandResult b = look(turned, hand_roi(palm));
    nearest = std::min(nearest, cv::norm(cv::Point2f(a.points[9].x, a.points[9].y) -
                                         cv::Point2f(640 - b.points[9].x, 480 - b.points[9].y)));
  }
  EXPECT_LT(nearest, 10);
}

TEST_F(Hands, AMirroredPictureSwapsThem) {
  const cv::Mat rgb = frame(entries[0]);
  cv::Mat mirrored;
  cv::flip(rgb, mirrored, 1);
  for (const PalmDetection& palm : palms.detect(rgb, .5F)) {
    const RotatedRoi roi = hand_roi(palm);
    const HandResult one = look(rgb, roi);
    const HandResult other =
        look(mirrored, RotatedRoi{{640 - roi.center.x, roi.center.y}, roi.size, -roi.rotation});
    EXPECT_GT(one.presence, .9F);
    EXPECT_EQ(one.left > .5F, other.left < .5F);
  }
}

TEST(HandNetworks, SeeNothingInNothing) {
  PalmDetector palms(locate("palm_detection_full"), {});
  EXPECT_TRUE(palms.detect(cv::Mat(), .5F).empty());
  EXPECT_TRUE(palms.detect(cv::Mat::zeros(480, 640, CV_8UC3), .5F).empty());
  EXPECT_TRUE(palms.detect(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(255)), .5F).empty());
  EXPECT_TRUE(palms.detect(cv::Mat(1, 3000, CV_8UC3, cv::Scalar::all(99)), .5F).empty());
  HandLandmarks landmarks(locate("hand_landmark_full"), {});
  const cv::Matx23f same(1, 0, 0, 0, 1, 0);
  EXPECT_LT(landmarks.estimate(cv::Mat::zeros(224, 224, CV_8UC3), same).presence, .5F);
  EXPECT_THROW((void)landmarks.estimate(cv::Mat::zeros(224, 223, CV_8UC3), same), cv::Exception);
  EXPECT_THROW((void)landmarks.estimate(cv::Mat::zeros(224, 224, CV_8UC1), same), cv::Exception);
}

TEST(HandNetworks, RefuseOtherFiles) {
  EXPECT_THROW(PalmDetector(locate("hand_landmark_full"), {}), ModelError);
  EXPECT_THROW(PalmDetector(locate("face_detection_full_range_sparse"), {}), ModelError);
  EXPECT_THROW(HandLandmarks(locate("palm_detection_full"), {}), ModelError);
  EXPECT_THROW(HandLandmarks("/nowhere.tflite", {}), ModelError);
}

TEST(HandRoi, OfAPalm) {
  PalmDetection palm;
  palm.box = {100, 200, 40, 40};
  palm.keypoints[0] = {120, 240};
  palm.keypoints[2] = {120, 210}; // straight up
  const RotatedRoi up = hand_roi(palm);
  EXPECT_NEAR(up.rotation, 0, 1e-6);
  EXPECT_FLOAT_EQ(up.size.width, 104);
  EXPECT_EQ(up.size.width, up.size.height);
  EXPECT_NEAR(up.center.x, 120, 1e-3);
  EXPECT_NEAR(up.center.y, 200, 1e-3); // half a box towards the fingers
  palm.keypoints[2] = {150, 240};      // fingers to the right of the picture
  const RotatedRoi right = hand_roi(palm);
  EXPECT_NEAR(right.rotation, pi / 2, 1e-6);
  EXPECT_NEAR(right.center.x, 140, 1e-3);
  EXPECT_NEAR(right.center.y, 220, 1e-3);
}

TEST(HandRoi, OfLandmarksTurnsWithThem) {
  std::vector<cv::Point3f> points;
  for (int finger = 0; finger < 5; ++finger)
    for (int joint = 1; joint <= 4; ++joint)
      points.emplace_back(static_cast<float>(20 * finger), static_cast<float>(-20 * joint), 0.F);
  points.insert(points.begin(), {40, 0, 0}); // the middle finger straight above the wrist
  const RotatedRoi up = hand_roi(points);
  EXPECT_NEAR(up.rotation, 0, 1e-6);
  // Box of wrist, thumb without its tip, the fingers' two lower joints: 80 wide, 60 high.
  EXPECT_FLOAT_EQ(up.size.width, 160);
  EXPECT_NEAR(up.center.x, 40, 1e-3);
  EXPECT_NEAR(up.center.y, -30 - 6, 1e-3);
  for (auto& p : points)
    p = {-p.y, p.x, 0}; // a quarter clockwise on screen
  const RotatedRoi right = hand_roi(points);
  EXPECT_NEAR(right.rotation, pi / 2, 1e-5);
  EXPECT_NEAR(right.center.x, 36, 1e-3);
  EXPECT_NEAR(right.center.y, 40, 1e-3);
  EXPECT_THROW((void)hand_roi(std::vector<cv::Point3f>(20)), cv::Exception);
}

TEST(HandRoi, OfBodyPoints) {
  const RotatedRoi roi = hand_roi(cv::Point2f(100, 100), {100, 70}, {100, 70});
  EXPECT_NEAR(roi.rotation, 0, 1e-6);
  EXPECT_FLOAT_EQ(roi.size.width, 2.7F * 60);
  EXPECT_NEAR(roi.center.y, 70 - 6, 1e-3);
  const RotatedRoi arm = hand_roi(cv::Point2f(100, 190), {100, 100}); // a forearm of 90 px that points up
  EXPECT_NEAR(arm.rotation, 0, 1e-6);
  EXPECT_NEAR(arm.center.y, 64, 1e-3);
}

} // namespace
} // namespace deid::models
