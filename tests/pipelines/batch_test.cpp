#include "pipelines/deid/archive/store.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "tests/pipelines/clip.hpp"
#include <fstream>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

struct BatchTest : ClipTest {
  cli::RunOptions batch(const std::string& in, const std::string& out) {
    auto o = options(dir / in, out);
    return o;
  }
  void touch(const fs::path& file) {
    if (file.has_parent_path())
      fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
  }
  nlohmann::json json(const char* name) {
    std::ifstream in(dir / name);
    return nlohmann::json::parse(in);
  }
};

TEST_F(BatchTest, PlanMirrorsTheTree) {
  touch(dir / "in" / "a.mp4");
  touch(dir / "in" / "day1" / "a.mpg");
  touch(dir / "in" / "day1" / "a.MKV");
  touch(dir / "in" / "notes.txt");
  auto o = batch("in", "out");
  o.audit = dir / "audit";
  const auto items = cli::plan_batch(o);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0].output, dir / "out" / "a.mp4");
  EXPECT_EQ(items[0].audit, dir / "audit" / "a.mp4.jsonl");
  EXPECT_EQ(items[1].output, dir / "out" / "day1" / "a.MKV");
  EXPECT_EQ(items[2].output, dir / "out" / "day1" / "a.mpg.mp4");
}

TEST_F(BatchTest, OutputsInsideTheInputAreNoInputs) {
  touch(dir / "in" / "a.mp4");
  touch(dir / "in" / "done" / "b.mp4");
  EXPECT_EQ(cli::plan_batch(batch("in", "in/done")).size(), 1U);
}

TEST_F(BatchTest, TwoInputsNeverShareAnOutput) {
  touch(dir / "x" / "a.mp4");
  touch(dir / "y" / "a.mp4");
  auto o = options(dir / "x" / "a.mp4", "out");
  o.inputs.push_back(dir / "y" / "a.mp4");
  EXPECT_THROW(cli::plan_batch(o), cli::Failure);
}

TEST_F(BatchTest, ABookNeedsASubjectInEachRowAndLiesElsewhere) {
  touch(dir / "in" / "a.mp4");
  auto o = batch("in", "out");
  o.method = cli::Method::swap;
  o.inputs.clear();
  o.manifest = dir / "list.csv";
  const auto code = [&](const std::string& subject, const fs::path& book) {
    std::ofstream(o.manifest) << "input,output,subject\nin/a.mp4,a.mp4," << subject << "\n";
    o.subjects = book;
    return cli::run_command(o, stand_in);
  };
  EXPECT_EQ(code("", dir / "book.json"), cli::exit_usage) << "nobody knows whose face";
  EXPECT_EQ(code("P1", dir / "out" / "book.json"), cli::exit_usage)
      << "it would be passed on with the results";
  EXPECT_EQ(code("P1", ""), cli::exit_usage) << "a subject without a book";
  EXPECT_FALSE(fs::exists(dir / "out" / "a.mp4"));
}

TEST_F(BatchTest, AnInputIsNeverAnOutput) {
  touch(dir / "in" / "a.mp4");
  touch(dir / "in" / "b.mp4");
  auto o = options(dir / "in" / "a.mp4", "in");
  o.inputs.push_back(dir / "in" / "b.mp4");
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_usage) << "and is not said to be done already";
}

TEST_F(BatchTest, WhatAnotherRunLeftIsNotTakenAway) {
  fs::create_directory(dir / "in");
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  auto o = batch("in", "first");
  o.audit = dir / "audits";
  touch(dir / "audits" / "a.mp4.jsonl");
  touch(".csv");
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_failed);
  EXPECT_EQ(fs::file_size(dir / "audits" / "a.mp4.jsonl"), 1U);
  EXPECT_TRUE(fs::exists(".csv"));
  EXPECT_FALSE(fs::exists(dir / "first" / "a.mp4"));
  fs::remove(".csv");
}

TEST_F(BatchTest, TheSameCommandAgainReplacesItsSummary) {
  fs::create_directory(dir / "in");
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  auto o = batch("in", "out");
  o.json_summary = dir / "s.json";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_ok);
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_ok);
  EXPECT_EQ(json("s.json")[0]["status"], "skipped");
  fs::remove_all(dir / "out");
  std::ofstream(dir / "s.json") << "{\"mine\": 1}";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_failed) << "somebody else's file";
  EXPECT_FALSE(fs::exists(dir / "out" / "a.mp4")) << "said before the work, not after it";
}

