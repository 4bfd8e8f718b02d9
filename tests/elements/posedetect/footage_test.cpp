// Hands of a signing person, and a user's own network on two people.
#include "elements/posedetect/bottom_up.hpp"
#include "elements/posedetect/network_finder.hpp"
#include "elements/posedetect/parts.hpp"
#include "elements/posedetect/tracker.hpp"
#include "tests/support/frames.hpp"
#include <gtest/gtest.h>

namespace deid::posedetect {
namespace {
namespace fs = std::filesystem;

constexpr std::int64_t frame_time = 33'333'333; ///< [ns]

TEST(HandsOnFootage, BelongToTheArmTheyHangOn) {
  const fs::path clip = test::shared_dir() / "data/intel_asl/again.mkv";
  if (!fs::exists(clip))
    GTEST_SKIP() << "the clip of somebody who signs is not there; hands on real footage are not tested";
  NetworkFinder finder({}, {});
  Tracker tracker(finder);
  const auto hands = open_hand_finder({});
  int seen = 0, left = 0, right = 0;
  test::each_frame(clip, [&](int index, const cv::Mat& rgb) {
    const auto view = video::rgb_view(rgb);
    auto people = tracker.step(view, index * frame_time, {.max_people = 1});
    hands->find(view, index * frame_time, people);
    for (const Person& person : people) {
      ++seen;
      EXPECT_LE(person.hands.size(), 2U);
      for (const Hand& hand : person.hands) {
        (hand.left ? left : right) += 1;
        EXPECT_EQ(hand.points.size(), 21U);
        const Keypoint &own = person.points.at(hand.left ? 15 : 16), &root = hand.points.at(0);
        const float arm = static_cast<float>(std::hypot(person.points.at(11).x - person.points.at(12).x,
                                                        person.points.at(11).y - person.points.at(12).y));
        EXPECT_TRUE(own.present && root.present);
        EXPECT_LT(std::hypot(root.x - own.x, root.y - own.y), .5F * arm) << index << hand.left;
      }
      if (person.hands.size() == 2) {
        EXPECT_NE(person.hands[0].left, person.hands[1].left);
      }
    }
    return index < 40;
  });
  EXPECT_GE(seen, 38);
  EXPECT_GE(left + right, seen) << left << " left, " << right
                                << " right"; // one of the two at least, as a rule
}

TEST(BottomUpOnFootage, FindsBothPeopleAndTheyKeepTheirIds) {
  const fs::path model = test::shared_dir() / "models/tfpose_mobilenet_v2_small.pb";
  const fs::path clip = test::shared_dir() / "data/pose2sim/multi/cam03.mp4";
  if (!fs::exists(model) || !fs::exists(clip))
    GTEST_SKIP()
        << "the network of the user or the clip of two people is not there; ids are not tested on them";
  BottomUp network(model, {});
  EXPECT_NE(network.description().find("tfpose_mobilenet_v2_small.pb@"), std::string::npos);
  std::vector<float> last;
  test::each_frame(clip, [&](int index, const cv::Mat& rgb) {
    const auto people = network.step(video::rgb_view(rgb), index * frame_time, 4, 2'000'000'000);
    if (people.size() != 2) {
      EXPECT_GT(index, 0) << "both people of frame 0";
      return index < 10;
    }
    EXPECT_EQ(people[0].id, 1U) << index;
    EXPECT_EQ(people[1].id, 2U) << index;
    std::vector<float> now;
    for (const Person& person : people) {
      EXPECT_EQ(person.set, KeypointSet::openpose18);
      EXPECT_EQ(person.points.size(), 18U);
      EXPECT_GT(person.box.height, 200) << index;
      now.push_back(person.box.x + person.box.width / 2);
    }
    for (std::size_t i = 0; i < last.size(); ++i)
      EXPECT_NEAR(now[i], last[i], 100) << index;
    last = now;
    return index < 10;
  });
  EXPECT_EQ(last.size(), 2U);
}

TEST(BottomUpOnFootage, AFileThatIsNoSuchNetworkIsRefused) {
  EXPECT_THROW(BottomUp("/none.onnx", {}), models::ModelError);
  EXPECT_THROW(BottomUp(fs::path(DEID_DEPS_DIR) / "models/face_landmark.tflite", {}), models::ModelError);
}

} // namespace
} // namespace deid::posedetect
