#include "elements/measures/identity/clustering.hpp"
#include "tests/elements/measures/identity/made.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace identity;

Track track(const std::string& clip, std::uint32_t id, double x,
            std::vector<std::int64_t> frames = {0, 1, 2}) {
  return {clip, id, at(x), frames.size(), frames};
}

TEST(Tracks, MeansOfOriginalsAndNoScraps) {
  std::vector<Face> faces;
  for (int i = 0; i < 5; ++i)
    faces.push_back(face_of(0, 0, i, at(i), std::nullopt).face);
  faces.push_back(face_of(0, 1, 0, at(7), at(7)).face); // seen once: no track beside one of five
  faces.push_back(face_of(0, 2, 0, std::nullopt, at(7)).face);
  const auto tracks = tracks_of("a", faces);
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(tracks[0].id, 1U);
  EXPECT_EQ(tracks[0].described, 5U);
  EXPECT_FLOAT_EQ(tracks[0].mean[0], 2);
  EXPECT_EQ(tracks_of("still", {face_of(0, 0, 0, at(1), at(2)).face}).size(), 1U); // a photograph has no more
  EXPECT_TRUE(tracks_of("empty", {}).empty());
}

TEST(Cluster, JoinsWhoIsNear) {
  const Clustering c = cluster({track("a", 1, 0), track("b", 1, .3), track("c", 1, 2), track("d", 4, 2.2)});
  EXPECT_EQ(c.people, 2U);
  EXPECT_EQ(c.who.at({"a", 1}), "person 1");
  EXPECT_EQ(c.who.at({"b", 1}), "person 1");
  EXPECT_EQ(c.who.at({"c", 1}), "person 2");
  EXPECT_EQ(c.who.at({"d", 4}), "person 2");
  EXPECT_TRUE(c.doubts.empty());
}

TEST(Cluster, AveragesAndDoesNotChain) {
  // 0, .5, 1.0, 1.5: single linkage gives one cluster, average linkage gives two pairs
  const Clustering c = cluster({track("a", 1, 0), track("b", 1, .5), track("c", 1, 1.0), track("d", 1, 1.5)});
  EXPECT_EQ(c.people, 2U);
  EXPECT_EQ(c.who.at({"a", 1}), c.who.at({"b", 1}));
  EXPECT_EQ(c.who.at({"c", 1}), c.who.at({"d", 1}));
  ASSERT_EQ(c.doubts.size(), 3U); // .5 apart is within .1 of the limit
  EXPECT_TRUE(c.doubts[0].joined || c.doubts[1].joined);
}

TEST(Cluster, TwoFacesOfOneFrameAreTwoPeople) {
  EXPECT_EQ(cluster({track("a", 1, 0), track("a", 2, .1)}).people, 2U);
  EXPECT_EQ(cluster({track("a", 1, 0), track("a", 2, .1, {7, 8, 9})}).people,
            1U); // returned under another id
  // so are tracks that were joined to one of them
  const Clustering c = cluster({track("a", 1, 0), track("a", 2, .1), track("b", 1, .05)});
  EXPECT_EQ(c.people, 2U);
  EXPECT_EQ(cluster({}).people, 0U);
}

} // namespace
} // namespace deid::test