TEST_F(BatchTest, VideosAreFoundByNameOrByContent) {
  fs::create_directory(dir / "in");
  const std::string test_picture = "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -pix_fmt yuv420p ";
  const std::pair<const char*, const char*> rows[] = {{"a.asf", "-c:v wmv2"},
                                                      {"b.MOD", "-c:v mpeg2video -f vob"},
                                                      {"c.3g2", "-c:v mpeg4"},
                                                      {"d.h264", "-c:v libx264"},
                                                      {"e.m2v", "-c:v mpeg2video"},
                                                      {"f.m1v", "-c:v mpeg1video"},
                                                      {"g.tod", "-c:v mpeg2video -f mpegts"},
                                                      {"h.mts", "-c:v libx264 -f mpegts"},
                                                      {"i.qt", "-c:v mjpeg -f mov"},
                                                      {"j.divx", "-c:v mpeg4 -f avi"},
                                                      {"k.ogv", "-c:v libtheora"},
                                                      {"l.hevc", "-c:v libx265"},
                                                      {"m", "-c:v libx264 -f mp4"},
                                                      {"n.bak", "-c:v libx264 -f matroska"}};
  for (const auto& [name, arguments] : rows)
    make(std::string("in/") + name, test_picture + arguments);
  if (IsSkipped())
    return;
  auto o = batch("in", "out");
  o.json_summary = dir / "s.json";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_ok);
  const auto j = json("s.json");
  ASSERT_EQ(j.size(), std::size(rows));
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_EQ(j[i]["input"], (dir / "in" / rows[i].first).string());
    EXPECT_EQ(j[i]["status"], "done") << j[i].dump();
    EXPECT_EQ(count_of(dir / "out" / (std::string(rows[i].first) + ".mp4")), 10U) << rows[i].first;
  }
}

TEST_F(BatchTest, WhatIsLeftOutIsNamedWithItsReason) {
  fs::create_directory(dir / "in");
  fs::create_directory(dir / "elsewhere");
  make_plain("in/a.mp4");
  make("in/music.mp4.ts", "-f lavfi -i sine=duration=0.5 -f wav");
  if (IsSkipped())
    return;
  touch(dir / "in" / "notes.txt");
  fs::create_directory_symlink(dir / "elsewhere", dir / "in" / "link");
  fs::create_symlink(dir / "nowhere.mp4", dir / "in" / "gone.mp4");
  auto o = batch("in", "out");
  o.json_summary = dir / "s.json";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_ok);
  const auto j = json("s.json");
  ASSERT_EQ(j.size(), 4U);
  EXPECT_EQ(j[0]["status"], "done");
  const std::pair<const char*, const char*> rows[] = {
      {"gone.mp4", "nowhere"}, {"link", "link to a folder"}, {"music.mp4.ts", "holds audio/"}};
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_EQ(j[i + 1]["input"], (dir / "in" / rows[i].first).string());
    EXPECT_EQ(j[i + 1]["status"], "left out");
    EXPECT_NE(j[i + 1]["error"].get<std::string>().find(rows[i].second), std::string::npos) << j[i + 1];
  }
}

TEST_F(BatchTest, NoVideoIsAnError) {
  touch(dir / "in" / "notes.txt");
  EXPECT_NE(cli::run_command(batch("in", "out"), stand_in), 0);
}

TEST_F(BatchTest, GoesOnAfterAFailureAndResumes) {
  fs::create_directory(dir / "in");
  make_plain("in/a.mp4");
  make_plain("in/c.mkv");
  if (IsSkipped())
    return;
  touch(dir / "in" / "b.mp4"); // no video
  auto o = batch("in", "out");
  o.json_summary = dir / "first.json";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_failed);
  auto j = json("first.json");
  ASSERT_EQ(j.size(), 3U);
  EXPECT_EQ(j[0]["status"], "done");
  EXPECT_EQ(j[0]["frames"], 20);
  EXPECT_EQ(j[1]["status"], "failed");
  EXPECT_NE(j[1]["error"], "");
  EXPECT_EQ(j[2]["status"], "done");
  EXPECT_FALSE(fs::exists(dir / "out" / "b.mp4"));

  fs::remove(dir / "in" / "b.mp4");
  make_plain("in/b.mp4");
  const auto before = fs::last_write_time(dir / "out" / "a.mp4");
  o.json_summary = dir / "second.json";
  EXPECT_EQ(cli::run_command(o, stand_in), cli::exit_ok);
  j = json("second.json");
  EXPECT_EQ(j[0]["status"], "skipped");
  EXPECT_EQ(j[1]["status"], "done");
  EXPECT_EQ(j[2]["status"], "skipped");
  EXPECT_EQ(fs::last_write_time(dir / "out" / "a.mp4"), before);
}

TEST_F(BatchTest, ResultsWithoutRecordsAreLeftAsTheyAre) {
  fs::create_directory(dir / "in");
  make_plain("in/a.mp4");
  if (IsSkipped())
    return;
  touch(dir / "out" / "a.mp4");
  EXPECT_EQ(cli::run_command(batch("in", "out"), stand_in), cli::exit_ok);
  EXPECT_EQ(fs::file_size(dir / "out" / "a.mp4"), 1U) << "made by an older version";
  const auto record = archive::Store(dir / "out").load("a.mp4");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->status, archive::Status::found);
}

TEST_F(BatchTest, OutputMustBeADirectory) {
  touch(dir / "in" / "a.mp4");
  touch(dir / "file");
  EXPECT_EQ(cli::run_command(batch("in", "file"), stand_in), cli::exit_usage);
  EXPECT_EQ(cli::run_command(batch("in", "in/a.mp4"), stand_in), cli::exit_usage);
}

TEST_F(BatchTest, OneFileGivesOneObject) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mp4");
  o.json_summary = dir / "s.json";
  EXPECT_EQ(cli::run_command(o, stand_in), 0);
  const auto j = json("s.json");
  EXPECT_EQ(j["frames"], 20);
  EXPECT_EQ(j["audio"], "none");
  EXPECT_GT(j["cpu_seconds_per_frame"], 0.0);
}

} // namespace
} // namespace deid::test
