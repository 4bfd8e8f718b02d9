#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/tuning.hpp"
#include "stream.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace deid::facedetect {
namespace {

using test::Actor;
using test::FakeFinder;
using test::height;
using test::middle;
using test::only_swept;
using test::standing;
using test::Stream;
using test::width;

TEST(Tracker, FindsAFaceInTheFirstFrameAndKeepsItsId) {
  FakeFinder finder;
  finder.actors = {standing()};
  Stream stream(finder);
  stream.run(0, 40);
  std::set<std::uint32_t> ids;
  for (int n = 0; n < 40; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    ids.insert(face->id);
    EXPECT_EQ(face->landmarks.size(), 468U) << n;
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Tracker, AnEmptySceneHasNoFaces) {
  FakeFinder finder;
  Stream stream(finder, 5);
  stream.run(0, 30);
  stream.drain();
  for (const PendingFrame& frame : stream.out)
    EXPECT_TRUE(frame.faces.empty());
  EXPECT_GT(finder.sweeps, 1);
}

TEST(Tracker, ALostFaceStaysCoveredAndGrows) {
  FakeFinder finder;
  const auto visible = [](int n) { return n < 20; };
  finder.actors = {
      {.place = [](int) { return middle; }, .glanced = visible, .swept = visible, .meshed = visible}};
  Stream stream(finder);
  stream.run(0, 120);
  float area = 0;
  for (int n = 20; n < 45; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    EXPECT_EQ(face->origin, Origin::held);
    EXPECT_GE(face->box.area(), area);
    EXPECT_TRUE((face->box & middle).area() >= 0.999F * middle.area());
    area = face->box.area();
  }
  EXPECT_TRUE(stream.out[119].faces.empty()) << "a face gone for good must not be covered for ever";
}

TEST(Tracker, AMeshThatFollowsThePredictionBesideAFaceIsNotBelieved) {
  // A head that moves quickly and stops between two frames of a slow camera: the mesh fits a face at the
  // predicted place, beside the real one.
  for (const int stops : {7, 8, 9, 10, 11}) {
    const auto place = [&](int n) {
      return shifted(middle, {0.F, 80 - 25.F * static_cast<float>(std::clamp(n, 4, stops) - 4)});
    };
    FakeFinder finder;
    finder.actors = {{.place = place, .glanced = [](int n) { return n < 4; }}};
    finder.yields = .7F;
    Stream stream(finder);
    stream.period = 100'000'000;
    stream.run(0, 16);
    for (int n = 0; n < 16; ++n)
      EXPECT_TRUE(std::ranges::any_of(
          stream.out[static_cast<std::size_t>(n)].faces,
          [&](const FaceRegion& face) { return distance_in_sizes(face.box, place(n)) < .25F; }))
          << n << ", stops at " << stops;
  }
}

TEST(Tracker, AGlimpseIsHeldForAShorterTime) {
  FakeFinder finder;
  const auto visible = [](int n) { return n == 20; };
  finder.actors = {
      {.place = [](int) { return middle; }, .glanced = visible, .swept = visible, .meshed = visible}};
  Stream stream(finder);
  stream.run(0, 60);
  EXPECT_NE(stream.near(20, middle), nullptr);
  EXPECT_NE(stream.near(23, middle), nullptr);
  EXPECT_TRUE(stream.out[50].faces.empty());
}

TEST(Tracker, LookaheadFillsTheFramesBeforeTheFaceWasFound) {
  FakeFinder finder;
  // The face is in the picture from frame 10 on, and a detector finds it in frame 30. The mesh can follow it
  // back.
  const auto detected = [](int n) { return n >= 30; };
  finder.actors = {{.place =
                        [](int n) {
                          return n >= 10 ? shifted(middle, {static_cast<float>(n - 10), 0}) : cv::Rect2f();
                        },
                    .glanced = detected,
                    .swept = detected}};
  Stream stream(finder, 25);
  stream.run(0, 60);
  stream.drain();
  ASSERT_EQ(stream.out.size(), 60U);
  for (int n = 10; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, finder.actors[0].place(n));
    ASSERT_NE(face, nullptr) << n;
    EXPECT_EQ(face->origin == Origin::backfilled, n < 30) << n;
  }
  EXPECT_FALSE(stream.out[8].faces.empty()) << "two frames before the first sight are covered as well";
  EXPECT_TRUE(stream.out[5].faces.empty());
}

TEST(Tracker, WithoutLookaheadNothingIsFilled) {
  FakeFinder finder;
  const auto detected = [](int n) { return n >= 30; };
  finder.actors = {{.place = [](int) { return middle; }, .glanced = detected, .swept = detected}};
  Stream stream(finder, 0);
  stream.run(0, 40);
  EXPECT_TRUE(stream.out[29].faces.empty());
  EXPECT_NE(stream.near(30, middle), nullptr);
}

TEST(Tracker, AGapOnAMovingFaceIsBridgedAndTheIdStays) {
  FakeFinder finder;
  const auto seen = [](int n) { return n < 20 || n >= 32; };
  const auto place = [](int n) { return shifted(middle, {2.F * static_cast<float>(n) - 60.F, 0}); };
  finder.actors = {{.place = place, .glanced = seen, .swept = seen, .meshed = seen}};
  Stream stream(finder, 20);
  stream.run(0, 60);
  stream.drain();
  std::set<std::uint32_t> ids;
  for (int n = 0; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, place(n));
    ASSERT_NE(face, nullptr) << n;
    EXPECT_GE((face->box & place(n)).area(), 0.95F * place(n).area()) << n;
    ids.insert(face->id);
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Tracker, ACutEndsTracksAndIsNotFilledAcross) {
  FakeFinder finder;
  const cv::Rect2f elsewhere(20, 20, 60, 70);
  finder.actors = {{.place = [](int n) { return n < 15 ? middle : cv::Rect2f(); }},
                   {.place = [&](int n) { return n >= 15 ? elsewhere : cv::Rect2f(); }}};
  Stream stream(finder, 10);
  stream.run(0, 15, 1);
  stream.run(15, 30, 2);
  stream.drain();
  EXPECT_TRUE(stream.out[15].cut);
  for (int n = 0; n < 30; ++n) {
    ASSERT_EQ(stream.out[static_cast<std::size_t>(n)].faces.size(), 1U) << n;
    EXPECT_NE(stream.near(n, n < 15 ? middle : elsewhere), nullptr) << n;
  }
  EXPECT_NE(stream.out[14].faces[0].id, stream.out[15].faces[0].id);
}

TEST(Tracker, SeveralPeopleKeepTheirIdsWhenTheyPass) {
  FakeFinder finder;
  // One person walks behind the other and is hidden while the boxes overlap much.
  const auto left_to_right = [](int n) { return cv::Rect2f(10.F + 4.F * static_cast<float>(n), 90, 50, 60); };
  const auto still = [](int) { return cv::Rect2f(130, 92, 50, 60); };
  const auto apart = [=](int n) { return iou(left_to_right(n), still(n)) < 0.15F; };
  finder.actors = {{.place = still},
                   {.place = left_to_right, .glanced = apart, .swept = apart, .meshed = apart}};
  Stream stream(finder, 15);
  stream.run(0, 60);
  stream.drain();
  const FaceRegion* before = stream.near(5, left_to_right(5));
  const FaceRegion* after = stream.near(55, left_to_right(55));
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(before->id, after->id);
  ASSERT_NE(stream.near(5, still(5)), nullptr);
  ASSERT_NE(stream.near(55, still(55)), nullptr);
  EXPECT_EQ(stream.near(5, still(5))->id, stream.near(55, still(55))->id);
}

TEST(Tracker, TheMeshAloneIsNotBelievedForEver) {
  FakeFinder finder;
  // The mesh finds a face in the wallpaper after the person has left.
  const auto there = [](int n) { return n < 15; };
  finder.actors = {{.place = [](int) { return middle; }, .glanced = there, .swept = there}};
  Stream stream(finder);
  stream.run(0, 150);
  EXPECT_TRUE(stream.out[149].faces.empty());
}

TEST(Tracker, AMeshThatLiesElsewhereThanADetectorSawTheFeaturesIsNotGivenOut) {
  const cv::Point2f above = center(middle) - cv::Point2f(0, 8), below = center(middle) + cv::Point2f(0, 18);
  for (const auto& [features, right] :
       {std::pair{Features{above, below}, true},
        {Features{below, above}, false}, // inverted
        {Features{above + cv::Point2f(40, 0), below + cv::Point2f(40, 0)}, false}}) {
    FakeFinder finder;
    finder.actors = {standing()};
    finder.actors[0].features = features;
    Stream stream(finder);
    stream.run(0, 30);
    for (int n = 0; n < 30; ++n) {
      const FaceRegion* face = stream.near(n, middle);
      ASSERT_NE(face, nullptr) << n;
      EXPECT_EQ(face->landmarks.empty(), !right) << n;
    }
  }
}

TEST(Tracker, AFaceDoesNotStandOnItsHeadBecauseATurnedLookIsSurer) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.actors[0].looked_at_turned = true;
  finder.actors[0].score = 0.6F;
  Stream stream(finder, 5);
  stream.run(0, 60);
  stream.drain();
  for (int n = 0; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    ASSERT_FALSE(face->landmarks.empty()) << n;
    EXPECT_LT(face->landmarks[33].y, face->landmarks[13].y) << n;
  }
}

