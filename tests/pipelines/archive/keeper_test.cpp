// Batches under their records, with stand-in elements: what is done, done again, left alone, and what must
// not be written down.
#include "pipelines/deid/archive/claim.hpp"
#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/archive/store.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using archive::FileState;
using archive::Status;
using testing::HasSubstr;
using testing::Not;

struct KeeperTest : ClipTest {
  archive::Store store{""};
  void SetUp() override {
    ClipTest::SetUp();
    store = archive::Store(dir / "out");
    fs::create_directory(dir / "in");
  }
  cli::RunOptions batch() {
    auto o = options(dir / "in", "out");
    o.json_summary = dir / "s.json";
    return o;
  }
  int run(const cli::RunOptions& o) { return cli::run_command(o, stand_in); }
  /// Status of each result in the summary of the last run.
  std::map<std::string, std::string> summary() {
    std::map<std::string, std::string> found;
    std::ifstream in(dir / "s.json");
    for (const auto& one : nlohmann::json::parse(in))
      found[fs::path(one["output"].get<std::string>()).lexically_relative(dir / "out").string()] =
          one["status"];
    return found;
  }
  std::string error_of(const std::string& output) {
    std::ifstream in(dir / "s.json");
    for (const auto& one : nlohmann::json::parse(in))
      if (fs::path(one["output"].get<std::string>()) == dir / "out" / output)
        return one.value("error", "");
    return "not in the summary";
  }
  FileState record(const std::string& output) {
    const auto state = store.load(output);
    return state ? *state : FileState{};
  }
  void save(const FileState& state) {
    store.make_folder(state.output);
    store.save(state);
  }
  /// The texts of all records.
  std::string all_records() {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(store.folder()))
      if (entry.is_regular_file())
        text += entry.path().string() + "\n" + read(entry.path());
    return text;
  }
};

TEST_F(KeeperTest, ARecordSaysWhatWasDone) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(batch()), cli::exit_ok);
  const FileState s = record("a.mp4");
  EXPECT_EQ(s.status, Status::done);
  EXPECT_EQ(s.frames, 20U);
  EXPECT_EQ(s.length, (archive::Length{20, 64, 48}));
  EXPECT_EQ(s.method, "mask");
  EXPECT_EQ(s.input.sha256 + "  " + (dir / "in/a.mp4").string() + "\n",
            output_of("sha256sum '" + (dir / "in/a.mp4").string() + "'"));
  EXPECT_EQ(s.result.sha256 + "  " + (dir / "out/a.mp4").string() + "\n",
            output_of("sha256sum '" + (dir / "out/a.mp4").string() + "'"));
  ASSERT_EQ(s.attempts.size(), 1U);
  EXPECT_EQ(s.attempts[0].outcome, "done");
  EXPECT_TRUE(look(store).complete());
}

TEST_F(KeeperTest, AnInputThatChangedIsDoneAgain) {
  make_plain("in/a.mp4");
  make_plain("in/b.mp4");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(batch()), cli::exit_ok);
  const std::string before = record("a.mp4").result.sha256;
  fs::remove(dir / "in/a.mp4");
  make_plain("in/a.mp4", "80x48");
  ASSERT_EQ(run(batch()), cli::exit_ok);
  EXPECT_EQ(summary(), (std::map<std::string, std::string>{{"a.mp4", "done"}, {"b.mp4", "skipped"}}));
  EXPECT_NE(record("a.mp4").result.sha256, before);
  EXPECT_EQ(probe(dir / "out/a.mp4", "width"), "80");
}

TEST_F(KeeperTest, AnInputThatWasOnlyTouchedOrMovedAwayIsNot) {
  make_plain("in/a.mp4");
  make_plain("in/b.mp4");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(batch()), cli::exit_ok);
  const auto stamp = record("a.mp4").input.stamp;
  fs::last_write_time(dir / "in/a.mp4", fs::last_write_time(dir / "in/a.mp4") - std::chrono::hours(9));
  ASSERT_EQ(run(batch()), cli::exit_ok);
  EXPECT_EQ(summary()["a.mp4"], "skipped");
  EXPECT_NE(record("a.mp4").input.stamp, stamp) << "the next run need not read it";
  fs::remove(dir / "in/a.mp4");
  ASSERT_EQ(run(batch()), cli::exit_ok);
  EXPECT_TRUE(look(store).complete());
}

