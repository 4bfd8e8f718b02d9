// The review file: what is kept, what is refused, and what survives a full disk; and the lock.
#include "models/files/whole_file.hpp"
#include "pipelines/deid/review/lock.hpp"
#include "pipelines/deid/review/store.hpp"
#include "tests/pipelines/review/made.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/scratch.hpp"
#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using review::Stored;

const std::string sum(64, 'a');

struct Store : testing::Test {
  const Scratch scratch{};
  const fs::path file = scratch.path() / "visit.review.json";

  Stored stored() const {
    Stored s{.original = {scratch.path() / "visit.mp4", {sum, 10}},
             .result = {scratch.path() / "visit.deid.mp4", {sum, 11}},
             .audit = {"/elsewhere/visit.jsonl", {sum, 12}},
             .frames = 100,
             .size = {640, 360}};
    s.history.push_back(region_record(1, 10, 20, 15));
    s.position = 1;
    s.seen["gap-1-2-3"] = 4.5;
    s.left["lost-5-6-7"] = "nobody is in the room";
    s.rendered = {{"output", (scratch.path() / "visit.deid.reviewed.mp4").string()},
                  {"sha256", sum},
                  {"bytes", 5},
                  {"audit_sha256", sum},
                  {"edits", sum}};
    return s;
  }
  Json json() const { return Json::parse(read(file)); }
};

TEST_F(Store, IsReadAsItWasWritten) {
  save_review(file, stored());
  const Stored again = review::load_review(file);
  EXPECT_EQ(again.original.path, scratch.path() / "visit.mp4");
  EXPECT_EQ(again.audit.path, "/elsewhere/visit.jsonl");
  EXPECT_EQ(again.history, stored().history);
  EXPECT_EQ(again.seen, stored().seen);
  EXPECT_EQ(again.left, stored().left);
  EXPECT_EQ(again.rendered, stored().rendered);
  EXPECT_EQ(json()["original"]["path"], "visit.mp4") << "a folder that moves takes its review along";
}

TEST_F(Store, IsAsTheSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  save_review(file, stored());
  expect_schema("review", file);
  Json more = json();
  more["uncover"] = true;
  write(file, more.dump());
  expect_no_schema("review", file, "'uncover' was unexpected");
}

TEST_F(Store, OnlyTheOwnerReadsIt) {
  save_review(file, stored());
  EXPECT_EQ(fs::status(file).permissions() & fs::perms(0077), fs::perms::none);
}

TEST_F(Store, RefusesDamageAndWhatIsNotKnown) {
  save_review(file, stored());
  const Json fine = json();
  for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{
           {"uncover", true},
           {"review", 2},
           {"frames", 0},
           {"frames", -1},
           {"width", 1e9},
           {"history", "none"},
           {"position", 2},
           {"position", -1},
           {"position", .5},
           {"seen", {{"a", -1}}},
           {"left", {{"a", 1}}},
           {"rendered", {{"output", "x"}}},
           {"original", {{"path", "a"}, {"sha256", "short"}, {"bytes", 1}}},
           {"result", nullptr}}) {
    Json wrong = fine;
    wrong[key] = value;
    write(file, wrong.dump());
    EXPECT_NE(refused([&] { review::load_review(file); }), "") << key << " " << value;
  }
  write(file, fine.dump().substr(0, fine.dump().size() / 2));
  EXPECT_NE(refused([&] { review::load_review(file); }).find("damaged"), std::string::npos);
  EXPECT_NE(refused([&] { review::load_review(scratch.path() / "none"); }), "");
}

TEST_F(Store, RefusesNestedBracketsAndEndlessLists) {
  write(file, std::string(2'000'000, '['));
  EXPECT_NE(refused([&] { review::load_review(file); }).find("nested"), std::string::npos);
  std::string list = "{\"history\":[0";
  for (int i = 0; i < 9'000'000; ++i)
    list += ",0";
  write(file, list + "]}");
  EXPECT_NE(refused([&] { review::load_review(file); }).find("too many values"), std::string::npos);
}

TEST_F(Store, AFullDiskLeavesWhatWasThere) {
  save_review(file, stored());
  const std::string before = read(file);
  const pid_t child = fork();
  if (child == 0) { // a limit of the file size stands for a full disk: every write beyond it fails
    signal(SIGXFSZ, SIG_IGN);
    const rlimit none{16, 16};
    setrlimit(RLIMIT_FSIZE, &none);
    Stored more = stored();
    more.left["x"] = "y";
    _exit(refused([&] { save_review(file, more); }).find("not kept") != std::string::npos ? 7 : 8);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(read(file), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator{}), 1)
      << "a piece was left";
}

TEST_F(Store, AKillWhileItSavesLeavesAWholeFile) {
  Stored many = stored();
  for (int i = 0; i < 300; ++i)
    many.left["moment-" + std::to_string(i)] = std::string(2000, 'w');
  save_review(file, many);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0)
      for (int i = 0;; ++i) {
        many.seen["m"] = i;
        save_review(file, many);
      }
    usleep(static_cast<useconds_t>(3000 + 1700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_EQ(review::load_review(file).left.size(), many.left.size()) << round;
  }
}

TEST_F(Store, TheSumOfEditsChangesWithThem) {
  Stored a = stored(), b = stored();
  b.position = 0;
  EXPECT_NE(sum_of_edits(a), sum_of_edits(b));
  b = a;
  b.history[0]["treatment"] = "blur";
  EXPECT_NE(sum_of_edits(a), sum_of_edits(b));
  b = a;
  b.seen.clear(); // no correction
  EXPECT_EQ(sum_of_edits(a), sum_of_edits(b));
}

TEST_F(Store, AnotherContentIsNoticed) {
  write(scratch.path() / "a", "one");
  const review::Bound bound{scratch.path() / "a",
                            {"7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", 3}};
  EXPECT_EQ(refused([&] { check_content(bound, "video"); }), "");
  write(scratch.path() / "a", "two");
  EXPECT_NE(refused([&] { check_content(bound, "video"); }).find("not the one that was reviewed"),
            std::string::npos);
  write(scratch.path() / "a", "three");
  EXPECT_NE(refused([&] { check_content(bound, "video", false); }), "");
}

TEST_F(Store, ASecondSessionIsRefusedAndNamesTheFirst) {
  const review::Lock first(scratch.path() / "lock");
  const std::string said = refused([&] { const review::Lock second(scratch.path() / "lock"); });
  EXPECT_NE(said.find("process " + std::to_string(getpid())), std::string::npos) << said;
  EXPECT_NE(review::Lock::holder(scratch.path() / "lock"), "");
}

TEST_F(Store, ALockDiesWithItsHolder) {
  const fs::path lock = scratch.path() / "lock";
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const review::Lock held(lock);
    if (::write(ready[1], "x", 1) != 1)
      _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_NE(refused([&] { const review::Lock second(lock); }), "");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  EXPECT_EQ(refused([&] { const review::Lock second(lock); }), "");
  EXPECT_EQ(review::Lock::holder(lock), "");
}

} // namespace
} // namespace deid::test