TEST(Tracker, ACoarseLookDoesNotLoseTheFeatures) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.actors[0].glanced = [](int n) { return n < 5; };
  Stream stream(finder);
  stream.run(0, 5);
  finder.actors[0].coarse = 1.6F;
  stream.run(5, 60);
  bool large = false;
  for (int n = 5; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    EXPECT_FALSE(face->landmarks.empty()) << n;
    large = large || face->box.width > 1.5F * middle.width;
  }
  EXPECT_TRUE(large) << "what the detector saw is covered as well";
}

TEST(Settle, TakesTheMeshThatBelievesMoreInItsFace) {
  FakeFinder finder;
  finder.actors = {standing()};
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
  video::FrameView view;
  view.layout = video::Layout::gray;
  view.width = width;
  view.height = height;
  view.planes[0] = {pixels.data(), width};
  for (const float roll : {0.F, 3.14159F}) {
    const Followed followed = settle(finder, view, {middle, 0.8F, roll, true, {}}, true);
    ASSERT_TRUE(followed.mesh) << roll;
    EXPECT_NEAR(roll_of(*followed.mesh), 0, 0.1) << roll;
  }
}

TEST(Tracker, AWeakSightingThatLiesElsewhereIsCoveredAndCostsTheFeaturesOneFrame) {
  const cv::Rect2f elsewhere(157, 122, 40, 46);
  FakeFinder finder;
  finder.actors = {standing(), only_swept(elsewhere, 0.3F)};
  Stream stream(finder, 20);
  stream.settings.sweep_period = 3;
  stream.run(0, 80);
  stream.drain();
  int without = 0;
  for (int n = 0; n < 80; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    if (!face->landmarks.empty())
      continue;
    ++without;
    EXPECT_EQ(face->box & elsewhere, elsewhere) << n;
    EXPECT_EQ(face->box & middle, middle) << n;
    EXPECT_FALSE(stream.near(n - 1, middle)->landmarks.empty()) << n;
  }
  EXPECT_GE(without, 3);
}