TEST_F(KeeperTest, AResultThatSomebodyChangedIsSaidAndLeftAlone) {
  make_plain("in/a.mp4");
  make_plain("in/b.mp4");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(batch()), cli::exit_ok);
  write(dir / "out/a.mp4", "cut by hand");
  EXPECT_EQ(run(batch()), cli::exit_failed);
  EXPECT_THAT(error_of("a.mp4"), HasSubstr("changed after it was made"));
  EXPECT_EQ(summary()["b.mp4"], "skipped");
  EXPECT_EQ(read(dir / "out/a.mp4"), "cut by hand");
  auto o = batch();
  o.overwrite = true;
  EXPECT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(count_of(dir / "out/a.mp4"), 20U);
}

TEST_F(KeeperTest, AResultOfOtherOptionsDoesNotPassForOneOfThese) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  auto o = batch();
  o.method = cli::Method::blur;
  ASSERT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(run(batch()), cli::exit_failed);
  EXPECT_THAT(error_of("a.mp4"), HasSubstr("other options"));
}

TEST_F(KeeperTest, AFileThatFailedIsTriedAgainAndFailedOnesAlone) {
  make_plain("in/a.mp4");
  make_plain("in/c.mp4");
  if (IsSkipped())
    return;
  write(dir / "in/b.mp4", "no video");
  EXPECT_EQ(run(batch()), cli::exit_failed);
  EXPECT_EQ(record("b.mp4").status, Status::failed);
  fs::remove(dir / "in/b.mp4");
  make_plain("in/b.mp4");
  fs::remove(dir / "out/c.mp4"); // open again, but it did not fail
  auto o = batch();
  o.only = cli::Only::failed;
  EXPECT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(summary(), (std::map<std::string, std::string>{
                           {"a.mp4", "skipped"}, {"b.mp4", "done"}, {"c.mp4", "skipped"}}));
  EXPECT_FALSE(fs::exists(dir / "out/c.mp4"));
  const FileState b = record("b.mp4");
  ASSERT_EQ(b.attempts.size(), 2U);
  EXPECT_EQ(b.attempts[0].outcome, "failed");
  EXPECT_EQ(b.attempts[1].outcome, "done");
  make_plain("in/d.mp4");
  o.only = cli::Only::fresh;
  EXPECT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(summary()["d.mp4"], "done");
  EXPECT_EQ(summary()["c.mp4"], "skipped");
}

TEST_F(KeeperTest, NoRecordNamesAnInput) {
  fs::create_directory(dir / "in/Jane Smith");
  make_plain("in/Jane Smith/Smith 1987.mp4");
  if (IsSkipped())
    return;
  write(dir / "in/Jane Smith/Smith broken.mp4", "no video");
  write(dir / "list.csv", "input,output,method\n"
                          "in/Jane Smith/Smith 1987.mp4,P1.mp4,mask\n"
                          "in/Jane Smith/Smith broken.mp4,P2.mp4,mask\n"
                          "in/Jane Smith/Smith gone.mp4,P3.mp4,mask\n");
  cli::RunOptions o = batch();
  o.inputs.clear();
  o.manifest = dir / "list.csv";
  o.audit = dir / "audits";
  EXPECT_EQ(run(o), cli::exit_failed);
  EXPECT_EQ(summary(), (std::map<std::string, std::string>{
                           {"P1.mp4", "done"}, {"P2.mp4", "failed"}, {"P3.mp4", "failed"}}));
  const std::string text = all_records() + to_json(look(store)).dump() + to_text(look(store), true);
  EXPECT_THAT(text, HasSubstr("P2.mp4"));
  EXPECT_THAT(text, HasSubstr("the input"));
  for (const char* name : {"Smith", "Jane", "1987"})
    EXPECT_THAT(text, Not(HasSubstr(name)));
}

TEST_F(KeeperTest, ARowOfAManifestHasItsOwnMethodAndOptions) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  write(dir / "list.csv", "output,input,method,options\n"
                          "x/1.mkv,in/a.mp4,blur,--codec ffv1 --strength 2\n"
                          "x/2.mp4,in/a.mp4,,\n");
  cli::RunOptions o = batch();
  o.inputs.clear();
  o.manifest = dir / "list.csv";
  ASSERT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(record("x/1.mkv").method, "blur");
  EXPECT_EQ(probe(dir / "out/x/1.mkv", "codec_name"), "ffv1");
  EXPECT_EQ(record("x/2.mp4").method, "mask");
  EXPECT_EQ(probe(dir / "out/x/2.mp4", "codec_name"), "h264");
}

