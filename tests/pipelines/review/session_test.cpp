// A whole review of a clip with the real elements, as a page would do it.
#include "elements/audit/line.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/review/frames.hpp"
#include "pipelines/deid/review/look.hpp"
#include "pipelines/deid/review/record.hpp"
#include "pipelines/deid/review/session.hpp"
#include "tests/pipelines/review/reviewed.hpp"
#include "tests/support/schema.hpp"
#include <opencv2/imgproc.hpp>
#include <set>

namespace deid::test {
namespace {

using review::Frames;

/// Number of pixels of a frame that differ between two videos by more than this, inside and outside of a box.
struct Differs {
  int inside = 0, outside = 0;
};
Differs differing(Frames& a, Frames& b, int frame, const cv::Rect& box, int level = 0) {
  cv::Mat difference;
  cv::absdiff(a.gray(frame), b.gray(frame), difference);
  const cv::Mat changed = difference > level;
  const int inside = box.empty() ? 0 : cv::countNonZero(changed(box & cv::Rect({}, changed.size())));
  return {inside, cv::countNonZero(changed) - inside};
}

TEST_F(Reviewed, WithoutCorrectionsThePixelsAreTheSame) {
  for (const char* method : {"mask", "swap"}) {
    run(method);
    const auto session = open(false);
    EXPECT_EQ(session->render({})["changed_frames"], 0);
    Frames before(result), after(review::beside(result).rendered);
    ASSERT_EQ(after.count(), before.count());
    for (int i = 0; i < before.count(); ++i)
      EXPECT_EQ(differing(before, after, i, {}).outside, 0) << method << ", frame " << i;
  }
}

TEST_F(Reviewed, ADrawnBoxIsFollowedRenderedAndChangesNothingElse) {
  run("mask");
  const auto session = open(false);
  const Json state = session->apply({{"kind", "add_region"},
                                     {"frame", 20},
                                     {"shape", "box"},
                                     {"box", {20, 20, 80, 60}},
                                     {"person", nullptr},
                                     {"treatment", "mask"},
                                     {"first", 15},
                                     {"last", 30}});
  ASSERT_EQ(state["edits"].size(), 1U);
  EXPECT_EQ(state["edits"][0]["first"], 15) << "a still corner is followed to the bound";
  EXPECT_EQ(state["edits"][0]["last"], 30);
  EXPECT_TRUE(state["dirty"].get<bool>());
  const Json done = session->render({});
  EXPECT_EQ(done["changed_frames"], 16);
  Frames before(result), after(review::beside(result).rendered);
  for (int i = 0; i < before.count(); ++i) {
    // the cover adds its margin, and rounds to chroma samples
    const Differs d = differing(before, after, i, {8, 10, 104, 80});
    EXPECT_EQ(d.outside, 0) << i;
    if (i >= 15 && i <= 30)
      EXPECT_GT(d.inside, 80 * 60 / 2) << i;
    else
      EXPECT_EQ(d.inside, 0) << i;
  }
  EXPECT_FALSE(session->state()["dirty"].get<bool>());
}

TEST_F(Reviewed, APersonGetsAnotherFaceAndThenAThirdOne) {
  run("swap");
  const auto session = open(false);
  const auto worn = [](const std::filesystem::path& file) {
    std::set<std::string> names;
    for (const review::Audited audited = review::read_audit(file); const auto& frame : audited.frames)
      for (const review::KnownFace& face : frame.faces)
        if (face.outcome.treatment == Treatment::swapped)
          names.emplace(face.outcome.target);
    return names;
  };
  const Json person = session->timeline()["people"].at(0);
  std::set<std::string> had = worn(review::beside(result).audit);
  ASSERT_FALSE(had.empty());
  EXPECT_TRUE(had.contains(person["target"]));
  for (int time = 0; time < 2; ++time) {
    session->apply({{"kind", "treatment"}, {"person", person["id"]}, {"method", "other"}});
    session->render({});
    const std::set<std::string> now = worn(review::beside(result).rendered_audit);
    ASSERT_FALSE(now.empty()) << "another face is far enough from this person";
    for (const std::string& name : now)
      EXPECT_TRUE(had.insert(name).second) << name << " again";
  }
  EXPECT_TRUE(session->timeline()["people"].at(0)["other"].get<bool>());
}

TEST_F(Reviewed, NoFaceUncoversThePersonAndUndoCoversAgain) {
  run("mask");
  const auto session = open(false);
  const Json region = session->frame(30)["regions"].at(0);
  session->apply({{"kind", "no_face"}, {"person", region["person"]}, {"first", 30}, {"last", 34}});
  EXPECT_EQ(session->frame(30)["regions"].at(0)["treatment"], "none");
  EXPECT_EQ(session->frame(35)["regions"].at(0)["treatment"], "covered");
  session->render({});
  const auto open_pixels = [&](int frame) {
    Frames original(clip), after(review::beside(result).rendered);
    const auto b = region["box"].get<std::vector<double>>();
    const cv::Rect inner(static_cast<int>(b[0] + b[2] / 4), static_cast<int>(b[1] + b[3] / 4),
                         static_cast<int>(b[2] / 2), static_cast<int>(b[3] / 2));
    cv::Mat difference;
    cv::absdiff(original.gray(frame)(inner), after.gray(frame)(inner), difference);
    return cv::mean(difference)[0];
  };
  EXPECT_LT(open_pixels(32), 8);
  EXPECT_GT(open_pixels(36), 30);
  session->undo();
  session->render({});
  EXPECT_GT(open_pixels(32), 30) << "after undo the face is covered again";
}

TEST_F(Reviewed, TheAuditOfARenderHasTheDrawnRegion) {
  run("mask");
  const auto session = open(false);
  session->apply({{"kind", "zone"}, {"box", {10, 10, 40, 30}}, {"first", 5}, {"last", 6}});
  session->render({});
  std::istringstream lines(read(review::beside(result).rendered_audit));
  int drawn = 0;
  for (std::string line; std::getline(lines, line);)
    if (const auto parsed = audit::parse(line); const auto* frame = std::get_if<audit::Frame>(&parsed))
      for (const audit::Face& face : frame->faces)
        drawn += face.id >= 1'000'000'000 && face.outcome.treatment == Treatment::covered ? 1 : 0;
  EXPECT_EQ(drawn, 2);
}

TEST_F(Reviewed, ChangesAreOnDiskAndUndoHasNoLimit) {
  run("mask");
  {
    const auto session = open(false);
    for (int i = 0; i < 20; ++i)
      session->apply({{"kind", "zone"}, {"box", {i, i, 40, 30}}, {"first", i}, {"last", i + 1}});
    for (int i = 0; i < 7; ++i)
      session->undo();
  }
  const auto session = open(false); // a closed laptop
  Json state = session->state();
  EXPECT_EQ(state["edits"].size(), 13U);
  EXPECT_TRUE(state["can_redo"].get<bool>());
  for (int i = 0; i < 7; ++i)
    state = session->redo();
  EXPECT_EQ(state["edits"].size(), 20U);
  EXPECT_FALSE(state["can_redo"].get<bool>());
  for (int i = 0; i < 20; ++i)
    state = session->undo();
  EXPECT_TRUE(state["edits"].empty());
  EXPECT_NE(refused([&] { session->undo(); }), "");
  session->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  EXPECT_NE(refused([&] { session->redo(); }), "") << "a new change ends what could be redone";
}

TEST_F(Reviewed, WhatItWritesIsAsTheSchemasSay) {
  DEID_NEEDS_JSONSCHEMA();
  run("mask");
  expect_schema("audit", audit);
  const auto session = open(false);
  session->apply({{"kind", "add_region"},
                  {"frame", 20},
                  {"shape", "ellipse"},
                  {"box", {20, 20, 80, 60}},
                  {"person", 1},
                  {"treatment", "mask"},
                  {"last", 22}});
  session->apply({{"kind", "move_region"}, {"edit", 1}, {"frame", 25}, {"box", {22, 20, 80, 60}}});
  session->apply({{"kind", "end_region"}, {"edit", 1}, {"frame", 22}, {"side", "before"}});
  session->apply({{"kind", "no_face"}, {"person", 1}, {"first", 3}, {"last", 4}});
  session->apply({{"kind", "split"}, {"person", 1}, {"frame", 40}});
  session->apply({{"kind", "treatment"},
                  {"person", 500'000'000},
                  {"method", "keep"},
                  {"target", nullptr},
                  {"why", "agreed in writing"}});
  session->apply({{"kind", "delete_edit"}, {"edit", 2}});
  session->render({});
  expect_schema("review", review::beside(result).review);
  expect_schema("audit", review::beside(result).rendered_audit);
}

TEST_F(Reviewed, AMutedSpanIsSilentAndTheRestIsNot) {
  if (!have("ffmpeg"))
    GTEST_SKIP() << "ffmpeg is not installed; the sound of this test is made with it";
  output_of(
      "cd '" + scratch.path().string() +
      "' && ffmpeg -nostdin -v error -y -i visit.mp4 -f lavfi -i sine=frequency=440 -map 0:v -map 1:a " +
      "-c:v copy -c:a aac -shortest sound.mp4 && mv sound.mp4 visit.mp4");
  std::string said;
  ASSERT_EQ(
      deid("run visit.mp4 -o visit.deid.mkv --audit visit.deid.jsonl --method mask --audio keep", &said), 0)
      << said;
  const auto session = open(false);
  session->apply({{"kind", "sound"}, {"what", "mute"}, {"first", 24}, {"last", 47}});
  session->render({});
  const auto loudest = [&](const char* from, const char* to) {
    const std::string text =
        output_of("ffmpeg -nostdin -v info -ss " + std::string(from) + " -to " + to + " -i '" +
                  review::beside(result).rendered.string() + "' -vn -af volumedetect -f null - 2>&1");
    return std::stod(text.substr(text.find("max_volume:") + 11));
  };
  const double rate = session->video()["fps"][0].get<double>() / 1000;
  EXPECT_LT(loudest(std::to_string(25 / rate).c_str(), std::to_string(47 / rate).c_str()), -60);
  EXPECT_GT(loudest("0.1", std::to_string(22 / rate).c_str()), -40);
  EXPECT_GT(loudest(std::to_string(50 / rate).c_str(), std::to_string(70 / rate).c_str()), -40);
}

TEST_F(Reviewed, IsSignedWhenAllIsSeenAndNoticesAChange) {
  run("mask");
  const auto session = open(true);
  const Json moments = session->moments();
  const Json who{{"name", "Anna"}, {"role", "nurse"}, {"second", false}};
  if (!moments.empty()) {
    EXPECT_NE(refused([&] { session->sign(who); }), "");
    for (const Json& moment : moments)
      session->apply({{"kind", "seen"}, {"moment", moment["id"]}, {"seconds", 2}});
  }
  session->sign(who);
  EXPECT_TRUE(session->check()["fine"].get<bool>()) << session->check();
  if (have_jsonschema())
    expect_schema("record", review::beside(result).record);
  EXPECT_TRUE(session->state()["signed"]["current"].get<bool>());
  session->sign({{"name", "Ben"}, {"role", "physician"}, {"second", true}});
  EXPECT_EQ(review::load_record(review::beside(result).record)["signatures"].size(), 2U);
  write(result, read(result) + "x");
  EXPECT_FALSE(session->check()["fine"].get<bool>());
  EXPECT_NE(refused([&] { session->sign(who); }), "");
}

TEST_F(Reviewed, ASheetShowsTheFaultAndIsSettledByOneOperation) {
  run("mask");
  take_away(10, 14);
  take_away(40, 41);
  const auto session = open(true);
  const Json moments = session->moments(), sheet = session->sheet(), all = session->sheets();
  ASSERT_FALSE(moments.empty());
  EXPECT_EQ(all.front(), sheet);
  std::set<std::string> ids;
  std::set<int> frames;
  for (const Json& one : all) {
    ids.insert(one["moments"].begin(), one["moments"].end());
    for (const Json& strip : one["strips"])
      for (const Json& tile : strip["tiles"])
        frames.insert(tile["frame"].get<int>());
  }
  EXPECT_EQ(ids.size(), moments.size());
  for (const int frame : {10, 11, 12, 13, 14, 40, 41})
    EXPECT_TRUE(frames.contains(frame)) << frame;
  const Json state = session->state();
  Json wrong = sheet["moments"];
  wrong.push_back("none");
  EXPECT_NE(refused([&] { session->apply({{"kind", "seen"}, {"moments", wrong}, {"seconds", 3}}); }), "");
  EXPECT_EQ(session->state(), state) << "all of them are settled, or none";
  session->apply({{"kind", "seen"}, {"moments", sheet["moments"]}, {"seconds", 7}});
  double seconds = 0;
  for (const Json& moment : session->moments())
    seconds += moment["seconds_looked"].get<double>();
  EXPECT_NEAR(seconds, 7, 1e-9);
  EXPECT_EQ(session->state()["unseen"], moments.size() - sheet["moments"].size());
  EXPECT_EQ(session->sheets().size(), all.size() - 1);
  EXPECT_EQ(session->person_sheet(1)["tiles"].size(), 40U);
  EXPECT_NE(refused([&] { session->person_sheet(99); }), "");
}

TEST_F(Reviewed, ACorrectedResultIsSignedAndCanBeReviewedAgain) {
  if (!have_c2pa())
    GTEST_SKIP() << "DEID_C2PA names no library of c2pa, or openssl is missing";
  make_key_pair(scratch.path(), "clinic");
  std::string said;
  ASSERT_EQ(deid("run visit.mp4 -o first.mp4 --audit first.jsonl --method swap", &said), 0) << said;
  const auto session = [&](const char* name) {
    return review::Session::open({.original = clip, .result = scratch.path() / name}, {.look = false});
  };
  session("first.mp4")->apply({{"kind", "zone"}, {"box", {1, 1, 40, 30}}, {"first", 0}, {"last", 1}});
  const std::string again = "run --from first.review.json -o second.mp4 --audit second.jsonl --sign ";
  EXPECT_NE(deid(again + "none.key clinic.pem", &said), 0) << said;
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "second.mp4"));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "second.jsonl"));
  ASSERT_EQ(deid(again + "clinic.key clinic.pem", &said), 0) << said;
  const std::vector<std::string> marks = cli::provenance_marks(scratch.path() / "second.mp4");
  EXPECT_NE(std::find(marks.begin(), marks.end(), "C2PA manifest"), marks.end());
  // its audit holds the sha256 of the signed file
  EXPECT_EQ(session("second.mp4")->video()["frames"], session("first.mp4")->video()["frames"]);
  write(scratch.path() / "second.mp4", read(scratch.path() / "second.mp4") + "x");
  EXPECT_NE(refused([&] { session("second.mp4"); }), "");
}

