#include "pipelines/deid/evaluate/report/between.hpp"
#include <gtest/gtest.h>

namespace deid::evaluate {
namespace {

Seen face(float x, float y, float score = .9F) {
  return {{x, y, 40, 50}, score, {{x + 10, y + 20}, {x + 30, y + 20}}};
}

TEST(Between, AFaceIsOnTheLineBetweenItsPlaces) {
  const std::vector<Seen> before{face(100, 50)}, after{face(109, 44, .7F)};
  const auto third = between(before, after, 1. / 3);
  ASSERT_TRUE(third && third->size() == 1);
  EXPECT_NEAR(third->front().box.x, 103, 1e-3);
  EXPECT_NEAR(third->front().box.y, 48, 1e-3);
  EXPECT_NEAR(third->front().box.width, 40, 1e-3);
  EXPECT_FLOAT_EQ(third->front().score, .7F);
  ASSERT_EQ(third->front().marks.size(), 2U);
  EXPECT_NEAR(third->front().marks[1].x, 133, 1e-3);
  EXPECT_NEAR(third->front().marks[1].y, 68, 1e-3);
}

TEST(Between, FacesArePairedByPlaceAndNotByOrder) {
  const std::vector<Seen> before{face(100, 50), face(300, 50)}, after{face(302, 50), face(102, 50)};
  const auto half = between(before, after, .5);
  ASSERT_TRUE(half && half->size() == 2);
  EXPECT_NEAR((*half)[0].box.x, 101, 1e-3);
  EXPECT_NEAR((*half)[1].box.x, 301, 1e-3);
}

TEST(Between, NobodyStaysNobody) {
  const auto none = between({}, {}, .5);
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->empty());
}

TEST(Between, FacesThatAreNoPairsMustBeSearchedFor) {
  const std::vector<Seen> one{face(100, 50)}, far{face(160, 50)}, two{face(100, 50), face(300, 50)};
  EXPECT_FALSE(between(one, far, .5)) << "moved too far";
  EXPECT_FALSE(between(one, two, .5)) << "one more";
  EXPECT_FALSE(between(two, one, .5)) << "one less";
  EXPECT_FALSE(between(one, {}, .5));
  const std::vector<Seen> close{face(100, 50), face(108, 50)}, same{face(104, 50), face(300, 50)};
  EXPECT_FALSE(between(close, same, .5)) << "two faces fit one";
}

} // namespace
} // namespace deid::evaluate
