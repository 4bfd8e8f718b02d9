// What is said about a batch, and its database.
#include "pipelines/deid/archive/database.hpp"
#include "pipelines/deid/archive/moments.hpp"
#include "pipelines/deid/archive/overview.hpp"
#include "pipelines/deid/failure.hpp"
#include "tests/support/schema.hpp"
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

namespace deid::archive {
namespace {
namespace fs = std::filesystem;
using test::read;
using test::Scratch;
using test::write;
using testing::HasSubstr;

/// Lines of an audit as elements/audit writes them.
const std::string audit =
    R"({"audit":2,"element":"mask0","version":"0.2.0","settings":{},"detector":"d"}
{"pts":0,"faces":[{"id":1,"box":[1,2,3,4],"score":0.9,"origin":"detected","treatment":"covered","done":"fill"}]}
{"pts":40000000,"faces":[{"id":1,"box":[1,2,3,4],"score":0.7,"origin":"detected","treatment":"covered","done":"fill"}]}
{"pts":80000000,"faces":[{"id":1,"box":[1,2,3,4],"score":0.8,"origin":"held","treatment":"covered","done":"fill"},{"id":2,"box":[5,6,7,8],"score":0.5,"origin":"body","treatment":"covered","done":"fill"}]}
{"pts":120000000,"faces":[],"doubt":"no-stamp","done":"cover-frame"}
{"pts":160000000,"faces":[{"id":1,"box":[1,2,3,4],"score":0.6,"origin":"detected","treatment":"swapped","target":"nobody-1","weight":0.5,"distance":0.71,"done":"swap"}]}
{"pts":200000000,"faces":[{"id":1,"box":[1,2,3,4],"score":0.6,"origin":"detected","treatment":"swapped","target":"nobody-1","distance":0.65,"done":"swap"}]}
{"summary":{}}
)";

struct Batch : testing::Test {
  const Scratch scratch{};
  const Store store{scratch.path() / "out"};