TEST_F(Reviewed, TheSecondLookFindsAFaceThatLeft) {
  run("mask");
  take_away(10, 14);
  const auto session = open(true);
  bool found = false;
  for (const Json& moment : session->moments())
    found = found || (moment["first"] <= 12 && moment["last"] >= 12 && moment["risk"] > .8);
  EXPECT_TRUE(found) << session->moments().dump(1);
}

TEST_F(Reviewed, TheSecondLookFindsFacesAndHeadsWhereTheyAre) {
  // The face is in the left half, and the picture is searched mirrored and turned, too.
  output_of("cd '" + scratch.path().string() +
            "' && ffmpeg -nostdin -v error -y -i visit.mp4 -vf pad=1280:360 -an wide.mp4");
  const auto wide = scratch.path() / "wide.mp4";
  review::Audited audited = empty_audit(review::Frames(wide).count());
  audited.run.width = 1280;
  const review::Looked looked = review::look(wide, wide, audited, {});
  int heads = 0;
  for (const review::Find& find : looked.finds) {
    heads += find.kind == review::Find::Kind::head ? 1 : 0;
    EXPECT_FALSE((find.box & cv::Rect2d(203, 64, 178, 253)).empty()) << find.box << " in " << find.first;
  }
  EXPECT_GT(heads, 0);
  EXPECT_GT(static_cast<int>(looked.finds.size()), heads);
}

} // namespace
} // namespace deid::test
