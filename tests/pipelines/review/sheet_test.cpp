// Pictures of several moments at once: nothing that a person has to see is missing on them.
#include "pipelines/deid/review/sheet.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include "tests/pipelines/review/made.hpp"
#include <gtest/gtest.h>
#include <set>

namespace deid::test {
namespace {

using review::Moment;
using review::Moments;
using review::Sheet;
using review::Tile;

Moments moments(const review::Audited& audited) {
  return moments_of(events_of(audited, nullptr), static_cast<int>(audited.frames.size()));
}

bool any(const Moment& /*moment*/) {
  return true;
}

/// Whether a tile of this frame shows all of a box, with something around it.
bool shows(const std::vector<Tile>& tiles, int frame, const cv::Rect2d& box) {
  return std::ranges::any_of(tiles, [&](const Tile& tile) {
    return tile.frame == frame && (tile.part & box).area() >= .999 * box.area() &&
           tile.part.area() > 2 * box.area();
  });
}

void expect_within(const std::vector<Tile>& tiles, cv::Size size) {
  for (const Tile& tile : tiles) {
    EXPECT_GE(tile.part.x, 0);
    EXPECT_GE(tile.part.y, 0);
    EXPECT_LE(tile.part.x + tile.part.width, size.width + 1e-9);
    EXPECT_LE(tile.part.y + tile.part.height, size.height + 1e-9);
  }
}

TEST(SheetTest, AFaceThatMovesThroughAGapIsOnEveryPicture) {
  review::Audited audited = empty_audit(400);
  const auto place = [](int frame) { return cv::Rect2d(40 + 8 * (frame - 150), 100, 40, 50); };
  for (int i = 150; i <= 200; ++i)
    if (i < 160 || i > 190)
      put(audited, 1, i, i, place(i));
  const Moments all = moments(audited);
  const auto gap = std::ranges::find(all.shown, std::string("gap"),
                                     [](const Moment& moment) { return moment.main.reason; });
  ASSERT_NE(gap, all.shown.end());
  const std::vector<Tile> tiles = tiles_of(*gap, audited);
  for (int i = 160; i <= 190; ++i)
    EXPECT_TRUE(shows(tiles, i, place(i))) << "frame " << i << " of the gap";
  expect_within(tiles, audited.size());
}

TEST(SheetTest, AFaceThatWalksOnAfterItsCoverEndedIsOnThePicture) {
  review::Audited audited = empty_audit(400);
  const auto place = [](int frame) { return cv::Rect2d(300 + 4 * (frame - 199), 100, 40, 50); };
  for (int i = 0; i < 200; ++i)
    put(audited, 1, i, i, {300, 100, 40, 50});
  const Moments all = moments(audited);
  ASSERT_EQ(all.shown.size(), 1U);
  ASSERT_EQ(all.shown.front().main.reason, "lost");
  const std::vector<Tile> tiles = tiles_of(all.shown.front(), audited);
  for (int i = 200; i <= all.shown.front().main.last; ++i)
    EXPECT_TRUE(shows(tiles, i, place(i))) << i;
  EXPECT_EQ(all.shown.front().main.last, 211);
}

TEST(SheetTest, EachFrameBeforeACoverThatBeginsIsShownAndNotTheCoverItself) {
  review::Audited audited = empty_audit(400);
  put(audited, 1, 200, 399, {300, 100, 40, 50});
  const Moments all = moments(audited);
  ASSERT_EQ(all.shown.size(), 1U);
  std::vector<int> frames;
  for (const Tile& tile : tiles_of(all.shown.front(), audited))
    frames.push_back(tile.frame);
  EXPECT_EQ(frames, (std::vector<int>{188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199}))
      << "a face that flashes for one frame is on no picture";
}

TEST(SheetTest, BothPlacesOfACoverThatJumpsAreShown) {
  review::Audited audited = empty_audit(400);
  const cv::Rect2d here(100, 100, 40, 50), there(300, 200, 40, 50);
  put(audited, 1, 0, 199, here);
  put(audited, 1, 200, 399, there);
  const Moments all = moments(audited);
  ASSERT_FALSE(all.shown.empty());
  const std::vector<Tile> tiles = tiles_of(all.shown.front(), audited);
  EXPECT_TRUE(shows(tiles, 200, here)) << "the face may still be where the cover was";
  EXPECT_TRUE(shows(tiles, 200, there));
}

TEST(SheetTest, AMomentOfTwoPlacesShowsBothInEachFrame) {
  review::Audited audited = empty_audit(100);
  const cv::Rect2d left(10, 10, 40, 40), right(500, 300, 40, 40);
  const std::vector<review::Event> events{{10, 14, .6, "head", "", {}, left, {}},
                                          {11, 12, .2, "close", "", {}, right, {}}};
  const Moments all = review::moments_of(events, 100);
  ASSERT_EQ(all.shown.size(), 1U);
  const std::vector<Tile> tiles = tiles_of(all.shown.front(), audited);
  for (int i = 10; i <= 14; ++i)
    EXPECT_TRUE(shows(tiles, i, left)) << i;
  for (int i = 11; i <= 12; ++i)
    EXPECT_TRUE(shows(tiles, i, right)) << i;
  EXPECT_EQ(tiles.size(), 7U) << "no place is shown twice";
}

TEST(SheetTest, APlaceAnywhereIsTheWholeFrame) {
  review::Audited audited = empty_audit(100);
  const Moments all = review::moments_of({{10, 10, .6, "doubt", "", {}, {}, {}}}, 100);
  const std::vector<Tile> tiles = tiles_of(all.shown.front(), audited);
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles.front().part, cv::Rect2d(0, 0, 640, 360));
}

TEST(SheetTest, ATinyFaceIsShownCloseAndOneThatFillsTheFrameWithoutAnEdge) {
  review::Audited audited = empty_audit(100);
  const Moments tiny = review::moments_of({{10, 10, .6, "face", "", {}, cv::Rect2d(0, 350, 8, 9), {}}}, 100);
  const Tile small = tiles_of(tiny.shown.front(), audited).front();
  EXPECT_EQ(small.part.width, review::tuning::least_part);
  EXPECT_TRUE(small.part.contains({4, 354}));
  const Moments huge =
      review::moments_of({{10, 10, .6, "face", "", {}, cv::Rect2d(-20, -30, 500, 400), {}}}, 100);
  const std::vector<Tile> tiles = tiles_of(huge.shown.front(), audited);
  expect_within(tiles, audited.size());
  EXPECT_EQ(tiles.front().part.height, 360);
}

/// An audit with many gaps of many people.
review::Audited busy_audit() {
  review::Audited audited = empty_audit(1500);
  for (int person = 1; person <= 5; ++person)
    for (int i = 0; i < 1500; ++i)
      if (i % 60 > person)
        put(audited, static_cast<std::uint32_t>(person), i, i, {100. * person, 100, 40, 50});
  return audited;
}

TEST(SheetTest, SheetsShowEachMomentOnceWorstFirst) {
  const review::Audited audited = busy_audit();
  const Moments all = moments(audited);
  ASSERT_GT(all.shown.size(), 50U);
  std::set<std::string> seen;
  std::size_t begun = 0;
  for (;;) {
    const Sheet sheet =
        next_sheet(all, audited, [&](const Moment& moment) { return !seen.contains(moment.id); });
    if (sheet.empty())
      break;
    std::size_t tiles = 0, moments_here = 0;
    for (const review::Strip& strip : sheet) {
      std::size_t expected = 0;
      for (const std::size_t i : strip.moments) {
        EXPECT_TRUE(seen.insert(all.shown[i].id).second) << "shown twice: " << all.shown[i].id;
        expected += tiles_of(all.shown[i], audited).size();
        ++moments_here;
      }
      EXPECT_EQ(strip.tiles.size(), expected) << "a strip has all frames of its moments";
      tiles += strip.tiles.size();
    }
    for (std::size_t i = begun; i < begun + moments_here; ++i)
      EXPECT_TRUE(seen.contains(all.shown[i].id)) << "moment " << i << " comes later than a lesser one";
    begun += moments_here;
    EXPECT_TRUE(tiles <= review::tuning::sheet_tiles || moments_here == 1) << tiles;
  }
  EXPECT_EQ(seen.size(), all.shown.size());
}

TEST(SheetTest, MomentsOfOneQuestionStandTogether) {
  const review::Audited audited = empty_audit(1000);
  const auto event = [](int frame, double risk, const char* reason) {
    return review::Event{frame, frame, risk, reason, "", {}, cv::Rect2d(10, 10, 40, 40), {}};
  };
  const Moments all =
      review::moments_of({event(100, .9, "gap"), event(200, .8, "near-limit"), event(300, .7, "head"),
                          event(400, .6, "doubt"), event(500, .55, "changed")},
                         1000);
  const Sheet sheet = next_sheet(all, audited, any);
  ASSERT_EQ(sheet.size(), 3U);
  EXPECT_EQ(sheet[0].question, review::Question::face);
  EXPECT_EQ(sheet[0].moments, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(sheet[1].question, review::Question::different);
  EXPECT_EQ(sheet[1].moments, (std::vector<std::size_t>{1, 4}));
  EXPECT_EQ(sheet[2].question, review::Question::covered);
  for (const review::Strip& strip : sheet)
    for (const Tile& tile : strip.tiles)
      EXPECT_EQ(tile.frame, all.shown[tile.moment].main.first) << "a tile names its own moment";
}

TEST(PersonTilesTest, AreSpreadFromTheFirstFrameToTheLast) {
  review::Audited audited = empty_audit(1000);
  put(audited, 7, 100, 899);
  put(audited, 8, 900, 919);
  review::People people;
  people.merge(7, 8);
  const std::vector<Tile> tiles = tiles_of_person(7, people, audited);
  ASSERT_EQ(tiles.size(), review::tuning::sheet_tiles);
  EXPECT_EQ(tiles.front().frame, 100);
  EXPECT_EQ(tiles.back().frame, 919);
  for (std::size_t i = 1; i < tiles.size(); ++i)
    EXPECT_GT(tiles[i].frame, tiles[i - 1].frame);
  EXPECT_TRUE(tiles_of_person(8, people, audited).empty()) << "8 is 7";
  put(audited, 9, 5, 5);
  EXPECT_EQ(tiles_of_person(9, people, audited).size(), 1U);
}

} // namespace
} // namespace deid::test
