// What a person is asked to look at, and in which order.
#include "tests/pipelines/review/made.hpp"
#include <gtest/gtest.h>
#include <set>

namespace deid::test {
namespace {

using review::Event;
using review::Find;
using review::Looked;
using review::Moments;

Moments moments(const review::Audited& audited, const Looked* looked = nullptr) {
  return moments_of(events_of(audited, looked), static_cast<int>(audited.frames.size()));
}

bool holds(const review::Moment& moment, int frame) {
  return frame >= moment.main.first && frame <= moment.main.last;
}

TEST(MomentsTest, AFaceThatIsAlwaysThereIsNoMoment) {
  review::Audited audited = empty_audit(300);
  put(audited, 1, 0, 299);
  EXPECT_TRUE(moments(audited).shown.empty());
}

TEST(MomentsTest, AGapIsTheWorstOfAnAudit) {
  review::Audited audited = empty_audit(1000);
  put(audited, 1, 0, 399);
  put(audited, 1, 410, 999);
  put(audited, 2, 200, 299, {400, 100, 50, 60}); // appears and is lost
  const auto shown = moments(audited).shown;
  ASSERT_GE(shown.size(), 2U);
  EXPECT_EQ(shown[0].main.reason, "gap");
  EXPECT_EQ(shown[0].main.first, 400);
  EXPECT_EQ(shown[0].main.last, 409);
  EXPECT_EQ(shown[0].main.person, 1);
  EXPECT_NE(shown[0].main.text.find("10 frames"), std::string::npos);
}

TEST(MomentsTest, AFrameIsEnoughForAGap) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 99);
  put(audited, 1, 101, 499);
  const auto shown = moments(audited).shown;
  ASSERT_FALSE(shown.empty());
  EXPECT_TRUE(holds(shown[0], 100));
}

TEST(MomentsTest, FramesBeforeAFaceAndAfterItAreLookedAt) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 100, 199, {200, 100, 60, 70}, Origin::detected);
  const auto shown = moments(audited).shown;
  EXPECT_TRUE(
      std::ranges::any_of(shown, [](const auto& m) { return holds(m, 95) && m.main.reason == "appeared"; }));
  EXPECT_TRUE(
      std::ranges::any_of(shown, [](const auto& m) { return holds(m, 205) && m.main.reason == "lost"; }));
}

TEST(MomentsTest, ACutExplainsAnEnd) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 199);
  const Looked cut{.cuts = {200}};
  for (const auto& moment : moments(audited, &cut).shown)
    EXPECT_NE(moment.main.reason, "lost");
}

TEST(MomentsTest, ACoverThatGoesOnUnderAnotherIdNeitherBeginsNorEnds) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 199);
  put(audited, 2, 200, 499, {204, 102, 56, 66});
  EXPECT_TRUE(moments(audited).shown.empty());
  const Looked cut{.cuts = {200}}; // another scene, in which the place does not matter
  for (const auto& moment : moments(audited, &cut).shown)
    EXPECT_EQ(moment.main.reason, "cut");
}

TEST(MomentsTest, AGapAfterWhichTheFaceHasAnotherIdIsAGap) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 199);
  put(audited, 2, 203, 499, {215, 100, 60, 70});
  const auto shown = moments(audited).shown;
  ASSERT_FALSE(shown.empty());
  EXPECT_TRUE(std::ranges::any_of(
      shown, [](const auto& m) { return m.main.reason == "gap" && holds(m, 200) && holds(m, 202); }));
}

TEST(MomentsTest, AFaceBesideAnotherCoverIsLookedAt) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 499);
  put(audited, 2, 200, 499, {230, 100, 60, 70}); // half of it is under the first cover
  const auto shown = moments(audited).shown;
  ASSERT_FALSE(shown.empty());
  EXPECT_EQ(shown[0].main.reason, "appeared");
  EXPECT_TRUE(holds(shown[0], 188) && holds(shown[0], 199));
}

