// Heads from bodies: which points give a head, and when a head is covered.
#include "elements/facedetect/body_head.hpp"
#include "stream.hpp"
#include <gtest/gtest.h>

namespace deid::facedetect {
namespace {

using test::Actor;
using test::FakeFinder;
using test::HeadActor;
using test::middle;
using test::standing;
using test::Stream;

/// Nose, eyes, ears and shoulders of a person at (100, 100), the person's left first. All other points are
/// missing.
models::Body body(std::initializer_list<cv::Point2f> points, float score = 0.6F) {
  models::Body made{.score = score};
  std::size_t i = 0;
  for (const cv::Point2f& at : points)
    made.points[i++] = {at, score};
  return made;
}

models::Body facing(float score = 0.6F) {
  return body({{100, 104}, {110, 96}, {90, 96}, {120, 100}, {80, 100}, {145, 160}, {55, 160}}, score);
}

TEST(BodyHead, HoldsTheFaceOfSomebodyWhoFacesTheCamera) {
  const auto head = head_of(facing(), 4);
  ASSERT_TRUE(head);
  EXPECT_FALSE(head->away);
  EXPECT_NEAR(head->score, .6F, 1e-5F);
  EXPECT_EQ(head->box & cv::Rect2f(75, 75, 50, 55), cv::Rect2f(75, 75, 50, 55)); // hairline to chin
  EXPECT_LT(head->box.width, 110);
}

TEST(BodyHead, FromBehindLeftAndRightAreExchanged) {
  const auto head =
      head_of(body({{100, 102}, {92, 98}, {108, 98}, {80, 100}, {120, 100}, {55, 160}, {145, 160}}), 4);
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->away);
}

TEST(BodyHead, TurnedByAnyAngleItIsTheSame) {
  for (const bool behind : {false, true})
    for (const float angle : {.8F, 1.57F, 3.14F, -1.57F}) {
      models::Body turned = facing();
      if (behind)
        for (const auto& [left, right] : {std::pair(1, 2), std::pair(3, 4), std::pair(5, 6)})
          std::swap(turned.points[static_cast<std::size_t>(left)],
                    turned.points[static_cast<std::size_t>(right)]);
      for (auto& point : turned.points)
        point.at = {point.at.x * std::cos(angle) - point.at.y * std::sin(angle),
                    point.at.x * std::sin(angle) + point.at.y * std::cos(angle)};
      const auto head = head_of(turned, 4);
      ASSERT_TRUE(head) << angle;
      EXPECT_EQ(head->away, behind) << angle;
    }
}

TEST(BodyHead, ACheekInViewIsNotFromBehind) {
  // In profile the network puts the far ear beside the near one, and the nose is far from both.
  const auto head =
      head_of(body({{70, 104}, {78, 98}, {80, 97}, {100, 100}, {108, 100}, {90, 160}, {120, 160}}), 4);
  ASSERT_TRUE(head);
  EXPECT_FALSE(head->away);
}

TEST(BodyHead, WeakOrCoincidingPointsAreNobodysHead) {
  EXPECT_FALSE(head_of(facing(.25F), 4));
  EXPECT_FALSE(head_of(body({{9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}}), 4));
  EXPECT_FALSE(head_of({}, 4));
  models::Body two = facing();
  for (const std::size_t unseen : {1U, 2U, 3U})
    two.points[unseen].score = .1F;
  EXPECT_FALSE(head_of(two, 4)) << "a nose and an ear alone";
}

TEST(BodyHead, OnePersonHasOneHead) {
  const auto heads = without_doubles(
      {{{0, 0, 40, 40}, .5F, false}, {{4, 4, 44, 40}, .7F, true}, {{90, 0, 40, 40}, .4F, false}});
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_FLOAT_EQ(heads[0].score, .7F);
}

HeadActor somebody() {
  return {.place = [](int) { return middle; }};
}

std::size_t heads_in(const PendingFrame& frame) {
  return static_cast<std::size_t>(std::ranges::count(frame.faces, Origin::body, &FaceRegion::origin));
}

TEST(Heads, AHeadWhoseFaceNobodyKnowsIsCoveredInEveryFrameAndHasNoLandmarks) {
  FakeFinder finder;
  finder.people = {somebody()};
  Stream stream(finder, 10);
  stream.run(0, 60);
  stream.drain();
  for (int n = 0; n < 60; ++n) {
    const FaceRegion* face = stream.near(n, middle);
    ASSERT_NE(face, nullptr) << n;
    EXPECT_EQ(face->origin, Origin::body) << n;
    EXPECT_TRUE(face->landmarks.empty()) << n;
    EXPECT_EQ(face->id, stream.near(0, middle)->id) << n;
    EXPECT_GE((face->box & middle).area(), .99F * middle.area()) << n;
  }
  EXPECT_EQ(stream.tracker.counts().body, 60U);
}

TEST(Heads, AFaceThatIsKnownNeedsNoHead) {
  FakeFinder finder;
  finder.actors = {standing()};
  finder.people = {{.place = [](int) { return scaled(middle, 1.5F); }}};
  Stream stream(finder, 10);
  stream.run(0, 60);
  stream.drain();
  EXPECT_GT(finder.head_looks, 0);
  for (const PendingFrame& frame : stream.out) {
    EXPECT_EQ(heads_in(frame), 0U);
    EXPECT_EQ(frame.faces.size(), 1U);
  }
}

TEST(Heads, FromBehindOnlyWhenAskedFor) {
  for (const Heads mode : {Heads::facing, Heads::all}) {
    FakeFinder finder;
    finder.people = {{.place = [](int) { return middle; }, .away = [](int) { return true; }}};
    Stream stream(finder, 10);
    stream.settings.heads = mode;
    stream.run(0, 30);
    stream.drain();
    for (const PendingFrame& frame : stream.out)
      EXPECT_EQ(heads_in(frame), mode == Heads::all ? 1U : 0U);
  }
}

TEST(Heads, OffMeansThatNobodyLooks) {
  FakeFinder finder;
  finder.people = {somebody()};
  Stream stream(finder, 10);
  stream.settings.heads = Heads::off;
  stream.run(0, 60);
  stream.drain();
  EXPECT_EQ(finder.head_looks, 0);
  for (const PendingFrame& frame : stream.out)
    EXPECT_TRUE(frame.faces.empty());
}

TEST(Heads, AutomaticMeansPicturesAndFramesThatAreFarApart) {
  for (const std::int64_t period : {33'333'333LL, 500'000'000LL}) {
    FakeFinder finder;
    finder.people = {somebody()};
    Stream stream(finder, 30);
    stream.settings.heads = Heads::automatic;
    stream.period = period;
    stream.run(0, 40);
    stream.drain();
    EXPECT_EQ(heads_in(stream.out.back()), period > apart_from ? 1U : 0U) << period;
  }
  FakeFinder finder;
  finder.people = {somebody()};
  Stream picture(finder, 30);
  picture.settings.heads = Heads::automatic;
  picture.run(0, 1);
  picture.drain();
  EXPECT_EQ(heads_in(picture.out.back()), 1U);
}

TEST(Heads, OneThatComesBetweenTwoLooksIsFilledIn) {
  FakeFinder finder;
  // The pattern gives the head's appearance; every search detects the body.
  const auto place = [](int n) { return n < 25 ? cv::Rect2f() : middle; };
  finder.actors = {{.place = place,
                    .glanced = [](int) { return false; },
                    .swept = [](int) { return false; },
                    .meshed = [](int) { return false; }}};
  finder.people = {{.place = place}};
  Stream stream(finder, 70);
  stream.run(0, 120);
  stream.drain();
  for (int n = 25; n < 120; ++n)
    EXPECT_EQ(heads_in(stream.out[static_cast<std::size_t>(n)]), 1U) << n;
  for (int n = 0; n < 20; ++n)
    EXPECT_EQ(heads_in(stream.out[static_cast<std::size_t>(n)]), 0U) << n;
}

TEST(Heads, OneThatHasGoneIsLetGoAndACutEndsAll) {
  FakeFinder finder;
  finder.people = {{.place = [](int n) { return n < 30 ? middle : cv::Rect2f(); }}};
  Stream stream(finder, 5);
  stream.run(0, 400);
  stream.drain();
  EXPECT_EQ(heads_in(stream.out[29]), 1U);
  EXPECT_EQ(heads_in(stream.out[399]), 0U);

  FakeFinder other;
  other.people = {{.place = [](int n) { return n < 30 ? middle : cv::Rect2f(); }}};
  Stream cut(other, 5);
  cut.run(0, 30);
  cut.run(30, 60, 7);
  cut.drain();
  EXPECT_EQ(heads_in(cut.out[29]), 1U);
  EXPECT_EQ(heads_in(cut.out[30]), 0U);
}

TEST(Heads, OneSeenInATurnedLookOnlyIsCovered) {
  FakeFinder finder;
  HeadActor lying = somebody();
  lying.turn = Turn::clockwise;
  finder.people = {lying};
  Stream stream(finder, 10);
  stream.run(0, 5);
  stream.drain();
  for (const PendingFrame& frame : stream.out)
    EXPECT_EQ(heads_in(frame), 1U);
}

TEST(Heads, LiveTheyAreLookedAtMoreSeldom) {
  const auto looks = [](std::size_t lookahead) {
    FakeFinder finder;
    finder.people = {somebody()};
    Stream stream(finder, lookahead);
    stream.run(0, 300);
    EXPECT_EQ(heads_in(stream.out[0]), 1U);
    return finder.head_looks;
  };
  EXPECT_GT(looks(0), 2);
  EXPECT_LT(looks(0), looks(30));
}

TEST(Heads, BesideAKnownFaceBodiesAreStillLookedAtUpright) {
  const cv::Rect2f beside(10, 20, 60, 70);
  FakeFinder finder;
  finder.actors = {standing()};
  finder.people = {{.place = [&](int n) { return n >= 30 ? beside : cv::Rect2f(); }}};
  Stream stream(finder, 30);
  stream.run(0, 800);
  EXPECT_NE(stream.near(760, beside), nullptr);
}

TEST(Heads, FramesFarApartAreLookedAtUprightToo) {
  const cv::Rect2f beside(10, 20, 60, 70);
  FakeFinder finder;
  finder.actors = {standing()};
  finder.people = {{.place = [&](int n) { return n >= 3 ? beside : cv::Rect2f(); }}};
  Stream stream(finder);
  stream.period = 1'000'000'000;
  stream.run(0, 12);
  EXPECT_NE(stream.near(11, beside), nullptr);
}

TEST(Still, OnePictureIsSearchedWithEverything) {
  FakeFinder finder;
  const auto never = [](int) { return false; };
  finder.actors = {{.place = [](int) { return middle; },
                    .glanced = never,
                    .swept = never,
                    .score = .9F,
                    .enlarged = true}};
  Stream stream(finder, 30);
  stream.run(0, 1);
  EXPECT_TRUE(stream.out.empty());
  stream.drain();
  ASSERT_NE(stream.near(0, middle), nullptr);
  EXPECT_EQ(stream.near(0, middle)->origin, Origin::detected);
}

TEST(Still, WhoOnlyTheFirstLooksSawStaysCovered) {
  bool gone = false;
  FakeFinder finder;
  finder.actors = {standing()};
  finder.actors[0].swept = finder.actors[0].glanced = [&](int) { return !gone; };
  Stream stream(finder, 30);
  stream.run(0, 1);
  gone = true;
  stream.drain();
  EXPECT_NE(stream.near(0, middle), nullptr);
}

TEST(Still, ASmallFaceBeforeALargeOneIsCoveredAsWell) {
  const cv::Rect2f baby(middle.x + 2, middle.y + 44, 20, 24); // within the box, beside the chin
  FakeFinder finder;
  finder.actors = {standing(),
                   {.place = [&](int) { return baby; },
                    .glanced = [](int) { return false; },
                    .swept = [](int) { return false; },
                    .meshed = [](int) { return false; },
                    .enlarged = true}};
  Stream stream(finder, 30);
  stream.run(0, 1);
  stream.drain();
  bool own = false;
  for (const FaceRegion& face : stream.out[0].faces)
    own = own || (iou(face.box, baby) > 0.3F);
  EXPECT_TRUE(own) << "a contour around the large face leaves it open";
}

TEST(Still, AFilmIsNot) {
  FakeFinder finder;
  Stream stream(finder, 30);
  stream.run(0, 20);
  const int before = finder.sweeps;
  stream.drain();
  EXPECT_EQ(finder.sweeps, before);
}

/// A face that only jobs beyond the planned sweeps detect.
Actor hard_to_see() {
  const auto never = [](int) { return false; };
  return {.place = [](int) { return middle; },
          .glanced = never,
          .swept = never,
          .meshed = never,
          .enlarged = true};
}

TEST(SceneStart, IsSearchedCloserWhenNobodyIsFound) {
  FakeFinder finder;
  finder.actors = {hard_to_see()};
  Stream stream(finder, 30);
  stream.run(0, 40);
  stream.run(40, 400, 2); // a cut, soon after the first search
  stream.run(400, 440, 3);
  stream.drain();
  EXPECT_NE(stream.near(0, middle), nullptr);
  EXPECT_EQ(stream.near(40, middle), nullptr) << "cuts that follow each other fast are not searched closer";
  EXPECT_NE(stream.near(400, middle), nullptr);
}

TEST(SceneStart, IsSearchedCloserWhenABodyHasNoFace) {
  const cv::Rect2f other(20, 20, 60, 70);
  for (const bool faceless : {false, true}) {
    FakeFinder finder;
    Actor near = standing();
    near.place = [&](int) { return other; };
    finder.actors = {near, hard_to_see()};
    finder.people = {{.place = [&](int) { return scaled(other, 1.3F); }}};
    if (faceless)
      finder.people.push_back({.place = [](int) { return scaled(middle, 1.3F); }});
    Stream stream(finder, 30);
    stream.run(0, 1);
    const int looks = finder.sweeps;
    stream.run(1, 20);
    EXPECT_EQ(looks > 10, faceless) << looks;
  }
}

TEST(SceneStart, IsSearchedAsPlannedWhenEverybodyIsFoundAndLive) {
  for (const bool live : {false, true}) {
    FakeFinder finder;
    finder.actors = {live ? hard_to_see() : standing()};
    Stream stream(finder, live ? 0 : 30);
    stream.run(0, 1);
    EXPECT_LT(finder.sweeps, 10);
  }
}

TEST(Still, WhatOnlyExtraLooksSeeNeedsABetterScore) {
  for (const float score : {.42F, .6F}) {
    FakeFinder finder;
    const auto never = [](int) { return false; };
    finder.actors = {{.place = [](int) { return middle; },
                      .glanced = never,
                      .swept = never,
                      .meshed = never,
                      .score = score,
                      .enlarged = true}};
    Stream stream(finder, 30);
    stream.run(0, 1);
    stream.drain();
    EXPECT_EQ(stream.near(0, middle) != nullptr, score > .5F) << score;
  }
}

} // namespace
} // namespace deid::facedetect
