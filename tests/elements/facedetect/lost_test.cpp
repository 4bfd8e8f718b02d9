#include "elements/facedetect/backfill.hpp"
#include "elements/facedetect/region.hpp"
#include "stream.hpp"
#include <gtest/gtest.h>

// Lost faces: what stays covered, and for how long.
namespace deid::facedetect {
namespace {

using test::Actor;
using test::FakeFinder;
using test::height;
using test::middle;
using test::Stream;
using test::width;

/// Always in the picture; all networks detect it, or none does.
Actor seen_when(std::function<cv::Rect2f(int)> place, const std::function<bool(int)>& seen) {
  return {.place = std::move(place), .glanced = seen, .swept = seen, .meshed = seen};
}

/// Whether one region contains nearly all of the box.
bool covered(const PendingFrame& frame, const cv::Rect2f& box) {
  const cv::Rect2f visible = box & cv::Rect2f(0, 0, width, height);
  return std::ranges::any_of(frame.faces, [&](const FaceRegion& face) {
    return (face.box & visible).area() >= 0.95F * visible.area();
  });
}
bool covered(const Stream& stream, int number, const cv::Rect2f& box) {
  return covered(stream.out.at(static_cast<std::size_t>(number)), box);
}

const FaceRegion* with_id(const Stream& stream, int number, std::uint32_t id) {
  const auto& faces = stream.out.at(static_cast<std::size_t>(number)).faces;
  const auto found = std::ranges::find(faces, id, &FaceRegion::id);
  return found == faces.end() ? nullptr : &*found;
}

TEST(Lost, AFaceFoundTwiceInOneFrameIsFilledIn) {
  const auto place = [](int n) { return shifted(middle, {2.F * static_cast<float>(n) - 60.F, 0}); };
  for (const int back : {30, 31, 32, 33}) { // not every network runs in each of these frames
    const auto seen = [back](int n) { return n < 20 || n >= back; };
    FakeFinder finder;
    finder.actors = {seen_when(place, seen)};
    finder.actors[0].meshed = [](int) { return false; };
    finder.actors[0].coarse = 2.F; // a second sighting corrects the first one
    Stream stream(finder, 20);
    stream.settings.sweep_period = 1;
    stream.run(0, 60);
    stream.drain();
    for (int n = 20; n < back; ++n) {
      EXPECT_TRUE(covered(stream, n, place(n))) << n;
      const FaceRegion* face = with_id(stream, n, stream.out[0].faces[0].id);
      ASSERT_NE(face, nullptr) << n;
      EXPECT_NE(face->origin, Origin::held) << n << " found again at " << back;
    }
  }
}

TEST(Backfill, AFaceSeenElsewhereIsNotTheOneThatComesFromBehindIt) {
  // A face appears from behind another one. In the frame before, no detector finds it, and a close look at
  // its place finds the face in front, which is already covered.
  const cv::Rect2f front(40, 80, 60, 70), behind(120, 80, 60, 70);
  FakeFinder finder;
  finder.reach = 2.F;
  finder.actors = {seen_when([&](int) { return front; }, [](int) { return true; }),
                   seen_when([&](int) { return behind; }, [](int n) { return n >= 40; })};
  Stream stream(finder, 20);
  stream.run(0, 60);
  stream.drain();
  for (const int n : {38, 39})
    EXPECT_TRUE(covered(stream, n, behind)) << n;
  for (int n = 0; n < 60; ++n)
    EXPECT_TRUE(covered(stream, n, front)) << n;
}

TEST(Region, OfAFaceThatAppearanceFollowsReachesBackAsFarAsItMayHaveSlowedDown) {
  Track track;
  track.box = {100, 80, 30, 40};
  track.velocity = {-6, 0}; // px a beat, to the left
  const cv::Rect2f confirmed = region_of(track).box;
  track.trust.unconfirmed = 4;
  EXPECT_EQ(region_of(track).box, confirmed | shifted(confirmed, {12, 0}));
  track.velocity = {};
  EXPECT_EQ(region_of(track).box, confirmed);
  track.velocity = {-6, 0};
  std::get<Seen>(track.state).mesh = test::mesh_in(track.box, 0.95F);
  EXPECT_EQ(region_of(track).box, track.box) << "the mesh says where the face is";
}

TEST(Bridge, KeepsWhatWasHeldElsewhere) {
  std::deque<PendingFrame> pending(5);
  for (std::size_t i = 0; i < 5; ++i) {
    const bool gap = i > 0 && i < 4;
    const cv::Rect2f line(20.F * static_cast<float>(i), 50, 40, 40), apart(20, 150, 50, 50);
    pending[i].faces.push_back(
        {.id = 7, .box = gap ? apart : line, .origin = gap ? Origin::held : Origin::detected});
  }
  bridge(pending, 7, 8);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_TRUE(covered(pending[i], {20.F * static_cast<float>(i), 50, 40, 40})) << i;
    EXPECT_TRUE(covered(pending[i], {20, 150, 50, 50})) << i;
  }
}

TEST(Lost, AFaceAtTheEdgeOfTheFrameStaysCovered) {
  // The face moves fast to the right and stops half outside the frame, turned away.
  const auto place = [](int n) {
    return cv::Rect2f(50.F + 12.F * static_cast<float>(std::min(n, 19)), 90, 60, 70);
  };
  FakeFinder finder;
  finder.actors = {seen_when(place, [](int n) { return n < 20; })};
  finder.actors[0].patterned = [](int n) { return n < 20; };
  Stream stream(finder);
  stream.run(0, 120);
  for (int n = 0; n < 45; ++n)
    EXPECT_TRUE(covered(stream, n, place(n))) << n;
  EXPECT_TRUE(stream.out[119].faces.empty());
}

TEST(Lost, SomebodyElseNearbyDoesNotTakeTheCoverAway) {
  const cv::Rect2f other = shifted(middle, {95, 0});
  for (const float reach : {0.F, 1.6F}) // found by a sweep, or by the close look for the lost track
    for (const std::size_t lookahead : {0U, 20U}) {
      FakeFinder finder;
      finder.reach = reach;
      finder.actors = {seen_when([](int) { return middle; }, [](int n) { return n < 20; }),
                       {.place = [&](int n) { return n >= 26 ? other : cv::Rect2f(); }}};
      Stream stream(finder, lookahead);
      stream.run(0, 120);
      stream.drain();
      for (int n = 20; n <= 40; ++n) {
        EXPECT_TRUE(covered(stream, n, middle)) << n << " lookahead " << lookahead << " reach " << reach;
        EXPECT_TRUE(n < 26 || covered(stream, n, other)) << n << " lookahead " << lookahead;
      }
      for (int n = 80; n < 120; ++n)
        EXPECT_EQ(stream.out[static_cast<std::size_t>(n)].faces.size(), 1U) << n << ": held for ever";
    }
}

TEST(Lost, AFaceThatJumpsLeavesNoCoversForEver) {
  // Detected in every second frame, each time at another place.
  const auto place = [](int n) {
    const int jump = n / 2 * 7 % 11; // one of eleven places
    return shifted(middle,
                   {static_cast<float>(jump % 4) * 66.F - 100.F, static_cast<float>(jump % 3) * 74.F - 80.F});
  };
  FakeFinder finder;
  finder.actors = {seen_when(place, [](int n) { return n < 200 && n % 2 == 0; })};
  for (const std::size_t lookahead : {0U, 10U}) {
    Stream stream(finder, lookahead);
    stream.run(0, 300);
    stream.drain();
    std::size_t most = 0;
    for (const PendingFrame& frame : stream.out)
      most = std::max(most, frame.faces.size());
    EXPECT_LE(most, 9U) << lookahead; // of eleven places, with the waiting copies
    EXPECT_TRUE(stream.out[299].faces.empty());
  }
}

TEST(Lost, OneFrameOfAnotherPictureDoesNotEndTheHold) {
  for (const std::size_t lookahead : {0U, 5U}) {
    FakeFinder finder;
    finder.actors = {seen_when([](int) { return middle; }, [](int n) { return n < 20; })};
    Stream stream(finder, lookahead);
    stream.run(0, 20, 1);
    stream.push(20, 2);
    stream.run(21, 120, 1);
    stream.drain();
    for (int n = lookahead > 0 ? 20 : 21; n <= 35; ++n)
      EXPECT_TRUE(covered(stream, n, middle)) << n << " lookahead " << lookahead;
    EXPECT_TRUE(stream.out[119].faces.empty()) << "the hold ends as it would have without that frame";
  }
}

TEST(Lost, ASceneThatComesBackLateBringsNobodyBack) {
  FakeFinder finder;
  finder.actors = {seen_when([](int) { return middle; }, [](int n) { return n < 20; })};
  Stream stream(finder);
  stream.run(0, 20, 1);
  stream.run(20, 60, 2); // longer than the hold time
  stream.run(60, 70, 1);
  for (int n = 20; n < 70; ++n)
    EXPECT_TRUE(stream.out[static_cast<std::size_t>(n)].faces.empty()) << n;
}

TEST(Lost, AFlickeringPictureKeepsTheFaceInSightOneFace) {
  FakeFinder finder;
  finder.actors = {test::standing()};
  finder.actors[0].place = [](int n) { return n % 5 == 4 ? cv::Rect2f() : middle; };
  Stream stream(finder, 10);
  for (int n = 0; n < 60; ++n)
    stream.push(n, n % 5 == 4 ? 2 : 1);
  stream.drain();
  for (int n = 0; n < 60; ++n) {
    if (n % 5 == 4)
      continue;
    const PendingFrame& frame = stream.out[static_cast<std::size_t>(n)];
    ASSERT_EQ(frame.faces.size(), 1U) << n;
    EXPECT_EQ(frame.faces[0].id, stream.out[0].faces[0].id) << n;
    EXPECT_TRUE(covered(frame, middle)) << n;
  }
}

TEST(Seen, ASmallFaceWithinALargeOneDoesNotUncoverIt) {
  const cv::Rect2f large(90, 50, 120, 140), small(125, 90, 56, 66);
  FakeFinder finder;
  finder.actors = {{.place = [&](int) { return large; }},
                   {.place = [&](int n) { return n >= 10 ? small : cv::Rect2f(); }, .score = 0.8F}};
  Stream stream(finder);
  stream.run(0, 60);
  for (int n = 0; n < 60; ++n) {
    EXPECT_TRUE(covered(stream, n, large)) << n;
    EXPECT_LT(stream.out[static_cast<std::size_t>(n)].faces.at(0).box.area(), 3 * large.area()) << n;
  }
  // in the frame in which the two faces are mixed up, the landmarks are of one and the cover is of both
  EXPECT_TRUE(stream.out[10].faces.at(0).landmarks.empty());
}

/// Frames in which the face in the middle has no landmarks, while CenterFace sees a part of it as a face.
int without_features(float score_of_part) {
  const cv::Rect2f part(middle.x + .45F * middle.width, middle.y + .1F * middle.height, .5F * middle.width,
                        .5F * middle.height);
  FakeFinder finder;
  finder.actors = {test::standing(), test::only_swept(part, score_of_part)};
  Stream stream(finder, 20);
  stream.settings.sweep_period = 3;
  stream.run(0, 80);
  stream.drain();
  int without = 0;
  for (int n = 0; n < 80; ++n) {
    bool held = false, features = false;
    for (const FaceRegion& face : stream.out[static_cast<std::size_t>(n)].faces)
      if ((face.box & middle).area() >= .98F * middle.area()) {
        held = true;
        features = features || !face.landmarks.empty();
      }
    EXPECT_TRUE(held) << n;
    without += features ? 0 : 1;
  }
  return without;
}

TEST(Seen, APartOfASureFaceDoesNotCostItsFeatures) {
  EXPECT_EQ(without_features(.55F), 0);
  EXPECT_GT(without_features(.8F), 0) << "a sure sighting may be another face in front";
}

TEST(Backfill, GoesOnBehindAFaceThatCoversHalf) {
  const auto other = [](int n) {
    return n < 10 ? cv::Rect2f() : shifted(middle, {24.F + 1.5F * static_cast<float>(n - 10), 0});
  };
  const auto found = [](int n) { return n >= 30; };
  FakeFinder finder;
  finder.actors = {test::standing(), {.place = other, .glanced = found, .swept = found}};
  Stream stream(finder, 25);
  stream.run(0, 60);
  stream.drain();
  for (int n = 10; n < 60; ++n)
    EXPECT_TRUE(covered(stream, n, other(n))) << n;
}

TEST(Seen, LandmarksAreNotGivenOutWhileTheFaceMayBeLarger) {
  Track track;
  track.box = middle;
  track.state = Seen{.mesh = test::mesh_in(middle, 0.7F)}; // not sure
  track.trust.unsure_for = 3;
  track.trust.sure_box = scaled(middle, 1.02F);
  EXPECT_EQ(region_of(track).landmarks.size(), 468U) << "the features hold what was sure";
  track.trust.sure_box = scaled(middle, 1.4F);
  EXPECT_TRUE(region_of(track).landmarks.empty());
  EXPECT_TRUE(covered({.faces = {region_of(track)}}, track.trust.sure_box));
  track.trust.unsure_for = 0;
  EXPECT_EQ(region_of(track).landmarks.size(), 468U);
}

TEST(Shrinking, AFaceThatADetectorSuddenlyDrawsSmallStaysCoveredWhole) {
  const auto never = [](int) { return false; };
  const cv::Rect2f chin(middle.x + 10, middle.y + 0.6F * middle.height, middle.width - 20,
                        0.35F * middle.height);
  FakeFinder finder;
  finder.actors = {{.place = [&](int n) { return n < 20 ? middle : chin; }, .meshed = never}};
  Stream stream(finder, 30);
  stream.run(0, 60);
  stream.drain();
  for (int n = 20; n < 32; ++n) {
    bool whole = false;
    for (const FaceRegion& face : stream.out[static_cast<std::size_t>(n)].faces)
      whole = whole || (face.box & middle).area() > 0.95F * middle.area();
    EXPECT_TRUE(whole) << n;
  }
  for (const FaceRegion& face : stream.out[55].faces)
    EXPECT_LT(face.box.area(), 0.8F * middle.area()) << "for ever";
}

} // namespace
} // namespace deid::facedetect