TEST(MomentsTest, AnEndUnderAnotherCoverIsLookedAtWhereThatCoverEnds) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 199);
  put(audited, 2, 0, 205, {180, 80, 100, 110}); // holds the first one's place a little longer
  for (int i = 201; i < 500; ++i)               // and goes on, elsewhere
    put(audited, 2, i, i, {20. + i, 80, 100, 110});
  bool looked_at = false;
  for (const auto& moment : moments(audited).shown)
    looked_at = looked_at || (moment.main.person == 1 && holds(moment, 217) && holds(moment, 206));
  EXPECT_TRUE(looked_at) << "the face may be seen when the cover that held its place leaves";
}

TEST(MomentsTest, ASmallDoubtThatComesBackIsShownAtItsWorstNowAndThen) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 0, 499);
  for (std::size_t i = 0; i < 500; i += 6) {
    auto& face = audited.frames[i].faces[0];
    face.origin = Origin::detected;
    face.score = i == 60 ? .2 : i == 300 ? .25 : .4;
  }
  std::set<int> first;
  for (const auto& moment : moments(audited).shown) {
    EXPECT_EQ(moment.main.reason, "low-score");
    first.insert(moment.main.first);
  }
  EXPECT_EQ(first.size(), 4U) << "once in five seconds";
  EXPECT_TRUE(first.contains(60) && first.contains(300)) << "the least sure ones";
}

TEST(MomentsTest, WhatTheSecondLookFindsComesFirst) {
  review::Audited audited = empty_audit(1000);
  put(audited, 1, 0, 399);
  put(audited, 1, 410, 999);
  const Looked looked{.finds = {{Find::Kind::open, 700, 700, .95, {10, 10, 50, 50}, 1},
                                {Find::Kind::face, 800, 830, .9, {10, 10, 50, 50}}}};
  const auto shown = moments(audited, &looked).shown;
  ASSERT_GE(shown.size(), 3U);
  EXPECT_EQ(shown[0].main.reason, "open");
  EXPECT_TRUE(holds(shown[0], 700));
}

TEST(MomentsTest, SmallRisksFillATenthOfTheVideoAtMost) {
  review::Audited audited = empty_audit(2000);
  for (int i = 0; i + 40 < 2000; i += 40) // people who come and go at the edge
    put(audited, static_cast<std::uint32_t>(100 + i), i + 10, i + 19, {580, 100, 60, 70});
  const Moments all = moments(audited);
  int frames = 0;
  for (const auto& moment : all.shown)
    frames += moment.main.last - moment.main.first + 1;
  EXPECT_LE(frames, 200);
  EXPECT_GT(all.left_out, 0U);
}

TEST(MomentsTest, GreatRisksAreShownHoweverMany) {
  review::Audited audited = empty_audit(200);
  for (int i = 0; i < 200; i += 2)
    put(audited, 1, i, i);
  const Moments all = moments(audited);
  std::vector<bool> seen(200, false);
  for (const auto& moment : all.shown)
    for (int i = moment.main.first; i <= moment.main.last; ++i)
      seen[static_cast<std::size_t>(i)] = true;
  for (int i = 1; i < 198; i += 2)
    EXPECT_TRUE(seen[static_cast<std::size_t>(i)]) << i;
}

TEST(MomentsTest, TwoGapsAtOneTimeAndTwoPlacesAreTwoMoments) {
  review::Audited audited = empty_audit(1000);
  put(audited, 1, 0, 399);
  put(audited, 1, 410, 999);
  put(audited, 2, 0, 401, {400, 100, 50, 60});
  put(audited, 2, 408, 999, {400, 100, 50, 60});
  std::set<int> people;
  for (const auto& moment : moments(audited).shown)
    if (moment.main.reason == "gap")
      people.insert(moment.main.person.value_or(-1));
  EXPECT_EQ(people, (std::set<int>{1, 2}));
}

