#include "elements/posedetect/tracker.hpp"
#include "fake_finder.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace deid::posedetect {
namespace {

using test::Actor;
using test::FakeFinder;
constexpr int width = 640, height = 480;

class TrackerTest : public testing::Test {
protected:
  FakeFinder finder;
  Tracker tracker{finder};
  Settings settings{};

  /// texture: changes the picture as a whole (a cut when it changes).
  std::vector<Person> step(int number, unsigned texture = 1) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
    std::mt19937 random(texture);
    std::vector<std::uint8_t> blocks(20 * 15);
    for (auto& b : blocks)
      b = static_cast<std::uint8_t>(random() % 256);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        pixels[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] =
            blocks[static_cast<std::size_t>(y / 32 * 20 + x / 32)];
    pixels[0] = static_cast<std::uint8_t>(number % 256);
    pixels[1] = static_cast<std::uint8_t>(number / 256);
    video::FrameView view;
    view.layout = video::Layout::gray;
    view.width = width;
    view.height = height;
    view.planes[0] = {pixels.data(), width};
    return tracker.step(view, number * std::int64_t{33'333'333}, settings);
  }

  static Actor still(float x, float y, float radius = 60.F) {
    return {.place = [x, y](int) { return cv::Point2f(x, y); }, .radius = radius};
  }
  /// Walks from x by speed px a frame.
  static Actor walker(float x, float y, float speed) {
    return {.place = [=](int n) { return cv::Point2f(x + speed * static_cast<float>(n), y); }};
  }
};

TEST_F(TrackerTest, OnePersonCostsOneLandmarkRunAFrameAndFewLooks) {
  finder.actors = {still(300, 240)};
  settings.max_people = 1;
  for (int n = 0; n < 60; ++n) {
    const auto people = step(n);
    ASSERT_EQ(people.size(), 1U) << n;
    EXPECT_EQ(people[0].id, 1U);
    EXPECT_EQ(people[0].points.size(), 33U);
  }
  EXPECT_EQ(finder.looks, 1);
  EXPECT_EQ(finder.landmark_runs, 60);
}

TEST_F(TrackerTest, PeopleWhoComeInAreFoundWithinThePeriod) {
  finder.actors = {still(150, 240)};
  finder.actors.push_back(
      {.place = [](int n) { return n < 20 ? std::nullopt : std::optional(cv::Point2f(450, 240)); }});
  settings.detector_period = 10;
  std::size_t seen = 0;
  for (int n = 0; n < 31; ++n)
    seen = step(n).size();
  EXPECT_EQ(seen, 2U);
  EXPECT_LE(finder.looks, 5);
}

TEST_F(TrackerTest, WindowsAreLookedAtInTurnUntilSomebodyIsMissing) {
  finder.actors = {still(300, 240)};
  finder.actors[0].landmarked = [](int n) { return n != 25; };
  settings.detector_period = 10;
  for (int n = 0; n < 24; ++n)
    step(n);
  ASSERT_EQ(finder.extents, (std::vector<Extent>{Extent::windows, Extent::one_window,
                                                 Extent::one_window})); // frames 0, 10, 20
  step(24);
  step(25);
  EXPECT_EQ(finder.extents.back(), Extent::windows);
}

TEST_F(TrackerTest, NobodyIsLookedForInEveryFrame) {
  for (int n = 0; n < 10; ++n)
    EXPECT_TRUE(step(n).empty());
  EXPECT_EQ(finder.looks, 10);
  EXPECT_EQ(tracker.counts().frames_with_people, 0U);
}

TEST_F(TrackerTest, NobodyForLongIsLookedForInEveryThirdFrameAndFoundThere) {
  finder.actors = {
      {.place = [](int n) { return n < 46 ? std::nullopt : std::optional(cv::Point2f(300, 240)); }}};
  int n = 0;
  while (n < 45)
    ASSERT_TRUE(step(n++).empty());
  EXPECT_EQ(finder.looks, 15 + 10);
  while (step(n).empty())
    ASSERT_LT(++n, 50) << "a person who came is not found";
  EXPECT_LE(n, 48);
  const int looks = finder.looks;
  finder.actors = {};
  for (const int end = n + 10; n < end;)
    step(++n);
  EXPECT_EQ(finder.looks, looks + 10) << "a person who was just lost is searched for in every frame";
}

TEST_F(TrackerTest, NoMoreThanMaxPeople) {
  for (const float x : {80.F, 240.F, 400.F, 560.F})
    finder.actors.push_back(still(x, 240));
  settings.max_people = 2;
  EXPECT_EQ(step(0).size(), 2U);
  EXPECT_EQ(step(1).size(), 2U);
  settings.max_people = 4;
  for (int n = 2; n < 20; ++n)
    step(n);
  EXPECT_EQ(step(20).size(), 4U);
  settings.max_people = 1;
  EXPECT_EQ(step(21).size(), 1U);
}

TEST_F(TrackerTest, IdsStayThroughACrossing) {
  finder.actors = {walker(100, 240, 4), walker(540, 250, -4)}; // meet at frame 55
  settings.max_people = 2;
  for (int n = 0; n < 110; ++n) {
    const auto people = step(n);
    if (n >= 45 && n <= 70)
      continue; // one hides the other
    ASSERT_EQ(people.size(), 2U) << n;
    const float first = people[0].box.x + people[0].box.width / 2;
    EXPECT_NEAR(first, 100 + 4 * n, 30) << n;
    EXPECT_EQ(people[0].id, 1U) << n;
    EXPECT_EQ(people[1].id, 2U) << n;
  }
}

