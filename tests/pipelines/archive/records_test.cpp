// The records of a batch as values: what is kept, what is decided by it, and what must not stand in it.
#include "pipelines/deid/archive/decide.hpp"
#include "pipelines/deid/archive/manifest.hpp"
#include "pipelines/deid/archive/shard.hpp"
#include "pipelines/deid/archive/store.hpp"
#include "pipelines/deid/failure.hpp"
#include "tests/support/schema.hpp"
#include <gmock/gmock.h>
#include <set>
#include <sys/stat.h>

namespace deid::archive {
namespace {
namespace fs = std::filesystem;
using test::read;
using test::Scratch;
using test::write;
using testing::HasSubstr;
using testing::Not;

FileState made() {
  FileState s{.output = "day1/a.mp4", .audit = "day1/a.mp4.jsonl", .status = Status::working, .claim = 3};
  s.method = "mask";
  s.options = "0123";
  s.version = "0.2.0";
  s.input = {"aa", 17, 1000};
  s.length = {20, 64, 48};
  s.begin({1, "node1", "12_3", 100});
  s.end(Status::failed, 110, "The input is cut off.");
  s.begin({3, "node2", "", 200});
  s.end(Status::done, 260, "");
  s.result = {"bb", 18, 900};
  s.frames = 20;
  s.faces = 5;
  s.seconds = 1.5;
  return s;
}

TEST(Record, IsReadAsItWasWritten) {
  const FileState state = made();
  EXPECT_EQ(state_in(to_text(state)), state);
  FileState odd{.output = "day1/\xff\x80.mp4"};
  EXPECT_EQ(state_in(to_text(odd)).output, odd.output) << "a name that is not UTF-8";
}

TEST(Record, IsAsItsSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  const Scratch scratch;
  for (const FileState& state : {made(), FileState{.output = "a.mp4"}, FileState{.output = "\xff.mp4"}}) {
    write(scratch.path() / "state.json", to_text(state));
    test::expect_schema("state", scratch.path() / "state.json");
  }
  write(scratch.path() / "state.json",
        R"({"state": 1, "output": "a", "status": "working", "claim": 1, "attempts": [],
    "input_name": "Smith.mp4"})");
  test::expect_no_schema("state", scratch.path() / "state.json", "input_name");
}

TEST(Record, KeepsTheLastAttemptsOnly) {
  FileState state{.output = "a.mp4"};
  for (std::uint64_t i = 1; i <= 30; ++i)
    state.begin({i, "node", "", 0});
  ASSERT_EQ(state.attempts.size(), 20U);
  EXPECT_EQ(state.attempts.back().claim, 30U);
}

TEST(Record, ThatIsDamagedIsRefusedByName) {
  const Scratch scratch;
  const Store store(scratch.path());
  store.add(made());
  write(store.folder_of("day1/a.mp4") / "state.json", "{\"state\": 1");
  try {
    (void)store.load("day1/a.mp4");
    FAIL() << "a damaged record was taken";
  } catch (const cli::Failure& e) {
    EXPECT_THAT(e.what(), HasSubstr("state.json is damaged"));
  }
}

TEST(Record, NamesNoInput) {
  const fs::path input = "/data/Smith, Jane/Smith 2019-03-04.mp4";
  const std::string said =
      "/data/Smith, Jane/Smith 2019-03-04.mp4: cannot be decoded; filesrc: 'Smith 2019-03-04.mp4' in "
      "/data/Smith, Jane; Smith 2019-03-04 of /out/P1.mp4";
  const std::string kept = without_names(said, input, "/out");
  EXPECT_THAT(kept, Not(HasSubstr("Smith")));
  EXPECT_THAT(kept, Not(HasSubstr("2019")));
  EXPECT_THAT(kept, HasSubstr("the input: cannot be decoded"));
  EXPECT_THAT(kept, HasSubstr("OUT/P1.mp4"));
  EXPECT_EQ(without_names("an old can a day", "a/b.mp4", "n"), "an old can the input's folder day")
      << "a short name is replaced as a word, not in words";
}

TEST(Records, AreForTheirOwnerOnlyAndHideNamesInTheirPaths) {
  const Scratch scratch;
  const Store store(scratch.path());
  store.save((store.make_folder("Smith.mp4"), FileState{.output = "Smith.mp4"}));
  for (const auto& entry : fs::recursive_directory_iterator(store.folder())) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("Smith")));
    EXPECT_EQ(fs::status(entry.path()).permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << entry.path();
  }
}