  FileState state(const std::string& output, Status status, std::uint64_t frames = 100) const {
    FileState s{.output = output, .audit = output + ".jsonl", .status = status, .claim = 1};
    s.method = "mask";
    s.options = "00";
    s.version = "0.2.0";
    s.length = {frames, 64, 48};
    if (status != Status::waiting)
      s.begin({1, "node1", "", 100});
    return s;
  }
  void save(const FileState& s) const {
    store.make_folder(s.output);
    store.save(s);
  }
  /// A result that is as its record says.
  void done(const std::string& output, std::uint64_t frames = 100, double seconds = 10) const {
    FileState s = state(output, Status::working, frames);
    fs::create_directories((store.out() / output).parent_path());
    write(store.out() / output, "result " + output);
    s.input = {"aa", 1, 2};
    s.result = print_of(store.out() / output);
    s.frames = frames;
    s.faces = 6;
    s.seconds = seconds;
    s.end(Status::done, 110, "");
    save(s);
  }
  void failed(const std::string& output) const {
    FileState s = state(output, Status::working, 0);
    s.end(Status::failed, 101, "The input is cut off.");
    save(s);
  }
  [[nodiscard]] std::map<std::string, std::string> statuses(const Looking& looking = {}) const {
    std::map<std::string, std::string> found;
    for (const Entry& entry : look(store, looking).entries)
      found[entry.state.output] = entry.status;
    return found;
  }
};

TEST_F(Batch, EveryStatusIsTold) {
  done("a.mp4");
  done("changed.mp4");
  write(store.out() / "changed.mp4", "something else");
  done("gone.mp4");
  fs::remove(store.out() / "gone.mp4");
  failed("f.mp4");
  save(state("killed.mp4", Status::working));
  save(state("w.mp4", Status::waiting));
  EXPECT_EQ(statuses(), (std::map<std::string, std::string>{{"a.mp4", "done"},
                                                            {"changed.mp4", "changed"},
                                                            {"f.mp4", "failed"},
                                                            {"gone.mp4", "missing"},
                                                            {"killed.mp4", "stopped"},
                                                            {"w.mp4", "waiting"}}));
  const Overview all = look(store);
  EXPECT_TRUE(all.amiss());
  EXPECT_FALSE(all.complete());
  const std::string text = to_text(all, false);
  EXPECT_THAT(text, HasSubstr("The input is cut off."));
  EXPECT_THAT(text, HasSubstr("1 failed, 1 changed, 1 missing, 1 stopped, 1 waiting, 1 done"));
  EXPECT_THAT(text, testing::Not(HasSubstr("a.mp4  done")));
  EXPECT_THAT(to_text(all, true), HasSubstr("a.mp4"));
}

TEST_F(Batch, ContentIsComparedOnRequest) {
  done("a.mp4");
  FileState lied = *store.load("a.mp4");
  lied.result.sha256 = std::string(64, '0'); // as if bits had rotted on the disk, which changes no time
  store.save(lied);
  EXPECT_EQ(statuses()["a.mp4"], "done");
  EXPECT_EQ(statuses({.content = true})["a.mp4"], "changed");
}

TEST_F(Batch, TheTimeLeftComesFromFrames) {
  done("a.mp4", 100, 10);
  save(state("b.mp4", Status::working, 1000));
  save(state("c.mp4", Status::waiting, 900));
  Claims claims({"boot", "node1", "5_2"}, {std::chrono::milliseconds(10), std::chrono::seconds(9)});
  auto taken = claims.take(store.folder_of("b.mp4"), [] { return std::uint64_t{1}; });
  auto& claim = std::get<std::unique_ptr<Claim>>(taken);
  claim->note(400, 1000);
  for (int i = 0; i < 200 && newest_lease(store.folder_of("b.mp4")).lease->frames == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Overview all = look(store);
  EXPECT_EQ(all.frames, 2000U);
  EXPECT_EQ(all.frames_done, 500U);
  EXPECT_DOUBLE_EQ(all.fps, 10) << "as measured on the file that is done, times one worker";
  EXPECT_DOUBLE_EQ(all.seconds_left, 150);
  EXPECT_EQ(progress_text(all), "1 of 3 files, 500 of 2000 frames, about 2 min 30 s left");
  EXPECT_THAT(to_text(all, false), HasSubstr("node1 (job 5_2)"));
}

TEST_F(Batch, AWorkerWithoutSignsCountsAsStopped) {
  save(state("b.mp4", Status::working));
  write(store.folder_of("b.mp4") / "lease-1",
        R"({"boot":"b","host":"node1","job":"","token":"t","beats":1,"frames":7,"total":100,"seconds":1})");
  EXPECT_EQ(statuses()["b.mp4"], "working");
  const timespec old[2]{{1000000000, 0}, {1000000000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, (store.folder_of("b.mp4") / "lease-1").c_str(), old, 0), 0);
  EXPECT_EQ(statuses()["b.mp4"], "stopped");
}

TEST_F(Batch, NothingAmissIsComplete) {
  done("a.mp4");
  FileState found = state("b.mp4", Status::waiting);
  found.status = Status::found;
  save(found);
  EXPECT_TRUE(look(store).complete());
  EXPECT_EQ(progress_text(look(store)), "2 of 2 files, 100 of 100 frames");
}

TEST_F(Batch, TheJsonIsAsItsSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  done("a.mp4");
  failed("f.mp4");
  save(state("w.mp4", Status::waiting));
  write(scratch.path() / "s.json", to_json(look(store)).dump());
  test::expect_schema("status", scratch.path() / "s.json");
  auto spoiled = nlohmann::json::parse(read(scratch.path() / "s.json"));
  spoiled["results"][0]["input"] = "Smith.mp4";
  write(scratch.path() / "s.json", spoiled.dump());
  test::expect_no_schema("status", scratch.path() / "s.json", "input");
}

TEST_F(Batch, MomentsAreRangesOfFramesThatAreAlike) {
  write(scratch.path() / "a.jsonl", audit);
  const auto all = moments_of(scratch.path() / "a.jsonl");
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].first, 0U);
  EXPECT_EQ(all[0].last, 1U);
  EXPECT_DOUBLE_EQ(all[0].end, .04);
  EXPECT_DOUBLE_EQ(all[0].score, .7) << "the least";
  EXPECT_EQ(all[1].origin, "held");
  EXPECT_EQ(all[2].face, 2U);
  EXPECT_EQ(all[3].reason, "no-stamp");
  EXPECT_EQ(all[3].treatment, "cover-frame");
  EXPECT_FALSE(all[3].face);
  EXPECT_EQ(all[4].first, 4U);
  EXPECT_EQ(all[4].last, 5U);
  EXPECT_EQ(all[4].target, "nobody-1");
  EXPECT_DOUBLE_EQ(*all[4].distance, .65) << "the least";
}