TEST_F(TrackerTest, AShortAbsenceKeepsTheIdALongOneDoesNot) {
  const auto away = [](int from, int to) {
    return [=](int n) { return n >= from && n < to ? std::nullopt : std::optional(cv::Point2f(300, 240)); };
  };
  finder.actors = {{.place = away(10, 30)}};
  std::vector<Person> people;
  for (int n = 0; n < 35; ++n)
    people = step(n);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].id, 1U);
  EXPECT_EQ(tracker.counts().resumed, 1U);
  finder.actors = {{.place = away(40, 140)}}; // 3.3 s
  for (int n = 35; n < 145; ++n)
    people = step(n);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].id, 2U);
}

TEST_F(TrackerTest, TwoRegionsOnOnePersonBecomeOne) {
  // the second person vanishes beside the first, and the region moves onto the nearest person
  finder.actors = {still(300, 240)};
  finder.actors.push_back({.place = [](int n) -> std::optional<cv::Point2f> {
    if (n >= 20)
      return std::nullopt;
    return cv::Point2f(360, 240);
  }});
  for (int n = 0; n < 20; ++n)
    EXPECT_EQ(step(n).size(), 2U) << n;
  for (int n = 20; n < 40; ++n) {
    const auto people = step(n);
    ASSERT_EQ(people.size(), 1U) << n;
    EXPECT_EQ(people[0].id, 1U);
  }
}

TEST_F(TrackerTest, ACutForgetsPlacesAndIds) {
  finder.actors = {still(300, 240)};
  for (int n = 0; n < 5; ++n)
    step(n);
  const auto people = step(5, 99);
  EXPECT_TRUE(tracker.cut());
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].id, 2U);
  EXPECT_EQ(finder.looks, 2);
}

TEST_F(TrackerTest, ResetForgetsButNeverUsesAnIdTwice) {
  finder.actors = {still(300, 240)};
  step(0);
  tracker.reset();
  const auto people = step(1);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].id, 2U);
}

TEST_F(TrackerTest, PointsBelowTheThresholdAreAbsentAndCountForNothing) {
  finder.actors = {still(300, 240)};
  finder.actors[0].visibility = .4F;
  EXPECT_TRUE(step(0).empty()); // a person without points does not count
  settings.point_threshold = .3F;
  const auto people = step(1);
  ASSERT_EQ(people.size(), 1U);
  EXPECT_TRUE(people[0].points[0].present);
  EXPECT_NEAR(people[0].score, .4F, 1e-6);
  EXPECT_NEAR(people[0].box.x + people[0].box.width / 2, 300, 15);
}

TEST_F(TrackerTest, NothingIsSmoothedUnlessAskedFor) {
  const auto trembling = [](int n) {
    return std::optional(cv::Point2f(300.F + (n % 2 == 0 ? 2.F : -2.F), 240));
  };
  finder.actors = {{.place = trembling}};
  const auto span = [&](int from) {
    float low = 1e9F, high = -1e9F;
    for (int n = from; n < from + 30; ++n) {
      const float x = step(n).at(0).points[11].x;
      if (n >= from + 10)
        low = std::min(low, x), high = std::max(high, x);
    }
    return high - low;
  };
  EXPECT_FLOAT_EQ(span(0), 4.F);
  settings.smooth = true;
  EXPECT_LT(span(30), 3.9F);
}

TEST_F(TrackerTest, MasksComeOnlyWhenAskedFor) {
  finder.actors = {still(300, 240)};
  EXPECT_EQ(step(0).at(0).mask, nullptr);
  settings.mask = true;
  const auto people = step(1);
  ASSERT_NE(people.at(0).mask, nullptr);
  EXPECT_EQ(people[0].mask->coverage.size(), cv::Size(256, 256));
}

TEST_F(TrackerTest, TimeThatStandsStillDoesNoHarm) {
  finder.actors = {walker(100, 240, 3)};
  for (int n = 0; n < 3; ++n) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height, 90);
    pixels[0] = static_cast<std::uint8_t>(n);
    pixels[1] = 0;
    video::FrameView view{.layout = video::Layout::gray, .width = width, .height = height};
    view.planes[0] = {pixels.data(), width};
    const auto people = tracker.step(view, 0, settings);
    ASSERT_EQ(people.size(), 1U);
    EXPECT_TRUE(std::isfinite(people[0].points[0].x));
  }
}

TEST(Similarity, IsOneForTheSameAndNothingForSomebodyElse) {
  Figure a;
  for (int i = 0; i < 33; ++i) {
    a.points.emplace_back(static_cast<float>(i), static_cast<float>(2 * i));
    a.visibility.push_back(.9F);
  }
  a.radius = 50;
  EXPECT_FLOAT_EQ(similarity(a, a), 1.F);
  EXPECT_LT(similarity(a, moved(a, {100, 0})), 1e-6F);
  EXPECT_FLOAT_EQ(similarity(a, moved(a, {3, 4})), similarity(moved(a, {3, 4}), a));
  EXPECT_FLOAT_EQ(similarity(Figure{}, a), 0.F);
}

} // namespace
} // namespace deid::posedetect