TEST(MomentsTest, TheStrongestReasonNamesAMoment) {
  const std::vector<Event> events{{10, 20, .55, "a", "", {}, {}, {}},
                                  {12, 16, .45, "b", "", {}, {}, {}},
                                  {15, 18, .6, "c", "", {}, {}, {}}};
  const auto shown = review::moments_of(events, 100).shown;
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[0].main.reason, "c");
  EXPECT_EQ(shown[0].main.first, 10);
  EXPECT_EQ(shown[0].main.last, 20);
  EXPECT_EQ(shown[0].reasons, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_GT(shown[0].main.risk, .6) << "three reasons weigh more than one";
}

TEST(MomentsTest, ALesserReasonMakesNoMomentLonger) {
  const std::vector<Event> events{{60, 90, .4, "long", "", {}, {}, {}},
                                  {80, 80, .6, "short", "", {}, {}, {}},
                                  {82, 99, .3, "late", "", {}, {}, {}}};
  const auto all = review::moments_of(events, 100);
  ASSERT_EQ(all.shown.size(), 1U) << "the others do not fit into a tenth of 100 frames";
  EXPECT_EQ(all.shown[0].main.first, 80);
  EXPECT_EQ(all.shown[0].main.last, 80);
  EXPECT_GE(all.left_out, 1U);
}

TEST(MomentsTest, TwoPlacesAtOneTimeHaveTwoNames) {
  const cv::Rect2d left(10, 10, 40, 40), right(400, 10, 40, 40);
  const std::vector<Event> events{{10, 10, .55, "head", "", {}, left, {}},
                                  {10, 10, .55, "head", "", {}, right, {}}};
  const auto shown = review::moments_of(events, 100).shown;
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_NE(shown[0].id, shown[1].id) << "who has seen one has not seen the other";
}

TEST(MomentsTest, ManySmallRisksAreNoReasonToShowEverything) {
  review::Audited audited = empty_audit(2000);
  for (int i = 0; i + 40 < 2000; i += 40) // pairs of people who come and go at the edge, close to each other
    for (int person = 0; person < 6; ++person)
      put(audited, static_cast<std::uint32_t>(100 + 10 * i + person), i + 10, i + 19, {580, 100, 60, 70});
  int frames = 0;
  for (const auto& moment : moments(audited).shown)
    frames += moment.main.last - moment.main.first + 1;
  EXPECT_LE(frames, 200);
}

TEST(MomentsTest, HaveTheSameNamesTheNextTime) {
  review::Audited audited = empty_audit(500);
  put(audited, 1, 100, 199);
  put(audited, 2, 0, 299, {400, 100, 50, 60});
  const auto a = moments(audited).shown, b = moments(audited).shown;
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_EQ(a[i].id, b[i].id);
}

TEST(LookedTest, IsReadAsItWasWrittenAndRefusesDamage) {
  const Looked looked{
      .cuts = {3, 50},
      .finds = {{Find::Kind::head, 1, 9, .5, {1, 2, 3, 4}}, {Find::Kind::open, 5, 5, .9, {1, 2, 3, 4}, 2}}};
  const Json json = to_json(looked);
  EXPECT_EQ(to_json(looked_in(json, bounds())), json);
  Json wrong = json;
  wrong["finds"][0]["last"] = 100;
  EXPECT_NE(refused([&] { looked_in(wrong, bounds()); }), "");
  wrong = json;
  wrong["more"] = 1;
  EXPECT_NE(refused([&] { looked_in(wrong, bounds()); }), "");
}

TEST(RiskTest, IsTheGreatestOfEachFrame) {
  const std::vector<Event> events{{2, 5, .3, "a", "", {}, {}, {}}, {4, 8, .6, "b", "", {}, {}, {}}};
  const Json ranges = review::risk_of(events, 10);
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0], (Json{{"first", 2}, {"last", 3}, {"risk", .3}}));
  EXPECT_EQ(ranges[1], (Json{{"first", 4}, {"last", 8}, {"risk", .6}}));
}

} // namespace
} // namespace deid::test
