// Which target a person gets: pure functions, row by row.
#include "elements/faceswap/choice/target_assignment.hpp"
#include "tests/elements/faceswap/somebodies.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::faceswap {
namespace {

using test::at;

const Descriptor anna = at(10, .8), ben = at(11, .8);
const Observation person{anna, {}};
/// 0 is far from Anna, 1 is nearer than `least`, 2 was trained for Anna, 3 was trained for Ben.
const std::vector<Candidate> four{
    {at(0, .9), {}, {}}, {at(10, .5), {}, {}}, {at(1, .9), {}, anna}, {at(2, .9), {}, ben}};

TEST(FreeTargets, BelongToOneHolderAlone) {
  struct Row {
    const char* what;
    std::size_t count;
    std::vector<Holder> holders;
    std::set<std::size_t> refused;
    std::vector<bool> free;
  };
  const std::vector<Row> rows{
      {"nobody holds one", 2, {}, {}, {true, true}},
      {"one is held", 2, {{1, false}}, {}, {true, false}},
      {"of several, a target stays with a holder who left", 2, {{1, true}}, {}, {true, false}},
      {"the only target is held", 1, {{0, false}}, {}, {false}},
      {"the only target goes on when its holder left", 1, {{0, true}}, {}, {true}},
      {"a refused target is not free", 2, {}, {0}, {false, true}},
      {"the only target was refused", 1, {{0, true}}, {0}, {false}},
  };
  for (const Row& row : rows)
    EXPECT_EQ(free_targets(row.count, row.holders, row.refused), row.free) << row.what;
}

TEST(TargetAssignment, TheBestFreeTargetIsTaken) {
  struct Row {
    const char* what;
    Observation who;
    std::vector<bool> free;
    std::optional<std::size_t> target;
  };
  const std::vector<Row> rows{
      {"the one that was trained for her", person, {true, true, true, true}, 2},
      {"else one that is far enough", person, {true, true, false, true}, 0},
      {"none that is near, nor one of somebody else", person, {false, true, false, true}, {}},
      {"Ben's network is for Ben", {ben, {}}, {true, true, true, true}, 3},
      {"without a descriptor no trained one", {}, {false, false, true, true}, {}},
      {"none is free", person, {false, false, false, false}, {}},
  };
  const TargetAssignment targets(four, {});
  for (const Row& row : rows) {
    const auto choice = targets.best(row.who, row.free, {});
    EXPECT_EQ(choice ? std::optional(choice->target) : std::nullopt, row.target) << row.what;
  }
}

TEST(TargetAssignment, ARefusalSaysTheNearestReason) {
  const TargetAssignment all(four, {}), trained({four[3]}, {});
  const Refusal near = all.refusal(person, {true, true, false, false});
  EXPECT_EQ(near.why, Reason::target_too_close);
  EXPECT_EQ(near.choice.target, 1U);
  EXPECT_NEAR(near.choice.distance, .3, 1e-6);
  const Refusal another = trained.refusal(person, {true});
  EXPECT_EQ(another.why, Reason::not_trained);
  EXPECT_NEAR(another.choice.distance, std::sqrt(2 * .8 * .8), 1e-6);
  EXPECT_EQ(all.refusal(person, {false, false, false, false}).why, Reason::no_target);
}

TEST(TargetAssignment, OneObservationIsEnoughOnlyWhenItIsClear) {
  struct Row {
    const char* what;
    double from_anna;
    double distance;
    bool pick;
    bool at_once;
  };
  const std::vector<Row> rows{
      {"surely not Anna, far from the target", .7, .8, true, true},
      {"surely not Anna, near the target", .7, .7, true, false},
      {"in order, near is enough", .7, .7, false, true},
      {"perhaps Anna", .5, .9, false, false},
      {"surely Anna", .2, .9, true, true},
  };
  const TargetAssignment targets({{at(0, .9), {}, {}}, {at(1, .9), {}, anna}}, {});
  for (const Row& row : rows)
    EXPECT_EQ(targets.at_once(Choice{0, row.distance, false}, {at(10, .8, 12, row.from_anna), {}},
                              {.pick = row.pick}),
              row.at_once)
        << row.what;
  EXPECT_FALSE(targets.at_once({}, person, {})) << "nothing to give";
}

TEST(TargetAssignment, ASecondChanceHasTheStricterLimit) {
  const auto given = [](double away, Reason why) {
    const TargetAssignment targets({{at(10, .8 - away), {}, {}}}, {});
    return targets.second_chance({person, {}, why}, {true}, {}).has_value();
  };
  EXPECT_FALSE(given(.605, Reason::target_too_close));
  EXPECT_TRUE(given(.615, Reason::target_too_close));
  EXPECT_TRUE(given(.605, Reason::no_target)) << "was never refused for its distance";
  const auto trained = [](double original, double recent) {
    const TargetAssignment targets({{at(0, .9), {}, anna}}, {});
    const std::vector<Descriptor> seen{at(10, .8, 12, recent)};
    return targets.second_chance({{at(10, .8, 12, original), {}}, seen, Reason::not_trained}, {true}, {})
        .has_value();
  };
  EXPECT_TRUE(trained(.39, .41));
  EXPECT_FALSE(trained(.41, .3)) << "the running original decides, with room";
  EXPECT_FALSE(trained(.3, .43)) << "and the last observations";
}

TEST(TargetAssignment, SomebodyMayKeepATargetUntilItIsSurelyAnothers) {
  const TargetAssignment targets(four, {});
  EXPECT_TRUE(targets.may_keep({}, ben));
  EXPECT_TRUE(targets.may_keep(0, ben)) << "anybody's";
  EXPECT_TRUE(targets.may_keep(2, at(10, .8, 12, .46)));
  EXPECT_FALSE(targets.may_keep(2, at(10, .8, 12, .48)));
  EXPECT_FALSE(targets.may_keep(2, at(3, std::numeric_limits<double>::quiet_NaN())));
}

} // namespace
} // namespace deid::faceswap