TEST_F(Batch, AnAuditThatIsNoneIsRefused) {
  write(scratch.path() / "a.jsonl", "");
  EXPECT_THROW(moments_of(scratch.path() / "a.jsonl"), std::runtime_error);
  write(scratch.path() / "a.jsonl", "{\"pts\":0}\n");
  EXPECT_THROW(moments_of(scratch.path() / "a.jsonl"), std::runtime_error);
  EXPECT_THROW(moments_of(scratch.path() / "none.jsonl"), std::runtime_error);
}

/// The database is read by Debian's own program, not by our code.
struct BatchDatabase : Batch {
  const fs::path file = scratch.path() / "batch.sqlite";
  void SetUp() override {
    if (std::system("command -v sqlite3 >/dev/null") != 0)
      GTEST_SKIP() << "sqlite3 is not installed; the database is read with it";
  }
  [[nodiscard]] std::string ask(const std::string& query) const {
    const fs::path answer = scratch.path() / "answer";
    const std::string line =
        "sqlite3 -readonly '" + file.string() + "' \"" + query + "\" > '" + answer.string() + "' 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0) << read(answer);
    return read(answer);
  }
};

TEST_F(BatchDatabase, HasARowAVideoAndARowAMoment) {
  done("sub-01/ses-1/a.mp4");
  done("b.mp4");
  failed("f.mp4");
  fs::create_directories(scratch.path() / "audits/sub-01/ses-1");
  write(scratch.path() / "audits/sub-01/ses-1/a.mp4.jsonl", audit);
  const auto skipped = write_database(file, look(store), scratch.path() / "audits");
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].output, "b.mp4");
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok\n");
  EXPECT_EQ(ask("SELECT output, status, faces, audited FROM video ORDER BY output"),
            "b.mp4|done|6|0\nf.mp4|failed||0\nsub-01/ses-1/a.mp4|done|6|1\n");
  EXPECT_EQ(
      ask("SELECT output, first_frame, last_frame, face, origin, treatment, reason, target, least_distance"
          " FROM moment JOIN video ON video.id = moment.video ORDER BY moment.id LIMIT 1 OFFSET 3"),
      "sub-01/ses-1/a.mp4|3|3|||cover-frame|no-stamp||\n");
  EXPECT_EQ(ask("SELECT count(*) FROM moment"), "5\n");
  EXPECT_EQ(ask("SELECT why FROM video WHERE status = 'failed'"), "The input is cut off.\n");
}

/// Every query of the page runs, and finds what it says.
TEST_F(BatchDatabase, AnswersTheQueriesOfItsPage) {
  done("a.mp4");
  failed("f.mp4");
  fs::create_directories(scratch.path() / "audits");
  write(scratch.path() / "audits/a.mp4.jsonl", audit);
  ASSERT_TRUE(write_database(file, look(store), scratch.path() / "audits").empty());
  std::istringstream page(read(std::string(DEID_SOURCE_DIR) + "/docs/archive.md"));
  int queries = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("    sqlite3 batch.sqlite \""))
      continue;
    const auto from = line.find('"') + 1, to = line.rfind('"');
    EXPECT_NE(ask(line.substr(from, to - from)), "") << line;
    ++queries;
  }
  EXPECT_GE(queries, 4);
}

TEST_F(BatchDatabase, ThatCannotBeWrittenIsAnError) {
  done("a.mp4");
  EXPECT_THROW(write_database(scratch.path() / "none" / "b.sqlite", look(store), {}), cli::Failure);
  EXPECT_THROW(write_database("/dev/full", look(store), {}), cli::Failure);
}

} // namespace
} // namespace deid::archive
