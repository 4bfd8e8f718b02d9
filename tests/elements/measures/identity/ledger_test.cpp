// FaceDistances, means, shares and the ROC curve on cases that can be worked out by hand.
#include "elements/measures/identity/ledger.hpp"
#include "tests/elements/identitymeter/made.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::identity {
namespace {

using test::at;

TEST(Ledger, MeasuresToTheOriginalTheRunningMeanAndTheTarget) {
  Ledger ledger(.6);
  const FaceDistances first = ledger.add(
      {.id = 1, .state = State::swapped, .original = at(0, 0), .deidentified = at(3, 4), .target = at(3, 0)});
  EXPECT_DOUBLE_EQ(*first.original, 5);
  EXPECT_DOUBLE_EQ(*first.average, 5); // the mean so far is this original
  EXPECT_DOUBLE_EQ(*first.target, 4);
  const FaceDistances second =
      ledger.add({.id = 1, .state = State::swapped, .original = at(6, 0), .deidentified = at(3, 4)});
  EXPECT_DOUBLE_EQ(*second.original, 5);
  EXPECT_DOUBLE_EQ(*second.average, 4); // the mean is (3, 0)
  EXPECT_FALSE(second.target);
  const Figures& figures = ledger.figures(State::swapped);
  EXPECT_EQ(figures.original.count(), 2U);
  EXPECT_DOUBLE_EQ(*figures.average.mean(), 4.5);
  EXPECT_EQ(figures.target.count(), 1U);
  EXPECT_EQ(ledger.figures(State::blurred).original.count(), 0U);
}

TEST(Ledger, TheEndKnowsTheFinalMean) {
  Ledger ledger(.6);
  for (const float x : {0.F, 2.F, 4.F})
    ledger.add({.id = 1, .state = State::swapped, .original = at(x, 0), .deidentified = at(x, 0)});
  const Ending ending = ledger.ending(); // mean (2, 0): 2, 0, 2 away
  const statistics::RunningStats& final_average =
      ending.final_average[static_cast<std::size_t>(State::swapped)];
  EXPECT_EQ(final_average.count(), 3U);
  EXPECT_NEAR(*final_average.mean(), 4. / 3, 1e-12);
  EXPECT_DOUBLE_EQ(*final_average.least(), 0);
  EXPECT_DOUBLE_EQ(*ledger.figures(State::swapped).average.most(), 2); // running: 0, 1, 2
  EXPECT_DOUBLE_EQ(*ledger.figures(State::swapped).original.most(), 0);
  ASSERT_EQ(ending.people.size(), 1U);
  EXPECT_EQ(ending.people[0].originals, 3U);
  EXPECT_FALSE(ending.recognition.area); // one person alone
}

TEST(Ledger, WhatIsAbsentIsNotCounted) {
  Ledger ledger(.6);
  EXPECT_FALSE(ledger.add({.id = 1, .deidentified = at(1, 0)}).average); // no original ever
  const FaceDistances none = ledger.add({.id = 1, .original = at(0, 0)});
  EXPECT_FALSE(none.original || none.average || none.target);
  const FaceDistances later = ledger.add({.id = 1, .deidentified = at(0, 2)});
  EXPECT_FALSE(later.original);
  EXPECT_DOUBLE_EQ(*later.average, 2); // the mean is known from before
  EXPECT_EQ(ledger.faces(), 3U);
  EXPECT_EQ(ledger.all().average.count(), 1U);
  const Ending ending = ledger.ending();
  EXPECT_EQ(ending.final_average[static_cast<std::size_t>(State::unknown)].count(), 2U);
}

TEST(Ledger, EachIdHasItsOwnMean) {
  Ledger ledger(.6);
  ledger.add({.id = 1, .original = at(0, 0), .deidentified = at(0, 0)});
  EXPECT_DOUBLE_EQ(*ledger.add({.id = 2, .original = at(9, 0), .deidentified = at(9, 3)}).average, 3);
}

TEST(Recognition, IsCertainWhenNothingWasDone) {
  Ledger ledger(.6);
  for (int i = 0; i < 10; ++i)
    for (const std::uint32_t id : {1U, 2U, 3U}) {
      const Descriptor face = at(static_cast<float>(id), .01F * static_cast<float>(i));
      ledger.add({.id = id, .state = State::none, .original = face, .deidentified = face});
    }
  const Recognition found = ledger.ending().recognition;
  EXPECT_EQ(found.people, 3U);
  EXPECT_EQ(found.own, 30U);
  EXPECT_EQ(found.other, 60U);
  EXPECT_EQ(found.area, 1.);
}

TEST(Recognition, IsChanceWhenAllWearTheSameFace) {
  Ledger ledger(.6);
  for (const std::uint32_t id : {1U, 2U})
    ledger.add({.id = id,
                .state = State::swapped,
                .original = at(id == 1 ? -1.F : 1.F, 0),
                .deidentified = at(0, 5)});
  EXPECT_EQ(ledger.ending().recognition.area, .5);
}

TEST(Recognition, TwoIdsOfOnePersonAreOne) {
  Ledger ledger(.6);
  ledger.add({.id = 1, .original = at(0, 0), .deidentified = at(0, 0)});
  ledger.add({.id = 7, .original = at(.3F, 0), .deidentified = at(.3F, 0)});
  EXPECT_EQ(ledger.ending().recognition.people, 1U);
  EXPECT_FALSE(ledger.ending().recognition.area);
  ledger.add({.id = 9, .original = at(5, 0), .deidentified = at(5, 0)});
  const Recognition found = ledger.ending().recognition;
  EXPECT_EQ(found.people, 2U);
  EXPECT_EQ(found.own, 3U);
  EXPECT_EQ(found.other, 4U); // 1 and 7 against 9, 9 against both
}

TEST(Ledger, ForgetsEverySecondResultWhenThereAreManyAndSaysSo) {
  Ledger ledger(.6, 100);
  for (int i = 0; i < 1000; ++i)
    for (const std::uint32_t id : {1U, 2U}) // alternating ids: both must be kept
      ledger.add({.id = id,
                  .state = State::swapped,
                  .original = at(static_cast<float>(10 * id), 0),
                  .deidentified = at(static_cast<float>(10 * id), 1)});
  EXPECT_EQ(ledger.all().original.count(), 2000U); // figures that need no final average cover all faces
  const Ending ending = ledger.ending();
  EXPECT_EQ(ending.kept_every, 32U);
  ASSERT_EQ(ending.people.size(), 2U);
  for (const PersonFigures& person : ending.people) {
    EXPECT_EQ(person.original.count(), 1000U);
    EXPECT_GE(person.final_average.count(), 30U);
    EXPECT_LE(person.final_average.count(), 50U);
    EXPECT_DOUBLE_EQ(*person.final_average.mean(), 1);
  }
  EXPECT_EQ(ending.recognition.area, 1.);
}

TEST(Ledger, StatesAreKeptApart) {
  Ledger ledger(.6);
  for (const State state : {State::swapped, State::blurred, State::covered, State::none, State::unknown})
    ledger.add(
        {.id = 1, .state = state, .original = at(0, 0), .deidentified = at(static_cast<float>(state), 0)});
  for (std::size_t i = 0; i < state_count; ++i) {
    EXPECT_EQ(ledger.faces(static_cast<State>(i)), 1U);
    EXPECT_DOUBLE_EQ(*ledger.figures(static_cast<State>(i)).original.mean(), static_cast<double>(i));
  }
  EXPECT_DOUBLE_EQ(*ledger.all().original.mean(), 2);
  EXPECT_EQ(state_of(Treatment::swapped), State::swapped);
  EXPECT_EQ(state_of(Treatment::none), State::none);
  EXPECT_STREQ(to_string(State::unknown), "unknown");
}

} // namespace
} // namespace deid::identity
