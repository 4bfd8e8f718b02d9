// People beside each other, lost people, and people behind hands.
#include "tests/elements/faceswap/swapper_fixture.hpp"

namespace deid::faceswap {
namespace {

/// "swap NAME" without the rest.
std::string named(const cover::Overlay& overlay) {
  return said(overlay).substr(0, said(overlay).find_first_of(", ", std::string("swap ").size()));
}

/// Share of a picture that is Anna's own skin.
double own_skin(const cv::Mat& rgb) {
  cv::Mat own;
  cv::inRange(rgb, red - cv::Scalar::all(2), red + cv::Scalar::all(2), own);
  return cv::mean(own)[0] / 255;
}

/// A finder that knows one hand in front of a face.
class OneHand final : public HandFinder {
public:
  OneHand(const cv::Rect2f& face, const bool& there, float size = .35F) : there_(there) {
    const cv::Point2f wrist(face.x + face.width * .5F, face.y + face.height);
    const float palm = face.height * size;
    points_.emplace_back(wrist.x, wrist.y, 0.F);
    for (int finger = 0; finger < 5; ++finger)
      for (int joint = 0; joint < 4; ++joint)
        points_.emplace_back(wrist.x + palm * (.25F * static_cast<float>(finger) - .5F),
                             wrist.y - palm * (finger == 0 ? .25F * static_cast<float>(joint + 1)
                                                           : 1 + .1F * static_cast<float>(joint)),
                             0.F);
  }
  void set_frame(const video::FrameView&) override {}
  std::vector<models::PalmDetection> palms(const cv::Rect2f&) override {
    return std::vector<models::PalmDetection>(there_ ? 1 : 0);
  }
  models::HandResult hand(const models::RotatedRoi&) override {
    return {.points = points_, .presence = there_ ? .95F : 0.F};
  }

private:
  const bool& there_;
  std::vector<cv::Point3f> points_{};
};

TEST_F(SwapperTest, AHandThatComesInIsCheckedInTheVeryFrame) {
  bool hand = false;
  hands_ = std::make_unique<OneHand>(here, hand);
  begin(loaded({at(0, .9)}));
  const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
  hand = true;
  int frames = 0;
  cover::Overlay now;
  do {
    ASSERT_LT(++frames, 8) << "no hand was drawn";
    now = frame({{1, here, red}}).overlays.at(0);
  } while (cv::norm(now.rgb, before, cv::NORM_INF) < 5);
  EXPECT_NE(said(now).find("distance"), std::string::npos) << said(now);
}

TEST_F(SwapperTest, HandsAreKeptHoweverLargeADetectorDrewTheRegion) {
  for (const float loose : {1.F, 1.2F, 1.4F}) {
    bool hand = false;
    hands_ = std::make_unique<OneHand>(here, hand, .25F);
    begin(loaded({at(0, .9)}));
    const Face anna_there{1, here, red, false, loose};
    const double without = own_skin(frame({anna_there}).overlays.at(0).rgb);
    hand = true;
    cover::Overlay now;
    for (int i = 0; i < 8; ++i)
      now = frame({anna_there}).overlays.at(0);
    EXPECT_GT(own_skin(now.rgb), without + .005) << loose;
  }
}

TEST_F(SwapperTest, AResultThatIsTooCloseWithHandsIsDrawnWithoutThemForSomeFrames) {
  settings_.verify.raise = false;
  bool hand = false;
  hands_ = std::make_unique<OneHand>(here, hand);
  begin(loaded({at(0, .9), at(1, .9)}));
  const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
  events_.clear();
  hand = true;
  int checks = 0;
  describer_->result = [&checks] { return ++checks == 1 ? anna : at(20, 1); };
  for (int i = 0; i < 8; ++i) {
    const auto now = frame({{1, here, red}}).overlays.at(0);
    EXPECT_TRUE(drawn(now)) << i;
    EXPECT_LT(cv::norm(now.rgb, before, cv::NORM_INF), 5) << i;
  }
  EXPECT_EQ(checks, 2);
  EXPECT_TRUE(events_.empty()) << to_string(events_.front().kind);
  int frames = 0;
  cover::Overlay now;
  do {
    ASSERT_LT(++frames, 10) << "painted over for good";
    now = frame({{1, here, red}}).overlays.at(0);
  } while (cv::norm(now.rgb, before, cv::NORM_INF) < 5);
  EXPECT_NE(said(now).find("distance"), std::string::npos) << "shown again without a check: " << said(now);
}

TEST_F(SwapperTest, AResultThatIsTooCloseWithHandsEachTimeIsNeverShownWithThem) {
  for (const bool raise : {false, true}) {
    settings_.verify.raise = raise;
    bool hand = false;
    hands_ = std::make_unique<OneHand>(here, hand);
    begin(loaded({at(0, .9), at(1, .9)}));
    const double without = own_skin(frame({{1, here, red}}).overlays.at(0).rgb);
    const double seen_without = own_skin(describer_->seen);
    int refused = 0;
    describer_->result = [&] {
      const bool shown = own_skin(describer_->seen) > seen_without + .01;
      refused += shown ? 1 : 0;
      return shown ? anna : at(20, 1);
    };
    hand = true;
    for (int i = 0; i < 90; ++i) {
      const auto now = frame({{1, here, red}}).overlays.at(0);
      EXPECT_LT(own_skin(now.rgb), without + .01) << raise << ", " << i;
    }
    EXPECT_GE(refused, 4) << "hands were not tried again";
  }
}

TEST_F(SwapperTest, AHairBelowTheLimitBehindAHandIsNoDifferenceThatLasts) {
  for (const bool raise : {false, true})
    for (const double hair : {-1e-6, 1e-6}) {
      settings_.verify.raise = raise;
      bool hand = false;
      hands_ = std::make_unique<OneHand>(here, hand);
      begin(loaded({at(0, .9), at(1, .9)}));
      const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
      hand = true;
      int checks = 0;
      describer_->result = [&] { return ++checks == 1 ? at(10, .8, 21, .6 + hair) : at(20, 1); };
      int kept = 0;
      for (int i = 0; i < 60; ++i) {
        const auto now = frame({{1, here, red}}).overlays.at(0);
        EXPECT_TRUE(drawn(now)) << i;
        kept += cv::norm(now.rgb, before, cv::NORM_INF) >= 5 ? 1 : 0;
      }
      EXPECT_GE(kept, 48) << raise << ", " << hair;
    }
}

TEST_F(SwapperTest, ASmallDifferenceBehindAHandIsMadeUpForByGeometry) {
  bool hand = false;
  hands_ = std::make_unique<OneHand>(here, hand);
  begin(loaded({at(0, .9), at(1, .9)}));
  const cv::Mat before = frame({{1, here, red}}).overlays.at(0).rgb.clone();
  hand = true;
  int checks = 0;
  describer_->result = [&checks] { return ++checks == 1 ? anna : at(20, 1); };
  cover::Overlay now;
  for (int i = 0; i < 8 && checks == 0; ++i)
    now = frame({{1, here, red}}).overlays.at(0);
  EXPECT_EQ(checks, 2);
  EXPECT_EQ(noted(SwapEvent::Kind::raised), 1);
  EXPECT_GE(cv::norm(now.rgb, before, cv::NORM_INF), 5) << "the hand was painted over: " << said(now);
  EXPECT_NE(said(now).find("geometry 0.25"), std::string::npos) << said(now);
}

TEST_F(SwapperTest, AFaceBehindAHandIsNotTakenForSomebodyElse) {
  bool hand = true;
  hands_ = std::make_unique<OneHand>(here, hand);
  begin(loaded({at(0, .9), at(1, .9)}));
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
  for (int i = 0; i < 40; ++i) {
    const auto now =
        frame({{1, here, blue}}).overlays.at(0); // the hand changes the descriptor to another person's
    EXPECT_EQ(named(now), "swap nobody-1") << i << ": " << said(now);
  }
}

TEST_F(SwapperTest, NobodyInAGroupChangesTheTargetOnceItWasDrawn) {
  std::vector<Descriptor> nine;
  for (std::size_t i = 0; i < 9; ++i)
    nine.push_back(at(i, .9));
  begin(loaded(nine));
  int tries = 0;
  describer_->result = [&tries] {
    return at(40, ++tries % 3 == 2 ? 1 : .7F);
  }; // other targets give better results
  std::map<std::size_t, std::string> worn;
  const std::vector<Face> three{{1, {20, 80, 120, 150}, of_a_crowd(0)},
                                {2, {220, 80, 120, 150}, of_a_crowd(3)},
                                {3, {420, 80, 120, 150}, of_a_crowd(6)}};
  for (int i = 0; i < 40; ++i) {
    const auto now = frame(three);
    for (std::size_t k = 0; k < three.size(); ++k)
      if (drawn(now.overlays.at(k))) {
        EXPECT_EQ(worn.try_emplace(k, named(now.overlays.at(k))).first->second, named(now.overlays.at(k)))
            << i << ": " << three[k].id;
      }
  }
  EXPECT_EQ(worn.size(), 3U);
}

TEST_F(SwapperTest, WhoIsFoundUnderTheIdOfSomebodyLostIsNotShownAsThatPerson) {
  for (const int before : {20, 24, 28, 32}) { // the next observation of the original becomes due
    begin(loaded({at(0, .9), at(1, .9)}));
    std::string annas;
    for (int i = 0; i < before; ++i)
      annas = named(frame({{1, here, red}}).overlays.at(0));
    for (int i = 0; i < 10; ++i)
      frame({{1, here, {}, true}});
    int shown = 0;
    for (int i = 0; i < 40; ++i) {
      const auto now = frame({{1, here, blue}}).overlays.at(0);
      shown += drawn(now) ? 1 : 0;
      EXPECT_TRUE(!drawn(now) || named(now) != annas) << before << ", " << i << ": " << said(now);
    }
    EXPECT_GT(shown, 20) << "has a target of the own";
  }
}

TEST_F(SwapperTest, WhatWasLearnedOfSomebodyIsNotForWhoeverHasTheIdNext) {
  settings_.pick = false;
  landmarker_.emplace();
  begin(loaded({at(0, .9), at(1, .9)}));
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(drawn(frame({{1, here, red}}).overlays.at(0)));
  int before = 0;
  std::string now;
  for (int i = 0; i < 60 && !now.starts_with("swap nobody-2"); ++i) {
    before = landmarker_->calls;
    now = done({{1, here, blue}});
  }
  ASSERT_TRUE(now.starts_with("swap nobody-2")) << now;
  EXPECT_EQ(landmarker_->calls - before, 3) << "as a first result is looked at";
}

TEST_F(SwapperTest, WhoWasLostIsLookedAtAndCheckedWhenFoundAgain) {
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 20; ++i)
    frame({{1, here, red}});
  for (const int lost : {1, 2, 4}) {
    for (int i = 0; i < lost; ++i)
      ASSERT_TRUE(drawn(frame({{1, here, {}, true}}).overlays.at(0))) << "goes on with the last landmarks";
    const auto now = frame({{1, here, red}}).overlays.at(0);
    EXPECT_TRUE(drawn(now)) << lost;
    EXPECT_EQ(said(now).find("distance") != std::string::npos, lost > 3) << lost << ": " << said(now);
  }
}

TEST_F(SwapperTest, InACrowdEverybodyIsCheckedOrCovered) {
  settings_.verify.every = 1;
  settings_.pick = false;
  std::vector<Descriptor> targets;
  std::vector<Face> people;
  for (int i = 0; i < 10; ++i) {
    targets.push_back(at(static_cast<std::size_t>(i), .9));
    people.push_back({static_cast<std::uint32_t>(i + 1),
                      {10 + 125.F * static_cast<float>(i % 5), i < 5 ? 10.F : 190.F, 110, 150},
                      of_a_crowd(i)});
  }
  begin(loaded(targets));
  std::vector<int> unchecked(people.size(), 0), shown(people.size(), 0);
  for (int i = 0; i < 60; ++i) {
    const auto now = frame(people);
    for (std::size_t k = 0; k < people.size(); ++k) {
      const bool checked = said(now.overlays[k]).find("distance") != std::string::npos;
      unchecked[k] = checked ? 0 : unchecked[k] + (drawn(now.overlays[k]) ? 1 : 0);
      EXPECT_LE(unchecked[k], 2) << "face " << k << " in frame " << i;
      shown[k] += drawn(now.overlays[k]) ? 1 : 0;
    }
  }
  for (std::size_t k = 0; k < people.size(); ++k)
    EXPECT_GT(shown[k], 30) << k;
}

} // namespace
} // namespace deid::faceswap