TEST(Records, AddKeepsWhatIsThere) {
  const Scratch scratch;
  const Store store(scratch.path());
  store.add(made());
  store.add(FileState{.output = "day1/a.mp4"});
  EXPECT_EQ(store.load("day1/a.mp4")->status, Status::done);
  EXPECT_EQ(store.all().size(), 1U);
  EXPECT_FALSE(store.load("day1/b.mp4"));
}

/// A file and what is remembered of it.
struct Prints : testing::Test {
  const Scratch scratch{};
  const fs::path file = scratch.path() / "a";
  bool touched = false;
};

TEST_F(Prints, NoticeAnotherContentOfTheSameSizeAndTime) {
  write(file, "one");
  const Print print = print_of(file);
  EXPECT_FALSE(differs(file, print, touched));
  EXPECT_FALSE(touched);
  const auto time = fs::last_write_time(file);
  write(file, "two");
  fs::last_write_time(file, time);
  EXPECT_TRUE(differs(file, print, touched)) << "the time of the inode changes with every write";
}

TEST_F(Prints, NoticeThatOnlyTheTimeChanged) {
  write(file, "one");
  const Print print = print_of(file);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(1));
  EXPECT_FALSE(differs(file, print, touched));
  EXPECT_TRUE(touched);
}

TEST_F(Prints, HoldTheHashThatEverybodyComputes) {
  write(file, "abc");
  EXPECT_EQ(print_of(file).sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
      << "FIPS 180-2, appendix B.1";
}

/// Facts of a run on a file that nobody touched.
Facts facts(bool exists, bool input_differs = false, bool result_differs = false) {
  return {.exists = exists,
          .options = "0123",
          .input_differs = [=](const Print&, bool&) { return input_differs; },
          .result_differs = [=](const Print&, bool&) { return result_differs; }};
}

FileState state_of(Status status, bool replaces = false) {
  FileState s = made();
  s.status = status;
  s.replaces = replaces;
  return s;
}

TEST(Decision, FollowsTheRecord) {
  const auto act = [](const std::optional<FileState>& state, const Facts& known) {
    const Decision d = decide(state, known);
    return std::pair(d.act, d.replace);
  };
  const std::pair run{Act::run, false}, again{Act::run, true}, skip{Act::skip, false},
      refuse{Act::refuse, false}, adopt{Act::adopt, false};
  EXPECT_EQ(act(std::nullopt, facts(false)), run);
  EXPECT_EQ(act(std::nullopt, facts(true)), skip) << "made before there were records";
  EXPECT_EQ(act(state_of(Status::waiting), facts(false)), run);
  EXPECT_EQ(act(state_of(Status::failed), facts(false)), run);
  EXPECT_EQ(act(state_of(Status::stopped), facts(false)), run);
  EXPECT_EQ(act(state_of(Status::done), facts(true)), skip);
  EXPECT_EQ(act(state_of(Status::done), facts(false)), run) << "the result was removed";
  EXPECT_EQ(act(state_of(Status::done), facts(true, true)), again) << "the input changed";
  EXPECT_EQ(act(state_of(Status::done), facts(true, false, true)), refuse) << "the result was changed";
  EXPECT_EQ(act(state_of(Status::done), facts(true, true, true)), refuse)
      << "a person's work is not overwritten";
  EXPECT_EQ(act(state_of(Status::working), facts(false)), run) << "killed before the result";
  EXPECT_EQ(act(state_of(Status::working), facts(true)), adopt) << "killed after the result";
  EXPECT_EQ(act(state_of(Status::working, true), facts(true)), again)
      << "killed; the result may be the old one";
  Facts other = facts(true);
  other.options = "4567";
  EXPECT_EQ(act(state_of(Status::done), other), refuse) << "a blur must not pass for a mask";
  EXPECT_EQ(act(state_of(Status::working), other), refuse);
  Facts overwrite = facts(true, false, true);
  overwrite.overwrite = true;
  EXPECT_EQ(act(state_of(Status::done), overwrite), again);
}

TEST(Shards, ArePartsOfTheWholeByContentAlone) {
  const Scratch scratch;
  std::set<std::uint32_t> used;
  for (int i = 0; i < 60; ++i) {
    const fs::path file = scratch.path() / std::to_string(i);
    write(file, "content " + std::to_string(i));
    const std::uint32_t shard = shard_of(file, 4);
    ASSERT_GE(shard, 1U);
    ASSERT_LE(shard, 4U);
    used.insert(shard);
    const fs::path renamed = scratch.path() / ("renamed" + std::to_string(i));
    fs::rename(file, renamed);
    EXPECT_EQ(shard_of(renamed, 4), shard);
  }
  EXPECT_EQ(used.size(), 4U);
}

TEST(Shards, AreReadFromTheCommandLine) {
  const Shard shard = shard_in("2/8");
  EXPECT_EQ(shard.index, 2U);
  EXPECT_EQ(shard.of, 8U);
  for (const char* wrong : {"", "2", "0/8", "9/8", "2/", "/8", "a/8", "2/8/1", "-1/8", "2/8 "})
    EXPECT_THROW(shard_in(wrong), cli::Failure) << wrong;
}

TEST(Shards, APlanIsReadAsItWasWritten) {
  const Scratch scratch;
  const Plan plan{{"aa", 1}, {"bb", 7}};
  write(scratch.path() / "plan.csv", to_text(plan));
  EXPECT_EQ(read_plan(scratch.path() / "plan.csv"), plan);
  write(scratch.path() / "plan.csv", "shard,record\nx,aa\n");
  EXPECT_THROW(read_plan(scratch.path() / "plan.csv"), cli::Failure);
  EXPECT_THROW(read_plan(scratch.path() / "none.csv"), cli::Failure);
}

struct Manifests : testing::Test {
  const Scratch scratch{};
  const fs::path file = scratch.path() / "list.csv";
  std::vector<Row> rows(const std::string& text) {
    write(file, text);
    return read_manifest(file);
  }
  std::string refusal(const std::string& text) {
    try {
      rows(text);
    } catch (const cli::Failure& e) {
      EXPECT_EQ(e.code(), cli::exit_usage);
      return e.what();
    }
    ADD_FAILURE() << "taken: " << text;
    return "";
  }
};

TEST_F(Manifests, AreReadWithQuotesAnyOrderAndMarkOfEncoding) {
  const auto all = rows("\xef\xbb\xbfoutput,input,method,options\r\n"
                        "P1/v.mp4,\"Smith, Jane.mp4\",mask,\"--margin 0.2 --label \"\"not real\"\"\"\r\n"
                        "\r\n# a remark\r\n"
                        ",/data/b.mp4,,\r\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].input, scratch.path() / "Smith, Jane.mp4");
  EXPECT_EQ(all[0].output, "P1/v.mp4");
  EXPECT_EQ(all[0].method, "mask");
  EXPECT_EQ(all[0].options, "--margin 0.2 --label \"not real\"");
  EXPECT_EQ(all[1].input, "/data/b.mp4");
  EXPECT_EQ(all[1].output, "b.mp4");
  EXPECT_EQ(all[1].line, 5U);
}

TEST_F(Manifests, SayWhoIsInAFile) {
  const auto all = rows("input,output,subject\na.mp4,a.mp4,P1\nb.mp4,b.mp4,\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].subject, "P1");
  EXPECT_EQ(all[1].subject, "");
}

TEST_F(Manifests, ThatWouldWriteElsewhereAreRefusedWithTheLine) {
  for (const char* output : {"/etc/a.mp4", "../a.mp4", "a/../../b.mp4", ".deid/a.mp4", ".", "a/"})
    EXPECT_THAT(refusal("input,output\nx.mp4,ok.mp4\ny.mp4," + std::string(output) + "\n"),
                HasSubstr("line 3"))
        << output;
}

TEST_F(Manifests, ThatAreNoTableAreRefused) {
  EXPECT_THAT(refusal("input\nx.mp4\n"), HasSubstr("needs the columns input and output"));
  EXPECT_THAT(refusal("input,output,patient\nx,y,z\n"), HasSubstr("patient"));
  EXPECT_THAT(refusal("input,output\nx.mp4\n"), HasSubstr("columns"));
  EXPECT_THAT(refusal("input,output\n"), HasSubstr("no row"));
  EXPECT_THAT(refusal(""), HasSubstr("columns"));
  EXPECT_THAT(refusal("input,output\n,y.mp4\n"), HasSubstr("input is empty"));
  EXPECT_THROW(read_manifest(scratch.path() / "none.csv"), cli::Failure);
}

} // namespace
} // namespace deid::archive
