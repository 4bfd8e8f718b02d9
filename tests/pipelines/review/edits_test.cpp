// Which corrections hold, what is refused, and what they become for facerevise.
#include "tests/pipelines/review/made.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

using review::Edits;

Json span(const char* kind, int edit, int first, int last) {
  return {{"kind", kind}, {"edit", edit}, {"first", first}, {"last", last}};
}
Json with(Json json, const char* key, const Json& value) {
  json[key] = value;
  return json;
}

TEST(Edits, ARegionIsMovedEndedAndDeleted) {
  Edits edits(bounds());
  edits.apply(region_record(1, 10, 20, 15));
  EXPECT_EQ(edits.region(1).first, 10);
  EXPECT_EQ(edits.region(1).last(), 29);
  edits.apply({{"kind", "end_region"}, {"edit", 1}, {"frame", 12}, {"side", "before"}});
  edits.apply({{"kind", "end_region"}, {"edit", 1}, {"frame", 20}, {"side", "after"}});
  EXPECT_EQ(edits.region(1).first, 12);
  EXPECT_EQ(edits.region(1).last(), 20);
  edits.apply({{"kind", "delete_edit"}, {"edit", 1}});
  EXPECT_TRUE(edits.empty());
}

TEST(Edits, ARefusedRecordChangesNothing) {
  Edits edits(bounds());
  edits.apply(region_record(1, 10, 20, 15));
  const Json before = edits.list();
  for (const Json& wrong : std::vector<Json>{
           region_record(3, 10, 5, 12),                        // a number was left out
           region_record(2, 90, 20, 95),                       // beyond the end
           region_record(2, 10, 5, 60),                        // not in its own frame
           region_record(2, 10, 5, 12, {700, 20, 30, 40}),     // outside the frame
           region_record(2, 10, 5, 12, {10, 20, 0, 40}),       // empty
           with(region_record(2, 10, 5, 12), "uncover", true), // not known
           with(region_record(2, 10, 5, 12), "treatment", "none"),
           with(region_record(2, 10, 5, 12), "person", 9), Json{{"kind", "uncover"}}, Json{{"kind", 5}},
           Json::array(), Json(nullptr), with(span("no_face", 2, 5, 4), "person", 1),
           with(span("no_face", 2, 0, 4), "person", 1.5), span("sound", 2, 0, 4),
           with(span("zone", 2, 0, 4), "box", "all"), Json{{"kind", "delete_edit"}, {"edit", 7}},
           Json{{"kind", "merge"}, {"edit", 2}, {"people", {1, 1}}}})
    EXPECT_NE(refused([&] { edits.apply(wrong); }), "") << wrong;
  EXPECT_EQ(edits.list(), before);
}

