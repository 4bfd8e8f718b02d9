#include "elements/posedetect/hand_tracker.hpp"
#include "models/manifest/manifest.hpp"
#include "tests/support/frames.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace deid::posedetect {
namespace {

using models::HandResult;
using models::PalmDetection;
using models::RotatedRoi;

const cv::Size frame(640, 480);
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// A hand that points up, 30 px from wrist to the root of the middle finger.
HandResult hand_at(cv::Point2f wrist) {
  HandResult hand{.presence = .9F};
  hand.points.emplace_back(wrist.x, wrist.y, 0.F);
  for (int finger = 0; finger < 5; ++finger)
    for (int joint = 0; joint < 4; ++joint)
      hand.points.emplace_back(wrist.x + static_cast<float>(8 * (finger - 2)),
                               wrist.y - 30 - static_cast<float>(10 * joint), 0.F);
  return hand;
}

/// Hands at known places. A region shows the nearest hand inside it.
struct World : HandNetworks {
  std::vector<cv::Point2f> wrists{};
  bool palms_seen = true;
  float presence = .9F;
  int looks = 0;
  int palm_runs = 0;

  std::vector<PalmDetection> palms() override {
    ++palm_runs;
    std::vector<PalmDetection> found;
    for (const cv::Point2f wrist : wrists) {
      PalmDetection palm{.box = {wrist.x - 15, wrist.y - 30, 30, 30}, .score = .8F};
      palm.keypoints.fill(wrist);
      palm.keypoints[2] = wrist + cv::Point2f(0, -30);
      if (palms_seen)
        found.push_back(palm);
    }
    return found;
  }

