#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/network_finder.hpp"
#include "elements/facedetect/sweep_planner.hpp"
#include <gtest/gtest.h>

namespace deid::facedetect {
namespace {

constexpr int vga = 640 * 480;

TEST(Tiles, NoneWhenOneSweepResolvesTheFrame) {
  EXPECT_TRUE(tiles_for({640, 480}, vga).empty());
  EXPECT_TRUE(tiles_for({320, 240}, vga).empty());
  EXPECT_TRUE(tiles_for({1, 1}, vga).empty());
}

TEST(Tiles, CoverEveryPixelAndOverlap) {
  for (const cv::Size frame :
       {cv::Size(1920, 1080), cv::Size(1080, 1920), cv::Size(3840, 2160), cv::Size(1281, 963)}) {
    const auto tiles = tiles_for(frame, vga);
    ASSERT_GE(tiles.size(), 4U) << frame;
    cv::Mat hit = cv::Mat::zeros(frame, CV_8U);
    for (const cv::Rect& tile : tiles) {
      ASSERT_EQ(tile & cv::Rect({0, 0}, frame), tile) << tile << frame;
      hit(tile) += 1;
    }
    double least = 0, most = 0;
    cv::minMaxLoc(hit, &least, &most);
    EXPECT_GE(least, 1) << frame;
    EXPECT_GE(most, 4) << frame;
  }
}

TEST(SweepPlanner, LooksAtEverythingAtTheStartAndOnACut) {
  SweepPlanner planner;
  planner.reset({1920, 1080}, vga, Pace::ahead);
  EXPECT_EQ(planner.plan({}, {}).size(), 4U + tiles_for({1920, 1080}, vga).size());
  EXPECT_TRUE(planner.plan({}, {}).empty());
  EXPECT_GT(planner.plan({.cut = true}, {}).size(), 4U);
}

TEST(SweepPlanner, LiveLooksOnAPeriodAreQuickOnesAScenesFirstOnesNot) {
  for (const Pace pace : {Pace::live, Pace::ahead}) {
    SweepPlanner planner;
    planner.reset({640, 480}, vga, pace);
    EXPECT_EQ(planner.plan({}, {}).front().sight, Sight::fine);
    int looks = 0;
    for (int i = 0; i < 200; ++i)
      for (const SweepJob& job : planner.plan({.novelty = .05F, .period = 12}, {}))
        if (job.turn == Turn::none) {
          ++looks;
          EXPECT_EQ(job.sight, pace == Pace::live ? Sight::quick : Sight::fine);
        }
    EXPECT_GT(looks, 5);
    EXPECT_EQ(planner.plan({.cut = true}, {}).front().sight, Sight::fine);
  }
}

TEST(SweepPlanner, KeepsThePeriodAndStretchesItWhenNothingMoves) {
  const auto sweeps_in = [](float novelty) {
    SweepPlanner planner;
    planner.reset({640, 480}, vga, Pace::ahead);
    planner.plan({}, {});
    int count = 0;
    for (int i = 0; i < 360; ++i)
      count += static_cast<int>(planner.plan({.novelty = novelty, .period = 12}, {}).size());
    return count;
  };
  EXPECT_EQ(sweeps_in(1.F), 60);
  EXPECT_EQ(sweeps_in(.05F), 30);
  EXPECT_EQ(sweeps_in(0.F), 10);
}

TEST(SweepPlanner, SearchesSoonerForALostFace) {
  SweepPlanner planner;
  planner.reset({640, 480}, vga, Pace::ahead);
  planner.plan({}, {});
  int wait = 1;
  while (planner.plan({.face_lost = true, .novelty = 0.F, .period = 30}, {}).empty())
    ++wait;
  EXPECT_LE(wait, 6);
}

int frames_between_looks(Pace pace, SweepPlanner::Situation now, int frames_before) {
  SweepPlanner planner;
  planner.reset({640, 480}, vga, pace);
  for (int i = 0; i < frames_before; ++i)
    planner.plan({.novelty = .05F, .period = 300}, {});
  while (planner.plan(now, {}).empty()) {
  }
  int wait = 1;
  while (planner.plan(now, {}).empty())
    ++wait;
  return wait;
}

TEST(SweepPlanner, LiveLooksMoreOftenWhileNoFaceIsInSight) {
  const auto wait = [](Pace pace, bool nobody, float novelty, int frames_before) {
    return frames_between_looks(pace, {.nobody = nobody, .novelty = novelty, .period = 15}, frames_before);
  };
  // A new face is found before the waiting frames (a tenth of a second) leave.
  EXPECT_LE(wait(Pace::live, true, .05F, 100), 3);
  EXPECT_LE(wait(Pace::live, true, 0.F, 0), 3) << "a new scene may be too dark for changes to be seen";
  EXPECT_LE(wait(Pace::live, true, 0.F, 100), 10);
  EXPECT_GT(wait(Pace::live, true, 0.F, 100), 3) << "an empty room";
  EXPECT_EQ(wait(Pace::live, false, .05F, 100), 15);
  EXPECT_EQ(wait(Pace::ahead, true, .05F, 100), 15) << "a file's frames wait long enough";
}

TEST(SweepPlanner, ASlowCameraHasTimeForMoreSweeps) {
  const SweepPlanner::Situation slow{.step = {.beats = 2}, .novelty = .05F, .period = 15};
  EXPECT_EQ(frames_between_looks(Pace::live, slow, 100), 2) << "frames, of two beats each";
  EXPECT_EQ(frames_between_looks(Pace::ahead, slow, 100), 8);
}

TEST(SweepPlanner, LiveTheLooksBetweenThePeriodsAreFineAndDoubted) {
  SweepPlanner planner;
  planner.reset({640, 480}, vga, Pace::live);
  planner.plan({}, {});
  int between = 0, on_period = 0;
  for (int i = 0; i < 60; ++i)
    for (const SweepJob& job : planner.plan({.nobody = true, .novelty = 0.05F, .period = 15}, {})) {
      ++(job.doubt > 0 ? between : on_period);
      if (job.doubt > 0) {
        EXPECT_EQ(job.sight, Sight::fine);
      }
    }
  EXPECT_GE(between, 12);
  EXPECT_EQ(on_period, 4) << "as without them";
}

TEST(SweepPlanner, EveryTurnAndEveryPlaceOfALargeFrameHasItsTurn) {
  SweepPlanner planner;
  planner.reset({1920, 1080}, vga, Pace::ahead);
  planner.plan({}, {});
  std::vector<bool> turned(4, false);
  cv::Mat looked = cv::Mat::zeros(1080, 1920, CV_8U);
  for (int i = 0; i < 400; ++i)
    for (const SweepJob& job : planner.plan({.period = 12}, {})) {
      turned[static_cast<std::size_t>(job.turn)] = true;
      if (job.turn == Turn::none && job.sight == Sight::window)
        looked(job.area) = 1;
    }
  EXPECT_EQ(turned, std::vector<bool>(4, true));
  EXPECT_EQ(cv::countNonZero(looked), 1920 * 1080);
}

TEST(Attention, LooksWhereSomethingChanged) {
  Attention attention;
  attention.reset({1920, 1080}, window_side);
  ASSERT_FALSE(attention.never());
  Fingerprint picture;
  attention.update(picture);
  // Something moves at the right edge, in the middle of the height.
  for (int x = 28; x < 32; ++x)
    picture.luma[static_cast<std::size_t>(9 * Fingerprint::columns + x)] = 100;
  attention.update(picture);
  const cv::Rect window = attention.choose();
  EXPECT_TRUE(window.contains({1919, 9 * 60 + 30})) << window;
  EXPECT_EQ(window & cv::Rect(0, 0, 1920, 1080), window);
  // This window is searched now, so the next one is elsewhere.
  attention.update(picture);
  EXPECT_FALSE(attention.choose().contains({1919, 9 * 60 + 30}));
}

TEST(Attention, NeverInAFrameThatOneSweepResolves) {
  Attention attention;
  attention.reset({640, 480}, window_side);
  EXPECT_TRUE(attention.never());
}

TEST(SweepInput, IsAMultipleOf32OfTheFramesShape) {
  for (const cv::Size frame :
       {cv::Size(640, 480), cv::Size(1920, 1080), cv::Size(1080, 1920), cv::Size(360, 288), cv::Size(1, 1),
        cv::Size(7680, 4320), cv::Size(64, 2000)}) {
    const cv::Size input = sweep_input(frame, Sight::fine);
    EXPECT_EQ(input.width % 32, 0) << frame;
    EXPECT_EQ(input.height % 32, 0) << frame;
    EXPECT_GE(std::min(input.width, input.height), 32) << frame;
    EXPECT_LE(input.area(), 640 * 480 * 1.4) << frame;
  }
  EXPECT_EQ(sweep_input({640, 480}, Sight::fine), cv::Size(640, 480));
  EXPECT_LT(sweep_input({640, 480}, Sight::quick).area(), 220'000);
}

TEST(Geometry, SameFaceNeedsNearnessAndLikeSize) {
  const cv::Rect2f face(100, 100, 50, 60);
  EXPECT_TRUE(same_face(face, shifted(face, {10, 5})));
  EXPECT_FALSE(same_face(face, shifted(face, {60, 0})));
  EXPECT_FALSE(same_face(face, scaled(face, 4.F)));
  EXPECT_FLOAT_EQ(iou(face, face), 1.F);
  EXPECT_FLOAT_EQ(iou(face, {}), 0.F);
  EXPECT_FALSE(is_finite({NAN, 0, 1, 1}));
}

} // namespace
} // namespace deid::facedetect