TEST_F(KeeperTest, ARowMayNotHaveOptionsOfTheWholeBatch) {
  write(dir / "in/a.mp4", "x");
  cli::RunOptions o = batch();
  o.inputs.clear();
  o.manifest = dir / "list.csv";
  for (const char* wrong : {"--overwrite", "-o /etc/x.mp4", "--side-by-side s.mp4", "--strength 2",
                            "--method none", "--set nobody.x=1", "--color red", "b.mp4"}) {
    write(dir / "list.csv", std::string("input,output,options\nin/a.mp4,a.mp4,") + wrong + "\n");
    EXPECT_EQ(run(o), cli::exit_usage) << wrong;
  }
  EXPECT_FALSE(fs::exists(dir / "out/a.mp4"));
}

TEST_F(KeeperTest, AManifestAmongTheResultsIsRefused) {
  fs::create_directory(dir / "out");
  write(dir / "out/list.csv", "input,output\nin/a.mp4,a.mp4\n");
  cli::RunOptions o = batch();
  o.inputs.clear();
  o.manifest = dir / "out/list.csv";
  EXPECT_EQ(run(o), cli::exit_usage);
}

TEST_F(KeeperTest, ShardsDoEveryFileOnceAndKeepFolders) {
  const std::vector<std::string> names{
      "sub-01/ses-1/beh/sub-01_ses-1_task-gait_beh.mp4", "sub-01/ses-2/beh/sub-01_ses-2_task-gait_beh.mp4",
      "sub-02/ses-1/beh/sub-02_ses-1_task-gait_beh.mp4", "sub-02/ses-1/beh/sub-02_ses-1_task-tap_beh.mp4"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    fs::create_directories((dir / "in" / names[i]).parent_path());
    make_plain("in/" + names[i], std::to_string(64 + 16 * i) + "x48");
  }
  if (IsSkipped())
    return;
  cli::RunOptions o = batch();
  o.audit = dir / "audits";
  std::map<std::string, int> times;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    o.shard = archive::Shard{i, 3};
    EXPECT_EQ(run(o), cli::exit_ok);
    for (const auto& [output, status] : summary())
      times[output] += status == "done" ? 1 : 100;
  }
  EXPECT_EQ(times.size(), names.size());
  for (const std::string& name : names) {
    EXPECT_EQ(times[name], 1) << name;
    EXPECT_TRUE(fs::exists(dir / "out" / name));
    EXPECT_EQ(record(name).audit, name + ".jsonl");
  }
  EXPECT_TRUE(look(store).complete());
}

/// The record that a process leaves that was killed at its work.
FileState killed(const std::string& output, const std::string& options, bool replaces = false) {
  FileState s{.output = output, .status = Status::working, .claim = 1, .replaces = replaces};
  s.method = "mask";
  s.options = options;
  s.version = "0.2.0";
  s.begin({1, "node1", "", 100});
  return s;
}

TEST_F(KeeperTest, WhatAKilledProcessLeftIsTakenAway) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  auto o = batch();
  o.audit = dir / "audits";
  o.side_by_side = dir / "sides";
  fs::create_directories(dir / "audits");
  fs::create_directories(dir / "sides");
  save(killed("a.mp4", "x"));
  write(dir / "audits/a.mp4.jsonl", "an audit that got its name before the kill");
  write(dir / "audits/.a.mp4.jsonl.abcdef.part", "half");
  write(dir / "out/.a.mp4.123456.part", "half a video");
  write(dir / "out/.b.mp4.123456.part", "another file's");
  ASSERT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(record("a.mp4").status, Status::done);
  EXPECT_EQ(count_of(dir / "out/a.mp4"), 20U);
  EXPECT_FALSE(fs::exists(dir / "out/.a.mp4.123456.part"));
  EXPECT_FALSE(fs::exists(dir / "audits/.a.mp4.jsonl.abcdef.part"));
  EXPECT_TRUE(fs::exists(dir / "out/.b.mp4.123456.part"));
  EXPECT_EQ(record("a.mp4").attempts.size(), 2U);
}