  HandResult hand(const RotatedRoi& roi) override {
    ++looks;
    HandResult best;
    float least = roi.size.width / 2;
    for (const cv::Point2f wrist : wrists) {
      const cv::Point2f palm = wrist + cv::Point2f(0, -25);
      const float away = std::hypot(palm.x - roi.center.x, palm.y - roi.center.y);
      if (away < least) {
        least = away;
        best = hand_at(wrist);
        best.presence = presence;
      }
    }
    return best;
  }
};

Arm arm(std::uint32_t person, bool left, cv::Point2f wrist) {
  return {.person = person, .left = left, .wrist = wrist, .elbow = wrist + cv::Point2f(0, 90)};
}

cv::Point2f wrist_of(const TrackedHand& one) {
  return {one.hand.points.at(0).x, one.hand.points.at(0).y};
}

TEST(HandTracker, FindsTheHandsOfTwoArmsWithoutThePalmDetector) {
  World world;
  world.wrists = {{200, 300}, {400, 310}};
  HandTracker tracker;
  const auto hands = tracker.update(world, {arm(7, true, {405, 312}), arm(7, false, {196, 302})}, frame);
  ASSERT_EQ(hands.size(), 2U);
  EXPECT_TRUE(hands[0].hand.left);
  EXPECT_EQ(hands[0].person, 7U);
  EXPECT_EQ(wrist_of(hands[0]), cv::Point2f(400, 310));
  EXPECT_EQ(wrist_of(hands[1]), cv::Point2f(200, 300));
  EXPECT_EQ(hands[0].hand.points.size(), 21U);
  for (const Keypoint& point : hands[0].hand.points)
    EXPECT_TRUE(point.present && point.score == .9F);
  EXPECT_EQ(world.palm_runs, 0);
  EXPECT_EQ(world.looks, 4); // rough and fine
}

TEST(HandTracker, FollowsWithOneLookAHand) {
  World world;
  world.wrists = {{200, 300}, {400, 310}};
  HandTracker tracker;
  for (int i = 0; i < 20; ++i) {
    world.looks = 0;
    const auto hands =
        tracker.update(world, {arm(1, true, world.wrists[1]), arm(1, false, world.wrists[0])}, frame);
    ASSERT_EQ(hands.size(), 2U) << i;
    EXPECT_EQ(wrist_of(hands[1]), world.wrists[0]);
    EXPECT_EQ(world.looks, i == 0 ? 4 : 2);
    world.wrists[0] += cv::Point2f(6, -4);
    world.wrists[1] += cv::Point2f(-2, 3);
  }
  EXPECT_EQ(world.palm_runs, 0);
}

TEST(HandTracker, AsksThePalmDetectorNowAndThenWhenAHandIsLost) {
  World world; // no hands: arms point at nothing
  HandTracker tracker({.palm_period = 5});
  for (int i = 0; i < 11; ++i)
    EXPECT_TRUE(tracker.update(world, {arm(1, true, {300, 300})}, frame).empty());
  EXPECT_EQ(world.palm_runs, 3); // frames 0, 5, 10
  tracker.reset();
  (void)tracker.update(world, {arm(1, true, {300, 300})}, frame);
  EXPECT_EQ(world.palm_runs, 4);
}

TEST(HandTracker, AWristAloneNeedsThePalmDetector) {
  World world;
  world.wrists = {{300, 200}};
  HandTracker tracker;
  const Arm bare{.person = 2, .left = false, .wrist = cv::Point2f(310, 205)};
  auto hands = tracker.update(world, {bare}, frame);
  ASSERT_EQ(hands.size(), 1U);
  EXPECT_EQ(world.palm_runs, 1);
  hands = tracker.update(world, {bare}, frame);
  ASSERT_EQ(hands.size(), 1U);
  EXPECT_EQ(world.palm_runs, 1);
  world.palms_seen = false;
  tracker.reset();
  EXPECT_TRUE(tracker.update(world, {bare}, frame).empty());
}

TEST(HandTracker, OneHandBelongsToTheNearerWrist) {
  World world;
  world.wrists = {{300, 300}};
  HandTracker tracker;
  for (int i = 0; i < 3; ++i) {
    const auto hands = tracker.update(world, {arm(1, true, {330, 300}), arm(1, false, {302, 300})}, frame);
    ASSERT_EQ(hands.size(), 1U);
    EXPECT_FALSE(hands[0].hand.left);
  }
  // Of two people too.
  tracker.reset();
  const auto hands = tracker.update(world, {arm(1, true, {330, 300}), arm(2, true, {302, 300})}, frame);
  ASSERT_EQ(hands.size(), 1U);
  EXPECT_EQ(hands[0].person, 2U);
}

TEST(HandTracker, CrossingHandsStayWithTheirArms) {
  World world;
  HandTracker tracker;
  for (int i = 0; i <= 40; ++i) {
    const cv::Point2f left(400.F - static_cast<float>(5 * i), 300);
    const cv::Point2f right(200.F + static_cast<float>(5 * i), 355); // passes below
    world.wrists = {left, right};
    const auto hands = tracker.update(world, {arm(1, true, left), arm(1, false, right)}, frame);
    for (const TrackedHand& one : hands)
      EXPECT_EQ(wrist_of(one), one.hand.left ? left : right) << i;
    if (i < 15 || i > 25) {
      EXPECT_EQ(hands.size(), 2U) << i;
    }
  }
}

TEST(HandTracker, AHandFarFromTheWristIsNotTheArms) {
  World world;
  world.wrists = {{300, 300}};
  HandTracker tracker;
  EXPECT_TRUE(tracker.update(world, {arm(1, true, {420, 300})}, frame).empty());
  ASSERT_EQ(tracker.update(world, {arm(1, true, {310, 300})}, frame).size(), 1U);
  // The arm has left, and another person's hand stays.
  EXPECT_TRUE(tracker.update(world, {arm(1, true, {500, 300})}, frame).empty());
}

TEST(HandTracker, AnUnsureNetworkHasNoHands) {
  World world;
  world.wrists = {{300, 300}};
  world.presence = .5F;
  HandTracker tracker;
  EXPECT_TRUE(tracker.update(world, {arm(1, true, {300, 300})}, frame).empty());
  world.presence = nan;
  EXPECT_TRUE(tracker.update(world, {arm(1, true, {300, 300})}, frame).empty());
}

TEST(HandTracker, ArmsThatAreNoNumbersHaveNone) {
  World world;
  world.wrists = {{300, 300}};
  HandTracker tracker;
  Arm bad = arm(1, true, {300, 300});
  bad.elbow = cv::Point2f(nan, 0);
  Arm huge = arm(1, true, {300, 300});
  huge.elbow = cv::Point2f(1e30F, -1e30F);
  const Arm none{.person = 1};
  EXPECT_TRUE(tracker.update(world, {}, frame).empty());
  EXPECT_TRUE(tracker.update(world, {bad, none, arm(2, true, {nan, 3})}, frame).empty());
  EXPECT_EQ(world.looks, 0);
  EXPECT_LE(tracker.update(world, {huge}, frame).size(), 1U);
  EXPECT_LE(tracker.update(world, {arm(3, true, {300, 300})}, {}).size(), 0U); // a frame without pixels
}

TEST(Arms, OfTheSetsThatHaveThem) {
  Person person{.id = 3, .set = KeypointSet::blazepose33};
  person.points.resize(33);
  for (std::size_t i = 0; i < 33; ++i)
    person.points[i] = {.x = static_cast<float>(i), .y = 1, .score = 1, .present = i != 14};
  const auto both = arms(person);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_TRUE(both[0].left);
  EXPECT_EQ(both[0].wrist->x, 15);
  EXPECT_EQ(both[0].elbow->x, 13);
  EXPECT_EQ(both[0].little->x, 17);
  EXPECT_EQ(both[0].index->x, 19);
  EXPECT_EQ(both[1].wrist->x, 16);
  EXPECT_FALSE(both[1].elbow.has_value()); // absent is absent
  person.set = KeypointSet::openpose18;
  person.points.resize(5); // too short a list
  EXPECT_EQ(arms(person)[1].wrist->x, 4);
  EXPECT_FALSE(arms(person)[0].wrist.has_value());
  EXPECT_FALSE(arms(person)[1].index.has_value());
}

/// The real networks on one frame.
struct Networks : HandNetworks {
  models::PalmDetector detector{models::locate("palm_detection_full"), {}};
  models::HandLandmarks network{models::locate("hand_landmark_full"), {}};
  cv::Mat rgb{};
  int palm_runs = 0;
  std::vector<PalmDetection> palms() override {
    ++palm_runs;
    return detector.detect(rgb, .5F);
  }
  HandResult hand(const RotatedRoi& roi) override {
    const auto to_frame = models::crop_to_frame(roi, {224, 224});
    return network.estimate(models::hand_crop(rgb, to_frame), to_frame);
  }
};

TEST(HandTracker, FollowsTheHandsOfARealClip) {
  const auto clip = test::shared_dir() / "data/intel_asl/yes.mkv";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "The shared clip of hands is not here (" << clip << ").";
  Networks networks;
  HandTracker tracker;
  std::vector<int> wanted;
  for (int i = 35; i < 47; ++i)
    wanted.push_back(i);
  // Wrists as MediaPipe's hands see them in frame 35 (golden/hands.json), then as we saw them last.
  cv::Point2f left(425.04F, 440.68F);
  cv::Point2f right(202.83F, 197.61F);
  int found = 0;
  for (const cv::Mat& rgb : test::decode(clip, wanted)) {
    networks.rgb = rgb;
    const std::vector<Arm> both{{.person = 1, .left = true, .wrist = left}, {.person = 1, .wrist = right}};
    for (const TrackedHand& one : tracker.update(networks, both, rgb.size())) {
      (one.hand.left ? left : right) = wrist_of(one);
      ++found;
    }
    EXPECT_GT(left.x, right.x);
  }
  std::printf("%d hands in 12 frames, %d runs of the palm detector\n", found, networks.palm_runs);
  EXPECT_GE(found, 20);
  EXPECT_LE(networks.palm_runs, 3);
}

} // namespace
} // namespace deid::posedetect
