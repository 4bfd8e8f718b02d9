// Ids of people when a network finds them anew in every frame.
#include "elements/posedetect/identities.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::posedetect {
namespace {

constexpr std::int64_t frame = 40'000'000, second = 1'000'000'000, absence = 2 * second;

/// 60 px wide and 100 high, `shown` of 17 points seen.
Person at(float x, float y, std::size_t shown = 17) {
  Person person{.box = {x, y, 60, 100}, .set = KeypointSet::coco17};
  for (std::size_t i = 0; i < 17; ++i)
    person.points.push_back(
        {x + static_cast<float>(i % 3) * 30, y + static_cast<float>(i) * 6, .9F, i < shown});
  return person;
}

std::vector<std::uint32_t> ids(Identities& identities, std::vector<Person> people, std::int64_t time) {
  identities.name(people, time, absence);
  std::vector<std::uint32_t> all;
  for (const Person& person : people)
    all.push_back(person.id);
  return all;
}

using Ids = std::vector<std::uint32_t>;

TEST(Identities, ThoseWhoStandStillKeepTheirIdsInWhateverOrderTheyCome) {
  Identities identities;
  EXPECT_EQ(ids(identities, {at(0, 0), at(300, 0)}, 0), (Ids{1, 2}));
  EXPECT_EQ(ids(identities, {at(300, 2), at(1, 0)}, frame), (Ids{2, 1}));
  EXPECT_EQ(ids(identities, {at(300, 2), at(150, 0), at(1, 0)}, 2 * frame), (Ids{2, 3, 1}));
  EXPECT_EQ(ids(identities, {}, 3 * frame), Ids{});
}

TEST(Identities, ThoseWhoCrossGoOnAsTheyWent) {
  Identities identities;
  for (int i = 0; i <= 40; ++i) {
    const float way = 10.F * static_cast<float>(i);
    const Ids got = ids(identities, {at(100 + way, 50), at(500 - way, 54)}, i * frame);
    ASSERT_EQ(got, (Ids{1, 2})) << i;
  }
}

TEST(Identities, WhoComesBackInTimeKeepsTheId) {
  Identities identities;
  EXPECT_EQ(ids(identities, {at(0, 0)}, 0), Ids{1});
  EXPECT_EQ(ids(identities, {}, second), Ids{});
  EXPECT_EQ(ids(identities, {at(3, 0)}, absence), Ids{1});               // just in time
  EXPECT_EQ(ids(identities, {at(3, 0)}, 2 * absence + 1), Ids{2});       // too late
  EXPECT_EQ(ids(identities, {at(300, 0)}, 2 * absence + frame), Ids{3}); // elsewhere
}

TEST(Identities, TwoPointsInCommonAreTooFew) {
  Identities identities;
  EXPECT_EQ(ids(identities, {at(0, 0)}, 0), Ids{1});
  EXPECT_EQ(ids(identities, {at(0, 0, 3)}, frame), Ids{1});
  EXPECT_EQ(ids(identities, {at(0, 0, 2)}, 2 * frame), Ids{2});
  EXPECT_EQ(ids(identities, {at(0, 0, 0)}, 3 * frame), Ids{3});
}

TEST(Identities, AfterAResetNobodyIsKnownAndNoIdComesTwice) {
  Identities identities;
  EXPECT_EQ(ids(identities, {at(0, 0), at(300, 0)}, 0), (Ids{1, 2}));
  identities.reset();
  EXPECT_EQ(ids(identities, {at(0, 0)}, 0), Ids{3});
}

TEST(Identities, TimeThatStandsStillAndPointsThatAreNoNumbersDoNoHarm) {
  Identities identities;
  EXPECT_EQ(ids(identities, {at(0, 0)}, 0), Ids{1});
  EXPECT_EQ(ids(identities, {at(4, 0)}, 0), Ids{1});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(ids(identities, {at(nan, nan), at(5, 0)}, frame), (Ids{2, 1}));
  EXPECT_EQ(ids(identities, {at(6, 0)}, 2 * frame), Ids{1});
}

} // namespace
} // namespace deid::posedetect