TEST(Edits, APersonStaysVisibleOnlyWithAReason) {
  Edits edits(bounds());
  const Json keep{{"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "keep"}, {"target", nullptr}};
  EXPECT_NE(refused([&] { edits.apply(keep); }).find("type the reason"), std::string::npos);
  EXPECT_NE(refused([&] { edits.apply(with(keep, "why", "ok")); }), "");
  edits.apply(with(keep, "why", "the examiner agreed in writing"));
  EXPECT_EQ(edits.choice_of(1)->method, "keep");
}

TEST(Edits, NoChoiceIsWeakerThanTheRun) {
  const Json choice{{"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "blur"}};
  EXPECT_NE(refused([&] { Edits(bounds("mask")).apply(choice); }), "");
  EXPECT_NE(refused([&] { Edits(bounds("blur")).apply(with(choice, "method", "swap")); }), "");
  EXPECT_EQ(refused([&] { Edits(bounds("swap")).apply(choice); }), "");
}

TEST(Edits, ALaterChoiceHolds) {
  Edits edits(bounds());
  edits.apply({{"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "mask"}});
  edits.apply({{"kind", "treatment"}, {"edit", 2}, {"person", 1}, {"method", "swap"}});
  EXPECT_EQ(edits.choice_of(1)->method, "swap");
}

TEST(Edits, MergedPeopleHaveOneChoice) {
  Edits edits(bounds());
  edits.apply({{"kind", "merge"}, {"edit", 1}, {"people", {2, 1}}});
  edits.apply({{"kind", "treatment"}, {"edit", 2}, {"person", 2}, {"method", "mask"}});
  EXPECT_EQ(edits.choice_of(1)->method, "mask");
  EXPECT_NE(refused([&] { edits.apply({{"kind", "merge"}, {"edit", 3}, {"people", {1, 2}}}); }), "");
}

TEST(Edits, ASplitPersonIsAnotherFromItsFrameOn) {
  Edits edits(bounds());
  edits.apply({{"kind", "split"}, {"edit", 1}, {"person", 1}, {"frame", 50}, {"fresh", 500'000'000}});
  EXPECT_EQ(edits.people().at(1, 49), 1);
  EXPECT_EQ(edits.people().at(1, 50), 500'000'000);
  edits.apply({{"kind", "treatment"}, {"edit", 2}, {"person", 500'000'000}, {"method", "mask"}});
  EXPECT_EQ(edits.choice_of(1), nullptr);
}

TEST(Compiled, WithoutEditsChangesNothing) {
  review::Audited audited = empty_audit(100);
  put(audited, 1, 0, 99);
  EXPECT_TRUE(compiled(audited, Edits(bounds_of(audited))).changes.empty());
}

TEST(Compiled, ADrawnRegionAndAZoneAreAdded) {
  review::Audited audited = empty_audit(100);
  Edits edits(bounds_of(audited));
  edits.apply(region_record(1, 10, 3, 11));
  edits.apply(with(span("zone", 2, 12, 13), "box", {0, 0, 50, 20}));
  const auto changes = compiled(audited, edits).changes;
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes.at(11).added.size(), 1U);
  EXPECT_EQ(changes.at(11).added[0].box, cv::Rect2d(10, 20, 30, 40));
  EXPECT_EQ(changes.at(11).added[0].least, Treatment::covered);
  EXPECT_EQ(changes.at(12).added.size(), 2U);
  EXPECT_EQ(changes.at(13).added.size(), 1U);
  EXPECT_EQ(*changes.at(13).pts, 13U * 40'000'000U);
}

TEST(Compiled, NoFaceTakesAwayWhatTheAuditHas) {
  review::Audited audited = empty_audit(100);
  put(audited, 1, 0, 99);
  put(audited, 2, 0, 99, {400, 100, 50, 60});
  Edits edits(bounds_of(audited));
  edits.apply(with(span("no_face", 1, 20, 21), "person", 2));
  const auto changes = compiled(audited, edits).changes;
  ASSERT_EQ(changes.size(), 2U);
  ASSERT_EQ(changes.at(20).removed.size(), 1U);
  EXPECT_EQ(changes.at(20).removed[0], (revision::Removed{2, {400, 100, 50, 60}}));
}

TEST(Compiled, NoFaceSparesAnotherPersonOfTheSameId) {
  review::Audited audited = empty_audit(100);
  put(audited, 1, 0, 99);
  Edits edits(bounds_of(audited));
  edits.apply({{"kind", "split"}, {"edit", 1}, {"person", 1}, {"frame", 50}, {"fresh", 500'000'000}});
  edits.apply(with(span("no_face", 2, 48, 51), "person", 1));
  const auto changes = compiled(audited, edits).changes;
  EXPECT_EQ(changes.size(), 2U);
  EXPECT_TRUE(changes.contains(49));
  EXPECT_FALSE(changes.contains(50)) << "the other person is uncovered";
}

TEST(Compiled, APersonWhoStaysVisibleIsTakenAwayAndAMaskedOneIsHarder) {
  review::Audited audited = empty_audit(4, "swap");
  put(audited, 1, 0, 3);
  put(audited, 2, 0, 3, {400, 100, 50, 60});
  Edits edits(bounds_of(audited));
  edits.apply(
      {{"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "keep"}, {"why", "agreed in writing"}});
  edits.apply({{"kind", "treatment"}, {"edit", 2}, {"person", 2}, {"method", "mask"}});
  const auto change = compiled(audited, edits).changes.at(3);
  ASSERT_EQ(change.removed.size(), 1U);
  EXPECT_EQ(change.removed[0].id, 1U);
  ASSERT_EQ(change.harder.size(), 1U);
  EXPECT_EQ(change.harder[0], (revision::Harder{2, Treatment::covered}));
}

TEST(Compiled, APersonGetsAnotherFaceInAllFrames) {
  review::Audited audited = empty_audit(4, "swap");
  put(audited, 1, 0, 3);
  const Json another{
      {"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "swap"}, {"not_as", {"nobody-1"}}};
  Edits edits(bounds_of(audited));
  edits.apply(another);
  EXPECT_EQ(edits.list().at(0)["not_as"], Json::array({"nobody-1"}));
  const auto changes = compiled(audited, edits).changes;
  ASSERT_EQ(changes.size(), 4U);
  for (const auto& [index, change] : changes)
    EXPECT_EQ(change.other, (std::vector<revision::Other>{{1, {"nobody-1"}}})) << index;
  for (const Json& wrong : {with(another, "method", "blur"), with(another, "not_as", Json::array()),
                            with(another, "not_as", Json::array({""})), with(another, "not_as", "nobody-1")})
    EXPECT_NE(refused([&] { Edits(bounds_of(audited)).apply(wrong); }), "") << wrong;
}

TEST(Compiled, RegionsOfOtherPluginsStay) {
  review::Audited audited = empty_audit(2);
  audited.frames[0].faces.push_back(audited_face(1, {10, 10, 20, 20}));
  audited.frames[0].faces.push_back(audited_face(1, {50, 50, 20, 20}));
  audited.frames[0].faces.back().origin.reset();
  Edits edits(bounds_of(audited));
  edits.apply(with(span("no_face", 1, 0, 1), "person", 1));
  EXPECT_EQ(compiled(audited, edits).changes.at(0).removed.size(), 1U);
}

TEST(Muted, IsTheTimeOfTheFrames) {
  review::Audited audited = empty_audit(100);
  Edits edits(bounds_of(audited));
  edits.apply(with(span("sound", 1, 25, 49), "what", "mute"));
  const auto spans = muted(audited, edits);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].begin, 1'000'000'000);
  EXPECT_EQ(spans[0].end, 2'000'000'000);
}

TEST(Muted, NeedsSound) {
  review::Bounds silent = bounds();
  silent.sound = false;
  EXPECT_NE(refused([&] { Edits(silent).apply(with(span("sound", 1, 0, 5), "what", "mute")); }), "");
}

} // namespace
} // namespace deid::test
