#include "elements/facedetect/cadence.hpp"
#include "stream.hpp"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Frames apart: time-lapse, slow cameras, cameras that drop frames.
namespace deid::facedetect {
namespace {

using test::Actor;
using test::FakeFinder;
using test::middle;
using test::Stream;

constexpr std::int64_t second = 1'000'000'000;
const cv::Rect2f left(10, 20, 50, 60), right(240, 150, 50, 60);

/// A face that only a sweep of the whole frame detects.
Actor shy(std::function<cv::Rect2f(int)> place) {
  return {
      .place = std::move(place), .glanced = [](int) { return false; }, .meshed = [](int) { return false; }};
}

TEST(StepBetween, CountsBeatsAndSaysWhenFramesAreApart) {
  EXPECT_EQ(step_between(0, second / 30).beats, 1);
  EXPECT_EQ(step_between(0, second / 25).beats, 1);
  EXPECT_EQ(step_between(0, second / 24).beats, 1);
  EXPECT_EQ(step_between(0, second / 60).beats, 1);
  EXPECT_EQ(step_between(0, second / 15).beats, 2);
  EXPECT_EQ(step_between(0, second / 10).beats, 3);
  EXPECT_EQ(step_between(0, second).beats, 30);
  EXPECT_FALSE(step_between(0, second / 10).apart);
  EXPECT_TRUE(step_between(0, second / 8).apart);
}

TEST(StepBetween, ATimeThatDoesNotRiseIsOneBeat) {
  EXPECT_EQ(step_between(second, second).beats, 1);
  EXPECT_EQ(step_between(second, 0).beats, 1);
  EXPECT_FALSE(step_between(second, 0).apart);
}

/// Parameters: frames per second, and the lookahead.
class FarApart : public testing::TestWithParam<std::tuple<int, std::size_t>> {
protected:
  [[nodiscard]] Stream stream_on(FakeFinder& finder) const {
    Stream stream(finder, std::get<1>(GetParam()));
    stream.period = second / std::get<0>(GetParam());
    stream.tracker.reset({test::width, test::height}, 640 * 480,
                         std::get<1>(GetParam()) == 0 ? Pace::live : Pace::ahead, true);
    return stream;
  }
};

INSTANTIATE_TEST_SUITE_P(Rates, FarApart,
                         testing::Combine(testing::Values(1, 2, 3, 6, 8), testing::Values(0U, 30U)));

TEST_P(FarApart, SomebodyElsewhereInEachFrameIsFoundInEachFrame) {
  const auto place = [](int n) { return n % 3 == 0 ? left : n % 3 == 1 ? middle : right; };
  FakeFinder finder;
  finder.actors = {shy(place)};
  Stream stream = stream_on(finder);
  stream.run(0, 24);
  stream.drain();
  for (int n = 0; n < 24; ++n)
    EXPECT_NE(stream.near(n, place(n)), nullptr) << n;
}

TEST_P(FarApart, SomebodyWhoComesIsFoundAtOnce) {
  FakeFinder finder;
  finder.actors = {shy([](int n) { return n >= 7 ? right : cv::Rect2f(); })};
  Stream stream = stream_on(finder);
  stream.run(0, 12);
  stream.drain();
  for (int n = 7; n < 12; ++n)
    EXPECT_NE(stream.near(n, right), nullptr) << n;
  EXPECT_TRUE(stream.out[6].faces.empty()) << "nothing is guessed into a frame so long before";
}

TEST_P(FarApart, TheMeshAloneIsNotBelieved) {
  FakeFinder finder;
  // The mesh still finds a face in the pillow after the person has moved.
  finder.actors = {{.place = [](int) { return middle; },
                    .glanced = [](int n) { return n < 5; },
                    .swept = [](int n) { return n < 5; }},
                   shy([](int n) { return n >= 5 ? right : cv::Rect2f(); })};
  Stream stream = stream_on(finder);
  stream.run(0, 10);
  stream.drain();
  for (int n = 5; n < 10; ++n) {
    EXPECT_NE(stream.near(n, right), nullptr) << n;
    EXPECT_THAT(stream.out[static_cast<std::size_t>(n)].faces,
                testing::Each(testing::Field(&FaceRegion::origin, testing::Ne(Origin::tracked))))
        << n;
  }
}

TEST_P(FarApart, AFaceThatIsMissedOnceStaysCovered) {
  FakeFinder finder;
  const auto seen = [](int n) { return n % 4 != 3; };
  finder.actors = {{.place = [](int) { return middle; }, .glanced = seen, .swept = seen, .meshed = seen}};
  Stream stream = stream_on(finder);
  stream.run(0, 16);
  stream.drain();
  for (int n = 0; n < 16; ++n)
    EXPECT_NE(stream.near(n, middle), nullptr) << n;
}

TEST_P(FarApart, WhoHasGoneIsNotCoveredForLong) {
  FakeFinder finder;
  finder.actors = {shy([](int n) { return n < 6 ? middle : cv::Rect2f(); })};
  Stream stream = stream_on(finder);
  const int last = 6 + 2 * std::get<0>(GetParam()) + 3;
  stream.run(0, last + 1);
  stream.drain();
  EXPECT_TRUE(stream.out[static_cast<std::size_t>(last)].faces.empty());
}

TEST(Cadence, AfterAGapTheFrameIsSearchedAsTheFirst) {
  FakeFinder finder;
  finder.actors = {shy([](int n) { return n < 40 ? left : right; })};
  Stream stream(finder);
  stream.run(0, 40);
  // A gap of half a second; the person sits elsewhere afterwards.
  stream.delay = second / 2;
  stream.run(40, 50);
  for (int n = 40; n < 50; ++n)
    EXPECT_NE(stream.near(n, right), nullptr) << n;
}

TEST(Cadence, AFaceThatHasGoneFromItsPlaceIsLookedForInThatFrame) {
  FakeFinder finder;
  finder.actors = {shy([](int n) { return n < 33 ? left : right; })};
  Stream stream(finder);
  stream.run(0, 33);
  const int before = finder.sweeps;
  stream.push(33);
  EXPECT_GT(finder.sweeps, before);
  EXPECT_NE(stream.near(33, right), nullptr);
}

TEST(Cadence, LiveDroppedFramesDoNotMakeEveryFrameDear) {
  // A camera with 30 frames per second of which only six arrive: the cost of the search must let it recover.
  FakeFinder finder;
  finder.actors = {test::standing()};
  Stream stream(finder);
  stream.run(0, 10);
  const int before = finder.sweeps;
  stream.period = second / 6;
  stream.delay = -10 * second / 6;
  for (int n = 10; n < 40; ++n)
    stream.push(n, static_cast<unsigned>(1 + n / 40));
  EXPECT_LE(finder.sweeps - before, 30);
  EXPECT_GE(finder.sweeps - before, 5) << "somebody who comes meanwhile is looked for";
}

TEST(Cadence, TenASecondAreGlancedAtInEachFrame) {
  FakeFinder finder;
  const auto place = [](int n) { return n >= 12 ? right : cv::Rect2f(); };
  finder.actors = {test::standing(), {.place = place}};
  Stream stream(finder, 30);
  stream.period = second / 10;
  stream.run(0, 13);
  EXPECT_GE(finder.glances, 13);
  stream.drain();
  EXPECT_NE(stream.near(12, right), nullptr);
}

TEST(Cadence, AtThirtyASecondNothingIsLookedAtMoreOftenThanOnThePeriod) {
  FakeFinder finder;
  finder.actors = {test::standing()};
  Stream stream(finder, 30);
  stream.run(0, 5);
  const int before = finder.sweeps;
  stream.run(5, 125);
  EXPECT_LE(finder.sweeps - before, 120 / ahead_sweep_period + 1);
}

} // namespace
} // namespace deid::facedetect