TEST(Tracker, BlazeFaceAloneDoesNotKeepATrackForEver) {
  // CenterFace sees a face for a moment, and then BlazeFace alone sees one: the back of a head.
  const auto track_of = [](float centerface_later) {
    FakeFinder finder;
    const auto early = [](int n) { return n < 5; };
    const auto late = [](int n) { return n >= 5; };
    finder.actors = {
        {.place = [](int) { return middle; }, .swept = early, .meshed = [](int) { return false; }},
        {.place = [](int) { return middle; },
         .glanced = [](int) { return false; },
         .swept = late,
         .meshed = [](int) { return false; },
         .score = centerface_later}};
    Stream stream(finder, 20);
    stream.run(0, 400);
    stream.drain();
    int covered = 0;
    while (covered < 400 && stream.near(covered, middle) != nullptr)
      ++covered;
    return covered;
  };
  const int alone = track_of(0.1F);
  EXPECT_GE(alone, tuning::alone_for);
  EXPECT_LE(alone, 150);
  EXPECT_EQ(track_of(0.3F), 400) << "a low score of CenterFace supports BlazeFace";
}

TEST(Tracker, AWeakSightingNeedsASecondOpinion) {
  FakeFinder finder;
  finder.actors = {{.place = [](int) { return middle; },
                    .glanced = [](int) { return false; },
                    .meshed = [](int) { return false; },
                    .score = 0.3F}};
  Stream alone(finder);
  alone.run(0, 10);
  EXPECT_TRUE(alone.out[5].faces.empty());
  finder.actors[0].glanced = [](int) { return true; };
  finder.actors[0].meshed = [](int) { return true; };
  Stream confirmed(finder);
  confirmed.run(0, 10);
  EXPECT_NE(confirmed.near(0, middle), nullptr);
}

TEST(Tracker, AFailingFinderIsNotSwallowed) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.before_each = [](int n) {
    if (n == 7)
      throw models::ModelError(models::ModelError::Kind::engine, "boom");
  };
  Stream stream(finder);
  stream.run(0, 7);
  EXPECT_THROW(stream.push(7), models::ModelError);
}

TEST(Tracker, NonsenseFromANetworkIsNoFace) {
  FakeFinder finder;
  finder.actors = {{.place = [](int) { return cv::Rect2f(NAN, 0, INFINITY, 20); }}};
  Stream stream(finder, 3);
  stream.run(0, 10);
  stream.drain();
  for (const PendingFrame& frame : stream.out)
    EXPECT_TRUE(frame.faces.empty());
}

TEST(Tracker, CountsWhatLeft) {
  FakeFinder finder;
  finder.actors = {standing()};
  Stream stream(finder, 4);
  stream.run(0, 20);
  EXPECT_EQ(stream.tracker.counts().frames, 16U);
  stream.drain();
  const Counts& counts = stream.tracker.counts();
  EXPECT_EQ(counts.frames, 20U);
  EXPECT_EQ(counts.frames_with_faces, 20U);
  EXPECT_EQ(counts.detected + counts.tracked + counts.held + counts.backfilled, 20U);
  EXPECT_EQ(counts.tracks, 1U);
}

} // namespace
} // namespace deid::facedetect
