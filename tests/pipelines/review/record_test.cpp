// What is signed, what is refused, and whether a record notices a change.
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/review/batch.hpp"
#include "pipelines/deid/review/record.hpp"
#include "tests/pipelines/review/made.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using review::Moments;
using review::page_of;
using review::problems_of;
using review::Signer;
using review::Stored;

struct Record : testing::Test {
  const Scratch scratch{};
  const fs::path result = scratch.path() / "visit.deid.mp4";
  Stored stored{};
  Moments moments{};
  review::Edits edits{bounds()};
  const Signer anna{.name = "Anna", .role = "nurse"};

  void SetUp() override {
    write(result, "pixels");
    const std::string sum(64, 'a');
    stored.original = {scratch.path() / "Smith.mp4", {sum, 10}};
    stored.result = {result, {models::sha256_of(result), 6}};
    stored.audit = {scratch.path() / "visit.deid.jsonl", {sum, 10}};
    stored.frames = 100;
    moments.shown = {{"gap-1-2-1", {1, 2, .9, "gap", "A gap.", 1, {}}, {"gap"}},
                     {"lost-9-9-1", {9, 9, .5, "lost", "Lost.", 1, {}}, {"lost"}}};
    stored.seen["gap-1-2-1"] = 3;
    stored.left["lost-9-9-1"] = "dark room";
  }
  Json sign(const Signer& who, const Json& before = nullptr) const {
    return signed_record(stored, moments, edits, who, "2026-01-02T03:04:05Z", before);
  }
  fs::path keep(const Json& record) const {
    const fs::path file = review::beside(result).record;
    write(file, record.dump(1));
    return file;
  }
};

TEST_F(Record, SaysWhoLookedAtWhatAndForHowLong) {
  const Json record = sign(anna);
  const Json& signature = record["signatures"][0];
  EXPECT_EQ(signature["name"], "Anna");
  EXPECT_EQ(signature["looked_at"][0]["seconds"], 3);
  EXPECT_EQ(signature["looked_at"][1]["left"], "dark room");
  EXPECT_EQ(record["result"]["sha256"], stored.result.facts.sha256);
  EXPECT_TRUE(problems_of(keep(record)).empty());
}

TEST_F(Record, DoesNotNameTheOriginal) {
  const Json record = sign(anna);
  EXPECT_EQ(record.dump().find("Smith"), std::string::npos);
  EXPECT_EQ(page_of(record).find("Smith"), std::string::npos);
}

TEST_F(Record, NoticesAnotherVideo) {
  const fs::path file = keep(sign(anna));
  write(result, "other pixels");
  ASSERT_EQ(problems_of(file).size(), 1U);
  EXPECT_NE(problems_of(file)[0].find("has changed since it was signed"), std::string::npos);
  fs::remove(result);
  EXPECT_NE(problems_of(file)[0].find("is not there"), std::string::npos);
}

TEST_F(Record, NoticesAChangeOfItself) {
  Json record = sign(anna);
  record["signatures"][0]["name"] = "Eve";
  EXPECT_EQ(problems_of(keep(record)).size(), 1U);
}

TEST_F(Record, DoesNotFollowANameOutOfItsFolder) {
  Json record = sign(anna);
  record["result"]["name"] = "../visit.deid.mp4";
  const auto problems = problems_of(keep(record));
  EXPECT_NE(problems.back().find("outside of its folder"), std::string::npos);
}

TEST_F(Record, RefusesWhatNobodyLookedAt) {
  stored.left.clear();
  EXPECT_NE(refused([&] { sign(anna); }).find("1 moments"), std::string::npos);
  Signer leaving = anna;
  leaving.leave = {"lost-9-9-1"};
  leaving.why = "the room is empty there";
  EXPECT_EQ(sign(leaving)["signatures"][0]["looked_at"][1]["left"], "the room is empty there");
}

TEST_F(Record, RefusesCorrectionsThatAreNotRendered) {
  stored.history.push_back(region_record(1, 10, 5, 12));
  stored.position = 1;
  edits.apply(stored.history[0]);
  EXPECT_NE(refused([&] { sign(anna); }).find("Render again"), std::string::npos);
}

TEST_F(Record, ASecondReaderIsSomebodyElseAndComesAfterTheFirst) {
  Signer second{.name = "Ben", .role = "physician", .second = true};
  EXPECT_NE(refused([&] { sign(second); }), "");
  const Json first = sign(anna);
  const Json both = sign(second, first);
  EXPECT_EQ(both["signatures"].size(), 2U);
  EXPECT_TRUE(problems_of(keep(both)).empty());
  second.name = "Anna";
  EXPECT_NE(refused([&] { sign(second, first); }), "");
  Json other = first;
  other["result"]["sha256"] = std::string(64, 'b');
  second.name = "Ben";
  EXPECT_NE(refused([&] { sign(second, other); }), "");
}

TEST_F(Record, WantsANameAndReasons) {
  for (const Json& who : std::vector<Json>{{{"name", " "}, {"role", "x"}},
                                           {{"name", "A"}},
                                           {{"name", "A"}, {"role", "b"}, {"more", 1}},
                                           {{"name", "A"}, {"role", "b"}, {"leave", {"m"}}, {"why", " "}},
                                           {{"name", std::string(300, 'a')}, {"role", "b"}}})
    EXPECT_NE(refused([&] { review::signer_in(who); }), "") << who;
}

TEST_F(Record, ThePageEscapesEveryText) {
  const std::string evil = "<script>alert('x')</script>\"&";
  Signer who{.name = evil, .role = evil};
  stored.left["lost-9-9-1"] = evil;
  edits.apply({{"kind", "treatment"}, {"edit", 1}, {"person", 1}, {"method", "keep"}, {"why", evil}});
  stored.rendered = {{"output", (scratch.path() / (evil.substr(0, 8) + ".mp4")).string()},
                     {"sha256", std::string(64, 'a')},
                     {"bytes", 1},
                     {"audit_sha256", std::string(64, 'a')},
                     {"edits", sum_of_edits(stored)}};
  const std::string page = page_of(sign(who));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("alert('"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
}

TEST_F(Record, ABatchSaysWhatIsDone) {
  write(scratch.path() / "visit.deid.jsonl", "{}");
  write(scratch.path() / "two.mp4", "x");
  write(scratch.path() / "two.jsonl", "{}");
  write(scratch.path() / "no-audit.mp4", "x");
  const auto state = [&](bool second, std::size_t row) {
    return review::list_folder(scratch.path(), second).at(row)["state"];
  };
  EXPECT_EQ(review::list_folder(scratch.path(), false).size(), 2U);
  EXPECT_EQ(state(false, 1), "open");
  keep(sign(anna));
  EXPECT_EQ(state(false, 1), "done");
  EXPECT_EQ(state(true, 1), "waiting for a second reader");
  write(result, "changed");
  EXPECT_EQ(state(false, 1), "changed");
  write(review::beside(result).review, "{");
  EXPECT_EQ(state(false, 1), "damaged");
  EXPECT_NE(refused([&] { review::list_folder(scratch.path() / "none", false); }), "");
}

} // namespace
} // namespace deid::test
