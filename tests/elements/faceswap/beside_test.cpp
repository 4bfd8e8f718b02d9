#include "tests/elements/faceswap/swapper_fixture.hpp"
#include <array>
#include <thread>

/// Runs of networks beside the drawing: checks, observations, corrections and searches for palms of a live
/// stream.
namespace deid::faceswap {
namespace {

class BesideTest : public SwapperTest {
protected:
  BesideTest() {
    settings_.beside = true;
    settings_.verify.raise = false;
    settings_.verify.every = 5;
  }
  Swapper::Done next() { return frame({{1, here, red}}); }
};

TEST_F(BesideTest, TheFirstResultIsCheckedBeforeItIsShown) {
  begin(loaded({at(0, .9)}));
  describer_->answer([] { return anna; });
  for (int i = 0; i < 40; ++i)
    ASSERT_FALSE(drawn(next().overlays.at(0))) << i;
}

TEST_F(BesideTest, AResultThatTurnsTooCloseIsCoveredOneFrameAfterItsCheck) {
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(drawn(next().overlays.at(0))) << i;
  describer_->answer([] { return anna; });
  int shown = 0;
  while (drawn(next().overlays.at(0)))
    ASSERT_LT(++shown, settings_.verify.every + 2) << "the check did not count in the next frame";
  EXPECT_GE(swapper_->counters().refused, 1U);
  for (int i = 0; i < 14; ++i)
    ASSERT_FALSE(drawn(next().overlays.at(0))) << i;
}

TEST_F(BesideTest, ResultsAreAsOftenCheckedAsWithoutAndTheVerdictIsSaid) {
  std::array<std::uint64_t, 2> verified{};
  for (const bool beside : {false, true}) {
    settings_.beside = beside;
    begin(loaded({at(0, .9)}));
    int said = 0;
    for (int i = 0; i < 61; ++i)
      said += static_cast<int>(done({{1, here, red}}).find("distance") != std::string::npos);
    verified.at(beside ? 1 : 0) = swapper_->counters().verified;
    EXPECT_EQ(static_cast<std::uint64_t>(said), swapper_->counters().verified);
  }
  EXPECT_NEAR(static_cast<double>(verified[1]), static_cast<double>(verified[0]), 3);
  EXPECT_GE(verified[1], 9U);
}

TEST_F(BesideTest, WhatIsDrawnIsTheSameEachTime) {
  std::array<std::vector<cv::Mat>, 2> drawn_pictures;
  for (auto& pictures : drawn_pictures) {
    landmarker_.emplace();
    begin(loaded({at(0, .9), at(1, .9)}));
    for (int i = 0; i < 40; ++i)
      pictures.push_back(frame({{1, here, red}, {2, there, blue}}).overlays.at(0).rgb.clone());
  }
  for (std::size_t i = 0; i < drawn_pictures[0].size(); ++i)
    ASSERT_EQ(cv::norm(drawn_pictures[0][i], drawn_pictures[1][i], cv::NORM_INF), 0) << i;
}

/// Frames until the first swap, the target that was worn then, and the most runs of the describer in one
/// frame before.
struct Entrance {
  int frames = 0, most_runs = 0;
  std::string target{};
};

TEST_F(BesideTest, ManyTargetsAreTriedOneAfterTheOtherAndTheSameOneIsTaken) {
  std::array<Entrance, 2> entrances;
  for (const bool beside : {false, true}) {
    settings_.beside = beside;
    begin(loaded({at(0, .9), at(1, .9), at(2, .9), at(3, .9)}));
    // The results are as far from the person as the number of the trial says; the last rival is the best.
    int results = 0;
    describer_->answer([&results] { return at(20, .7 + .1 * std::min(results++, 2)); });
    Entrance& entrance = entrances.at(beside ? 1 : 0);
    for (bool shown = false; !shown; ++entrance.frames) {
      ASSERT_LT(entrance.frames, 40);
      const int before = describer_->calls;
      const cover::Overlay overlay = next().overlays.at(0);
      shown = drawn(overlay);
      entrance.target = overlay.outcome.target;
      entrance.most_runs = std::max(entrance.most_runs, describer_->calls - before);
    }
  }
  EXPECT_GE(entrances[0].most_runs, 4); // three trials and the check
  EXPECT_LE(entrances[1].most_runs, 2) << "a live frame waits for several trials";
  EXPECT_GT(entrances[1].frames, entrances[0].frames);
  EXPECT_FALSE(entrances[0].target.empty());
  EXPECT_EQ(entrances[0].target, entrances[1].target);
  EXPECT_EQ(noted(SwapEvent::Kind::reassigned), 2) << "the best result was not the first one";
}

TEST_F(BesideTest, ASettingThatChangesResultsIsNotAnsweredByARunningCheck) {
  begin(loaded({at(0, .9)}));
  int before = 0;
  for (int i = 0; i < 6; ++i) { // the check of the sixth frame runs beside
    before = describer_->calls;
    ASSERT_TRUE(drawn(next().overlays.at(0))) << i;
  }
  while (describer_->calls == before)
    std::this_thread::yield();
  describer_->answer([] { return anna; });
  settings_.margin = .1F;
  EXPECT_FALSE(drawn(next().overlays.at(0))) << "the check that ran had seen the old margin";
}

TEST_F(BesideTest, ACheckOfAFaceThatLeftCountsForNobody) {
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 6; ++i)
    next();
  describer_->answer([] { return anna; });
  for (int i = 0; i < 40; ++i)
    frame({});
  EXPECT_FALSE(drawn(frame({{7, there, red}}).overlays.at(0)));
}

TEST_F(BesideTest, ACheckThatRunsEndsWithTheStreamAndWithTheElement) {
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 6; ++i)
    next();
  swapper_->flush(settings_);
  describer_->answer([] { return anna; });
  EXPECT_FALSE(drawn(frame({{9, here, red}}).overlays.at(0)));
  for (int i = 0; i < 6; ++i)
    next();
  swapper_.reset();
}

