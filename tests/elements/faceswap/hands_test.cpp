#include "elements/faceswap/perception/hands.hpp"
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {
namespace {

const cv::Rect2f face(100, 60, 100, 120);

/// An open hand with the fingers up: the wrist at `wrist`, the palm of this length.
std::vector<cv::Point3f> open_hand(cv::Point2f wrist, float palm) {
  std::vector<cv::Point3f> points{{wrist.x, wrist.y, 0}};
  for (int finger = 0; finger < 5; ++finger)
    for (int joint = 0; joint < 4; ++joint) {
      const float up =
          finger == 0 ? .25F * static_cast<float>(joint + 1) : 1 + .3F * static_cast<float>(joint);
      points.emplace_back(wrist.x + palm * (.25F * static_cast<float>(finger) - .5F), wrist.y - palm * up,
                          0.F);
    }
  return points;
}

/// A finder that knows one hand.
class OneHand final : public HandFinder {
public:
  void set_frame(const video::FrameView&) override {}
  std::vector<models::PalmDetection> palms(const cv::Rect2f& area) override {
    ++palm_looks;
    last_area = area;
    return palm_seen ? std::vector<models::PalmDetection>(palms_seen) : std::vector<models::PalmDetection>{};
  }
  models::HandResult hand(const models::RotatedRoi&) override {
    ++looks;
    return {.points = points, .presence = presence};
  }
  [[nodiscard]] cv::Mat glance(const cv::Rect2f&) const override { return picture.clone(); }
  cv::Mat picture{}; ///< empty: the finder cannot tell whether something moved
  std::vector<cv::Point3f> points = open_hand({150, 190}, 50);
  float presence = .95F;
  bool palm_seen = true;
  std::size_t palms_seen = 1;
  int looks = 0, palm_looks = 0;
  cv::Rect2f last_area{};
};

class Hands : public testing::Test {
protected:
  std::vector<SeenHand> frame() { return hands_.frame(finder_, std::vector{face}); }
  /// Frames until a hand is shown; -1: not within 20.
  int frames_until_shown() {
    for (int n = 1; n <= 20; ++n)
      if (!frame().empty())
        return n;
    return -1;
  }
  OneHand finder_{};
  HandsInFront hands_{};
};

TEST_F(Hands, FoundBesideTheDrawingAreTheSameOneFrameLater) {
  const int at_once = frames_until_shown();
  HandsInFront beside;
  int frames = 1;
  while (beside.frame(finder_, std::vector{face}, true).empty())
    ASSERT_LT(++frames, 20);
  EXPECT_EQ(frames, at_once + 1);
}

TEST_F(Hands, FoundBesideTheDrawingBeforeAJumpAreForgotten) {
  HandsInFront beside;
  (void)beside.frame(finder_, std::vector{face}, true); // begins a search
  beside.flush();
  finder_.looks = 0;
  (void)beside.frame(finder_, std::vector{face}, true);
  EXPECT_EQ(finder_.looks, 0) << "a palm of the picture before the jump was followed";
}

TEST_F(Hands, AreSearchedForWhereSomethingMoved) {
  finder_.palm_seen = false;
  for (int i = 0; i < 90; ++i)
    frame();
  const int always = finder_.palm_looks;
  finder_.picture = cv::Mat(24, 24, CV_8UC1, cv::Scalar(90));
  finder_.palm_looks = 0;
  for (int i = 0; i < 90; ++i)
    frame();
  EXPECT_LE(finder_.palm_looks, always / 4) << "nothing moves";
  EXPECT_GE(finder_.palm_looks, always / 6) << "but a hand may have come slowly";
  finder_.picture(cv::Rect(2, 2, 5, 5)) = 140; // a palm
  finder_.palm_looks = 0;
  for (int i = 0; i < 6; ++i) // once around both squares
    frame();
  EXPECT_EQ(finder_.palm_looks, 2);
  finder_.picture(cv::Rect(12, 12, 3, 3)) = 140; // a mouth
  finder_.palm_looks = 0;
  for (int i = 0; i < 6; ++i)
    frame();
  EXPECT_EQ(finder_.palm_looks, 0);
}

TEST_F(Hands, AreSearchedForAtOnceAfterAJumpAndAroundOtherFaces) {
  finder_.palm_seen = false;
  finder_.picture = cv::Mat(24, 24, CV_8UC1, cv::Scalar(90));
  for (int i = 0; i < 30; ++i)
    frame();
  finder_.palm_looks = 0;
  hands_.flush();
  for (int i = 0; i < 6; ++i)
    frame();
  EXPECT_EQ(finder_.palm_looks, 2);
  for (int i = 0; i < 6; ++i)
    hands_.frame(finder_, std::vector{face, face + cv::Point2f(200, 0)});
  EXPECT_EQ(finder_.palm_looks, 4) << "the first look at each of four squares takes twelve frames";
}

TEST_F(Hands, AreShownWhenSeenTwiceAndComeInSoftly) {
  EXPECT_TRUE(frame().empty()) << "once is not enough";
  const auto second = frame(), third = frame();
  ASSERT_EQ(second.size(), 1U);
  ASSERT_EQ(third.size(), 1U);
  EXPECT_LT(second[0].share, third[0].share);
  EXPECT_EQ(third[0].share, 1);
  EXPECT_EQ(third[0].points, finder_.points);
}

TEST_F(Hands, AreTheSurerTheLongerTheNetworkWas) {
  ASSERT_EQ(frames_until_shown(), 2);
  float last = 0;
  int frames = 0;
  for (; last < 1 && frames < 50; ++frames) {
    const auto now = frame();
    ASSERT_EQ(now.size(), 1U);
    EXPECT_GT(now[0].sure, last);
    last = now[0].sure;
    EXPECT_EQ(least_sure(now, {0, 0, 300, 300}), last);
    EXPECT_EQ(least_sure(now, {900, 0, 300, 300}), 0) << "it is elsewhere";
  }
  EXPECT_GE(frames, 8);
  EXPECT_LE(frames, 25);
  finder_.presence = .7F;
  EXPECT_TRUE(frame().empty());
  finder_.presence = .95F;
  frame();
  EXPECT_LT(frame().at(0).sure, .2F) << "begins anew";
}

TEST_F(Hands, AreLookedForAroundTheFace) {
  frame();
  EXPECT_EQ(finder_.last_area & face, face);
  EXPECT_GE(finder_.last_area.width, 2 * face.height);
}

TEST_F(Hands, AreLookedForOnlyNowAndThen) {
  finder_.palm_seen = false;
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(frame().empty());
  EXPECT_EQ(finder_.palm_looks, 7) << "every third frame";
  EXPECT_EQ(finder_.looks, 0);
}

TEST_F(Hands, AreGoneInTheVeryFrameInWhichTheyAreNotSeen) {
  ASSERT_EQ(frames_until_shown(), 2);
  finder_.presence = .2F;
  finder_.palm_seen = false;
  EXPECT_TRUE(frame().empty());
  finder_.presence = .95F;
  EXPECT_TRUE(frame().empty()) << "nobody looks where nothing was";
}

TEST_F(Hands, WhatIsNotSurelyOneIsNotShown) {
  finder_.presence = .7F;
  EXPECT_EQ(frames_until_shown(), -1);
  finder_.presence = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(frames_until_shown(), -1);
}

TEST_F(Hands, WhatJumpsIsNotShown) {
  ASSERT_EQ(frames_until_shown(), 2);
  finder_.points = open_hand({150, 140}, 50);
  EXPECT_TRUE(frame().empty());
}

TEST_F(Hands, WhatHasNotAHandsSizeIsNotShown) {
  for (const float palm : {15.F, 170.F}) {
    finder_.points = open_hand({150, 190}, palm);
    EXPECT_EQ(frames_until_shown(), -1) << palm;
  }
}

TEST_F(Hands, APalmThatPointsAtTheCameraIsMeasuredByItsFingers) {
  finder_.points[0] = {150, 150, 0}; // wrist and roots of the fingers nearly in one place, seen from the side
  for (cv::Point3f& p : finder_.points)
    p.x = 150 + (p.x - 150) / 5;
  EXPECT_EQ(frames_until_shown(), 2);
}

TEST_F(Hands, ASizeAtTheLimitInOneFrameDoesNotDecideForLong) {
  const float limit = .2F * face.height;
  for (const float hair : {-1e-3F, 1e-3F}) {
    hands_.flush();
    finder_.palm_seen = true;
    finder_.points = open_hand({150, 190}, limit + hair);
    while (finder_.looks == 0)
      EXPECT_TRUE(frame().empty());
    finder_.palm_seen = false; // no second detection of the palm
    finder_.points = open_hand({150, 190}, 1.2F * limit);
    int shown = 0;
    for (int i = 0; i < 30; ++i)
      shown += frame().empty() ? 0 : 1;
    EXPECT_GE(shown, 28) << hair;
    finder_.looks = 0;
  }
}

TEST_F(Hands, WhatTouchesNoFaceIsNotShown) {
  finder_.points = open_hand({400, 190}, 50);
  EXPECT_EQ(frames_until_shown(), -1);
}

TEST_F(Hands, AreFollowedNoFartherThanAFewFrames) {
  ASSERT_EQ(frames_until_shown(), 2);
  finder_.palm_seen = false;
  finder_.points = open_hand({400, 190}, 50);
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(frame().empty());
  const int before = finder_.looks;
  frame();
  EXPECT_EQ(finder_.looks, before);
}

TEST_F(Hands, PointsThatAreNoneAreNoHand) {
  finder_.points[4].x = std::numeric_limits<float>::infinity();
  EXPECT_EQ(frames_until_shown(), -1);
  finder_.points = open_hand({150, 190}, 50);
  finder_.points.pop_back();
  EXPECT_EQ(frames_until_shown(), -1);
}

TEST_F(Hands, TwoPalmsOfOneHandAreOne) {
  finder_.palms_seen = 2;
  for (int i = 0; i < 4; ++i)
    EXPECT_LE(frame().size(), 1U);
}

TEST_F(Hands, AreForgottenAfterAJumpInTheStreamAndWithoutAFace) {
  ASSERT_EQ(frames_until_shown(), 2);
  hands_.flush();
  finder_.palm_seen = false;
  EXPECT_TRUE(frame().empty());
  finder_.palm_seen = true;
  ASSERT_GT(frames_until_shown(), 0);
  finder_.palm_seen = false;
  EXPECT_TRUE(hands_.frame(finder_, {}).empty());
  EXPECT_TRUE(frame().empty());
}

TEST(HandArea, IsTheHandAndNothingBesideIt) {
  const std::vector<SeenHand> hands{{open_hand({150, 190}, 60), 1}};
  const cv::Rect bounds(80, 40, 160, 170);
  const cv::Mat area = hand_area(hands, bounds);
  ASSERT_EQ(area.size(), bounds.size());
  ASSERT_EQ(area.type(), CV_8UC1);
  const auto there = [&](float x, float y) {
    return area.at<std::uint8_t>(cvRound(y) - 40, cvRound(x) - 80);
  };
  EXPECT_EQ(there(150, 160), 255) << "the palm";
  for (const std::size_t tip : {8U, 12U, 16U, 20U})
    EXPECT_GT(there(hands[0].points[tip].x, hands[0].points[tip].y), 100) << tip;
  EXPECT_EQ(there(hands[0].points[20].x + 15, hands[0].points[20].y), 0) << "beside the little finger";
  EXPECT_EQ(there(85, 45), 0);
  EXPECT_EQ(there(235, 205), 0);
}

TEST(HandArea, OfALargeHandIsNoLargerThoughMadeInHalfTheSize) {
  constexpr float by = 2.5; // the rim is soft enough for half the size
  const std::vector<SeenHand> hands{{open_hand({by * 150, by * 190}, by * 60), 1}};
  for (const cv::Point corner : {cv::Point(200, 100), cv::Point(201, 101)}) { // even and odd
    const cv::Rect bounds(corner, cv::Size(401, 425));
    const cv::Mat area = hand_area(hands, bounds);
    ASSERT_EQ(area.size(), bounds.size());
    cv::Mat far(area.size(), CV_8UC1, cv::Scalar(255)); // farther than a finger from every bone
    const auto on = [&](std::size_t i) {
      const cv::Point3f& p = hands[0].points[i];
      return cv::Point(cvRound(p.x), cvRound(p.y)) - corner;
    };
    for (std::size_t i = 1; i < 21; ++i)
      cv::line(far, on(i % 4 == 1 ? 0 : i - 1), on(i), 0, cvRound(by * 60 * .6));
    EXPECT_EQ(cv::countNonZero(area & far), 0) << corner;
    EXPECT_EQ(area.at<std::uint8_t>(on(9) * .6 + on(0) * .4), 255) << "the palm";
    for (const std::size_t tip : {8U, 12U, 16U, 20U})
      EXPECT_GT(area.at<std::uint8_t>(on(tip)), 100) << tip;
    EXPECT_EQ(area.at<std::uint8_t>(on(20) + cv::Point(cvRound(by * 15), 0)), 0)
        << "beside the little finger";
  }
}

TEST(HandArea, ComesInSoftlyAndMayBeOutside) {
  const std::vector<SeenHand> hands{{open_hand({150, 190}, 60), .5F}};
  double most = 0;
  cv::minMaxLoc(hand_area(hands, {80, 40, 160, 170}), nullptr, &most);
  EXPECT_NEAR(most, 128, 1);
  EXPECT_EQ(cv::countNonZero(hand_area(hands, {900, 40, 160, 170})), 0);
  EXPECT_EQ(cv::countNonZero(hand_area({}, {80, 40, 160, 170})), 0);
}

} // namespace
} // namespace deid::faceswap
