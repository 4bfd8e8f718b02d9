// Distances and the ROC curve against cases worked out by hand.
#include "elements/measures/identity/distances.hpp"
#include "tests/elements/measures/identity/made.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace identity;

TEST(Roc, AreaByCounting) {
  EXPECT_DOUBLE_EQ(roc_of({.1, .2}, {.3, .4}).auc, 1);
  EXPECT_DOUBLE_EQ(roc_of({.3, .4}, {.1, .2}).auc, 0);
  EXPECT_DOUBLE_EQ(roc_of({.1, .3}, {.2, .4}).auc, .75);
  EXPECT_DOUBLE_EQ(roc_of({.5, .5}, {.5}).auc, .5); // ties count half
  const Roc r = roc_of({.1, .3}, {.2, .4});
  ASSERT_EQ(r.points.size(), 5U);
  EXPECT_EQ(r.points.front(), (std::pair<double, double>{0, 0}));
  EXPECT_EQ(r.points[1], (std::pair<double, double>{0, .5}));
  EXPECT_EQ(r.points[2], (std::pair<double, double>{.5, .5}));
  EXPECT_EQ(r.points.back(), (std::pair<double, double>{1, 1}));
  EXPECT_TRUE(roc_of({}, {.1}).points.empty());
}

TEST(Roc, ALongCurveIsThinnedAndKeepsItsEnds) {
  std::vector<double> genuine, against;
  for (int i = 0; i < 5000; ++i) {
    genuine.push_back(i);
    against.push_back(i + 2500.5);
  }
  const Roc r = roc_of(genuine, against);
  EXPECT_LE(r.points.size(), 250U);
  EXPECT_EQ(r.points.back(), (std::pair<double, double>{1, 1}));
  EXPECT_NEAR(r.auc, 1 - .125, 1e-3);
}

/// One person on a line: originals at 0 and 1, de-identified at 3 and 5, in one clip.
Samples line() {
  return {{"a"}, {"p"}, {face_of(0, 0, 0, at(0), at(3), .2), face_of(0, 0, 1, at(1), at(5), .4)}};
}

TEST(Distances, OfOnePersonOnALine) {
  const Distances d = distances(line());
  EXPECT_EQ(d.faces, 2U);
  EXPECT_EQ(d.described, 2U);
  EXPECT_DOUBLE_EQ(d.intra_original.mean, 1);
  EXPECT_DOUBLE_EQ(d.intra_deidentified.mean, 2);
  EXPECT_DOUBLE_EQ(d.to_original.mean, 3.5);         // 3 and 4
  EXPECT_DOUBLE_EQ(d.to_average_original.mean, 3.5); // 2.5 and 4.5
  EXPECT_NEAR(d.to_average_original.sd, std::sqrt(2.), 1e-12);
  EXPECT_DOUBLE_EQ(d.to_average_target.mean, .3);
  EXPECT_EQ(d.original_above, 2U);
}

TEST(Distances, PairsStayWithinAPerson) {
  Samples s = line();
  s.people.emplace_back("q");
  s.all.push_back(face_of(0, 1, 0, at(0, 100), at(0, 100.5)));
  s.all.push_back(face_of(0, 1, 1, at(0, 104), std::nullopt)); // a face that could not be described
  const Distances all = distances(s), second = distances(s, 1);
  EXPECT_EQ(all.intra_original.n, 2U);
  EXPECT_DOUBLE_EQ(all.intra_original.max, 4);
  EXPECT_EQ(second.faces, 2U);
  EXPECT_EQ(second.described, 1U);
  EXPECT_EQ(second.intra_deidentified.n, 0U);
  EXPECT_NEAR(second.to_original.mean, .5, 1e-6);
  EXPECT_EQ(second.original_above, 0U); // .5 is one person's
  EXPECT_EQ(second.to_average_target.n, 0U);
}

TEST(Distances, NobodyAndUnnamedFaces) {
  Samples s = line();
  s.all[0].person.reset();
  s.all[1].person.reset();
  EXPECT_EQ(distances(s).faces, 0U);
  EXPECT_EQ(roc(s).points.size(), 0U);
  EXPECT_EQ(distances({}).faces, 0U);
}

TEST(Roc, ComparesHalvesAndClips) {
  // two faces, two halves: one genuine pair; each half's original against the other half's result
  const Roc r = roc(line());
  EXPECT_EQ(r.genuine.n, 1U);
  EXPECT_DOUBLE_EQ(r.genuine.mean, 1);
  EXPECT_EQ(r.against.n, 2U);
  EXPECT_DOUBLE_EQ(r.against.min, 2);
  EXPECT_DOUBLE_EQ(r.against.max, 5);
  EXPECT_DOUBLE_EQ(r.auc, 1);
}

} // namespace
} // namespace deid::test