TEST_F(BesideTest, AFailureOfARunIsAnErrorInTheNextFrame) {
  begin(loaded({at(0, .9)}));
  for (int i = 0; i < 5; ++i)
    next();
  describer_->answer([]() -> Descriptor { throw std::runtime_error("the network failed"); });
  bool failed = false;
  for (int i = 0; i < 3 && !failed; ++i)
    try {
      next();
    } catch (const std::runtime_error&) {
      failed = true;
    }
  EXPECT_TRUE(failed);
}

TEST_F(BesideTest, TheCorrectionLearnsFromRunsBeside) {
  settings_.verify.every = 0;
  std::array<double, 2> moved{};
  std::array<cv::Mat, 2> last;
  for (const bool beside : {false, true}) {
    settings_.beside = beside;
    landmarker_.emplace();
    begin(loaded({at(0, .9)}));
    const cv::Mat first = next().overlays.at(0).rgb.clone();
    cv::Mat& picture = last.at(beside ? 1 : 0);
    for (int i = 0; i < 150; ++i)
      picture = next().overlays.at(0).rgb.clone();
    moved.at(beside ? 1 : 0) = cv::norm(first, picture, cv::NORM_L1);
    EXPECT_GE(landmarker_->calls, 8);
  }
  EXPECT_GT(moved[1], 0);
  EXPECT_LT(cv::norm(last[0], last[1], cv::NORM_L1), .5 * moved[1]) << moved[0] << ' ' << moved[1];
}

TEST_F(BesideTest, AResultInWhichTheSecondJudgeSeesNothingIsCovered) {
  two_judges_ = true;
  settings_.verify.second_covers = true;
  for (const bool beside : {false, true}) {
    settings_.beside = beside;
    begin(loaded({at(0, .9)}));
    second_->result = [] { return std::nullopt; };
    for (int i = 0; i < 100; ++i)
      for (const cover::Overlay& overlay : frame({{1, here, red}}).overlays)
        ASSERT_FALSE(drawn(overlay)) << i;
    EXPECT_GT(swapper_->counters().refused_by_second, 0U);
  }
}

} // namespace
} // namespace deid::faceswap