TEST_F(KeeperTest, AResultThatAKilledProcessCompletedIsAdopted) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(batch()), cli::exit_ok);
  const FileState made = record("a.mp4");
  FileState s = killed("a.mp4", made.options);
  s.input = made.input;
  s.length = made.length;
  save(s);
  ASSERT_EQ(run(batch()), cli::exit_ok);
  EXPECT_EQ(summary()["a.mp4"], "skipped");
  const FileState now = record("a.mp4");
  EXPECT_EQ(now.status, Status::done);
  EXPECT_EQ(now.result, made.result);
  EXPECT_EQ(now.attempts.back().outcome, "done");
  ASSERT_EQ(run(batch()), cli::exit_ok);
  EXPECT_EQ(error_of("a.mp4"), "done before");
}

TEST_F(KeeperTest, AFileThatAnotherProcessHasIsLeftToIt) {
  make_plain("in/a.mp4");
  make_plain("in/b.mp4");
  if (IsSkipped())
    return;
  store.make_folder("a.mp4");
  save(killed("a.mp4", "x"));
  archive::Claims others;
  const auto claim = others.take(store.folder_of("a.mp4"), [] { return std::uint64_t{1}; });
  ASSERT_TRUE(std::holds_alternative<std::unique_ptr<archive::Claim>>(claim));
  EXPECT_EQ(run(batch()), cli::exit_ok);
  EXPECT_EQ(summary(), (std::map<std::string, std::string>{{"a.mp4", "busy"}, {"b.mp4", "done"}}));
  EXPECT_FALSE(fs::exists(dir / "out/a.mp4"));
  EXPECT_FALSE(look(store).complete());
}

TEST_F(KeeperTest, AFileOfADeadComputerIsTakenOver) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  save(killed("a.mp4", "x"));
  write(store.folder_of("a.mp4") / "lease-1",
        R"({"boot":"b","host":"node1","job":"","token":"t","beats":1,"frames":7,"total":20,"seconds":1})");
  auto o = batch();
  o.stale_after = 1;
  EXPECT_EQ(run(o), cli::exit_ok);
  EXPECT_EQ(record("a.mp4").status, Status::done);
  EXPECT_EQ(record("a.mp4").claim, 2U);
}

TEST_F(KeeperTest, AProcessThatWasTakenForDeadPublishesNothing) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  const fs::path folder = store.folder_of("a.mp4");
  std::jthread other([&] { // another computer takes the file over while this one works
    while (!fs::exists(folder / "lease-1"))
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    write(folder / "lease-2", "");
  });
  auto o = batch();
  o.audit = dir / "audits";
  EXPECT_EQ(cli::run_command(o, stand_in_that("sleep-time=20000")), cli::exit_failed);
  EXPECT_THAT(error_of("a.mp4"), HasSubstr("took this file over"));
  EXPECT_FALSE(fs::exists(dir / "out/a.mp4"));
  EXPECT_TRUE(fs::is_empty(dir / "audits"));
  EXPECT_NE(record("a.mp4").status, Status::failed) << "the record is the other's";
  EXPECT_TRUE(fs::exists(folder / "lease-2"));
}

TEST_F(KeeperTest, APictureOfSuchAProcessIsNotPublishedEither) {
  make("in/a.png", "-f lavfi -i testsrc2=size=64x48 -frames:v 1");
  if (IsSkipped())
    return;
  const fs::path folder = store.folder_of("a.png");
  std::jthread other([&] {
    while (!fs::exists(folder / "lease-1"))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    write(folder / "lease-2", "");
  });
  EXPECT_EQ(cli::run_command(batch(), stand_in_that("sleep-time=1000000")), cli::exit_failed);
  EXPECT_THAT(error_of("a.png"), HasSubstr("took this file over"));
  EXPECT_FALSE(fs::exists(dir / "out/a.png"));
}

TEST_F(KeeperTest, RecordsThatCannotBeWrittenStopTheWorkBeforeItBegins) {
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  fs::create_directory(dir / "out");
  write(dir / "out/.deid", "a file where the folder should be");
  EXPECT_EQ(run(batch()), cli::exit_failed);
  EXPECT_FALSE(fs::exists(dir / "out/a.mp4"));
}

} // namespace
} // namespace deid::test
