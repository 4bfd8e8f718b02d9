// What a live swap gives up, and when it comes back.
#include "elements/faceswap/budget.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

constexpr std::int64_t ms = 1'000'000, period = 33 * ms;

/// Time of a frame at each level, ms.
using Costs = std::array<int, economy_count>;

/// Runs so many seconds of frames and returns the number of changes.
int run(Budget& budget, const Costs& costs, int seconds) {
  int changes = 0;
  for (std::int64_t t = 0; t < seconds * 1000 * ms; t += period) {
    const Economy before = budget.level();
    changes += budget.frame(costs.at(static_cast<std::size_t>(before)) * ms, period) != before ? 1 : 0;
  }
  return changes;
}

TEST(Budget, GivesNothingUpWhileFramesAreCheap) {
  Budget budget;
  EXPECT_EQ(run(budget, {20, 20, 20, 20, 20}, 60), 0);
  EXPECT_EQ(budget.level(), Economy::none);
}

TEST(Budget, GivesUpInTheFixedOrderAndNoMoreThanNeeded) {
  struct Case {
    Costs costs;
    Economy level;
  };
  for (const auto& [costs, level] :
       {Case{{40, 20, 9, 9, 9}, Economy::correction}, Case{{60, 50, 20, 9, 9}, Economy::hands},
        Case{{60, 50, 40, 20, 9}, Economy::sharpness}, Case{{90, 80, 70, 60, 9}, Economy::swap},
        Case{{90, 80, 70, 60, 50}, Economy::swap}}) {
    Budget budget;
    run(budget, costs, 5);
    EXPECT_EQ(budget.level(), level);
  }
}

TEST(Budget, OneDearFrameChangesNothing) {
  Budget budget;
  for (int n = 0; n < 300; ++n)
    EXPECT_EQ(budget.frame((n % 30 == 29 ? 120 : 20) * ms, period), Economy::none) << n;
}

TEST(Budget, ComesBackWhenTheComputerIsFreeAgain) {
  Budget budget;
  run(budget, {90, 80, 70, 60, 9}, 8);
  ASSERT_EQ(budget.level(), Economy::swap);
  run(budget, {20, 15, 12, 10, 5}, 60);
  EXPECT_EQ(budget.level(), Economy::none);
}

TEST(Budget, ALevelThatStaysTooDearIsTriedMoreAndMoreRarely) {
  Budget budget;
  const Costs costs{60, 20, 15, 10, 5};
  run(budget, costs, 60);
  const int later = run(budget, costs, 240);
  EXPECT_GE(later, 2) << "it is tried again";
  EXPECT_LE(later, 8) << "but not to and fro";
}

TEST(Budget, AnUnknownPeriodChangesNothing) {
  Budget budget;
  for (int n = 0; n < 300; ++n)
    EXPECT_EQ(budget.frame(500 * ms, 0), Economy::none);
}

TEST(Budget, CountsFramesAtEachLevel) {
  Budget budget;
  run(budget, {90, 80, 70, 60, 9}, 10);
  std::uint64_t all = 0;
  for (const std::uint64_t frames : budget.frames()) {
    EXPECT_GT(frames, 0U);
    all += frames;
  }
  EXPECT_EQ(all, 304U);
  budget.reset();
  EXPECT_EQ(budget.level(), Economy::none);
}

} // namespace
} // namespace deid::faceswap
