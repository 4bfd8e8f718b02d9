// Refusals and interruptions leave no files.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/run/run.hpp"
#include "pipelines/deid/run/stillness.hpp"
#include "tests/pipelines/clip.hpp"
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace deid::test {
namespace {

struct RunTest : ClipTest {
  void expect_refused(const cli::RunOptions& o, const std::string& word) {
    try {
      cli::run_file(o, "", stand_in);
      FAIL() << "not refused: " << word;
    } catch (const cli::Failure& e) {
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
      EXPECT_NE(e.code(), 0);
    }
  }
};

TEST_F(RunTest, TheInputIsNeverTheOutput) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  auto o = options(in, "in.mp4");
  o.overwrite = true;
  expect_refused(o, "is the input itself");
  std::filesystem::create_symlink(in, dir / "link.mp4");
  o.output = dir / "link.mp4";
  expect_refused(o, "is the input itself");
  o.output = dir / "." / "in.mp4";
  expect_refused(o, "is the input itself");
  o = options(in, "out.mp4");
  o.audit = in;
  o.overwrite = true;
  expect_refused(o, "is the input itself");
  o.audit = dir / "out.mp4";
  expect_refused(o, "two outputs");
}

TEST_F(RunTest, ExistingOutputsAreKept) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  std::ofstream(dir / "out.mp4") << "precious";
  expect_refused(options(in, "out.mp4"), "--overwrite");
  auto o = options(in, "out.mp4");
  o.overwrite = true;
  EXPECT_EQ(cli::run_file(o, "", stand_in).frames, 20U);
  EXPECT_EQ(times_of(o.output).size(), 20U);
}

TEST_F(RunTest, RefusesWhereNothingCanBeWritten) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  expect_refused(options(in, "no/such/out.mp4"), "does not exist");
  expect_refused(options(in, "out.txt"), "extension");
  auto o = options(in, "out.mp4");
  o.audit = dir / "no" / "audit.jsonl";
  expect_refused(o, "does not exist");
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
}

TEST_F(RunTest, ARunThatGivesNothingForLongIsGivenUp) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mp4");
  o.stall_after = 1;
  try {
    cli::run_file(o, "", stand_in_that("sleep-time=3000000")); // of every frame [us]
    FAIL() << "waited for a film that stands still";
  } catch (const cli::Failure& e) {
    EXPECT_NE(std::string(e.what()).find("Nothing moved for 1 s"), std::string::npos) << e.what();
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
}

TEST_F(RunTest, DamagedInputLeavesNothing) {
  const auto in = make(
      "in.mkv", "-f lavfi -i testsrc=duration=2:size=160x120:rate=25 -c:v libx264 -g 10 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  {
    std::fstream file(in, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<long>(std::filesystem::file_size(in));
    for (long at = size / 3; at < size * 2 / 3; at += 37) {
      file.seekp(at);
      file.put('\x5a');
    }
  }
  EXPECT_THROW(cli::run_file(options(in, "out.mp4"), "", stand_in), cli::Failure);
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mkv"}));
  auto o = options(in, "out.mp4");
  o.keep_going = true;
  const auto summary = cli::run_file(o, "", stand_in);
  EXPECT_GT(summary.frames, 0U);
  EXPECT_GE(count_of(o.output), 10U); // at least those before the damage
}

TEST_F(RunTest, KeepGoingEndsTheResultWithItsLastFrame) {
  const auto in = make("in.mp4", "-f lavfi -i testsrc=duration=2:size=160x120:rate=25 -c:v libx264 -g 10 "
                                 "-pix_fmt yuv420p -movflags +faststart");
  if (IsSkipped())
    return;
  { // the index stays whole, but no picture of the second half can be decoded
    std::fstream file(in, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<long>(std::filesystem::file_size(in));
    file.seekp(size * 2 / 3);
    file << std::string(static_cast<std::size_t>(size - size * 2 / 3), '\x5a');
  }
  EXPECT_THROW(cli::run_file(options(in, "out.mp4"), "", stand_in), cli::Failure);
  auto o = options(in, "out.mp4");
  o.keep_going = true;
  const auto summary = cli::run_file(o, "", stand_in);
  EXPECT_GT(summary.frames, 10U);
  EXPECT_LT(summary.frames, 50U);
  EXPECT_EQ(count_of(o.output), summary.frames);
  const double end = 1e-9 * static_cast<double>(summary.times.back());
  EXPECT_NEAR(std::stod(probe(o.output, "duration", "v:0")), end, .1);
}

TEST_F(RunTest, AnElementThatFailsLeavesNothing) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  cli::RunOptions o = options(in, "out.mp4");
  o.side_by_side = dir / "side.mp4";
  EXPECT_THROW(cli::run_file(o, "", stand_in_that("error-after=5")), cli::Failure);
  EXPECT_THROW(cli::run_file(o, "", {"no-such-element", "identity", "identity", true, {}}), cli::Failure);
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
}

TEST_F(RunTest, ALostFrameIsNoticed) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  try {
    cli::run_file(options(in, "out.mp4"), "", stand_in_that("drop-probability=0.5"));
    FAIL() << "lost frames were not noticed";
  } catch (const cli::Failure& e) {
    EXPECT_NE(std::string(e.what()).find("20 frames came in"), std::string::npos) << e.what();
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
}

TEST_F(RunTest, UnknownPropertiesAreRefused) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mp4");
  o.settings = {{"encoder", "no-such-property", "1"}};
  EXPECT_THROW(cli::run_file(o, "", stand_in), cli::Failure);
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
}

TEST_F(RunTest, InterruptsLeaveNothing) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // 20 frames of 200 ms each: the signal comes in the middle
    std::jthread killer([signal] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      kill(getpid(), signal);
    });
    auto o = options(in, "out.mp4");
    o.side_by_side = dir / "side.mp4";
    try {
      cli::run_file(o, "", stand_in_that("sleep-time=200000"));
      ADD_FAILURE() << "the signal did not stop the run";
    } catch (const cli::Failure& e) {
      EXPECT_EQ(e.code(), cli::exit_interrupted) << e.what();
    }
    EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4"}));
  }
}

TEST_F(RunTest, NohupMeansIt) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  const auto before = std::signal(SIGHUP, SIG_IGN);
  std::jthread hanger([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    kill(getpid(), SIGHUP);
  });
  EXPECT_EQ(cli::run_file(options(in, "out.mp4"), "", stand_in_that("sleep-time=60000")).frames, 20U);
  hanger.join();
  std::signal(SIGHUP, before);
}

TEST_F(RunTest, WhenTheVideoCannotBePublishedNothingIs) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mp4");
  o.side_by_side = dir / "side.mp4";
  std::jthread taker([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    std::ofstream(dir / "out.mp4") << "somebody else's";
  });
  EXPECT_THROW(cli::run_file(o, "", stand_in_that("sleep-time=100000")), cli::Failure);
  EXPECT_EQ(files(), (std::vector<std::string>{"in.mp4", "out.mp4"}));
  EXPECT_EQ(std::filesystem::file_size(dir / "out.mp4"), 15U);
}

TEST_F(RunTest, ACameraRecordsUntilItIsStopped) {
  if (!have("ffprobe"))
    GTEST_SKIP() << "ffprobe is not installed";
  for (const char* out : {"live.mp4", "live.mkv"}) {
    cli::RunOptions o;
    o.camera = "test";
    o.output = dir / out;
    o.quiet = true;
    o.stop_after = 1;
    const auto summary = cli::run_camera(o, stand_in);
    EXPECT_GT(summary.frames, 5U);
    EXPECT_GT(times_of(o.output).size(), 5U) << out;
  }
}

TEST_F(RunTest, InterruptEndsARecordingInOrder) {
  if (!have("ffprobe"))
    GTEST_SKIP() << "ffprobe is not installed";
  std::jthread killer([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
    kill(getpid(), SIGINT);
  });
  cli::RunOptions o;
  o.camera = "test";
  o.output = dir / "live.mkv";
  o.quiet = true;
  EXPECT_GT(cli::run_camera(o, stand_in).frames, 5U);
  EXPECT_GT(times_of(o.output).size(), 5U);
}

TEST_F(RunTest, DryRunWritesNothingAndCanBePasted) {
  const auto in = make_plain("my film.mp4");
  if (IsSkipped() || !have("gst-launch-1.0"))
    return;
  const std::string line = cli::dry_run(options(in, "my out.mp4"), stand_in);
  EXPECT_EQ(files(), (std::vector<std::string>{"my film.mp4"}));
  output_of(line + " >/dev/null 2>&1");
  EXPECT_EQ(times_of(dir / "my out.mp4").size(), 20U);
}

TEST(Plugin, IsLookedForBesideTheProgramOnly) {
  for (const auto& file : cli::plugin_candidates("/opt/x/bin/deid")) {
    EXPECT_TRUE(file.string().starts_with("/opt/x/")) << file;
    EXPECT_EQ(file.filename(), "libgstdeid.so");
  }
}

TEST(Stillness, CountsNoTimeInWhichTheProcessWasStopped) {
  using std::chrono::milliseconds, std::chrono::seconds;
  cli::Stillness stillness;
  cli::Stillness::Clock::time_point now{seconds(100)};
  EXPECT_EQ(stillness.since(now, 0), seconds(0)) << "the first question";
  for (int i = 0; i < 10; ++i)
    stillness.since(now += milliseconds(200), 0);
  EXPECT_EQ(stillness.since(now, 0), seconds(2));
  EXPECT_EQ(stillness.since(now += seconds(600), 0), seconds(3)) << "stopped for ten minutes";
  EXPECT_EQ(stillness.since(now += milliseconds(200), 1), seconds(0)) << "a frame came";
  EXPECT_EQ(stillness.since(now += milliseconds(200), 1), milliseconds(200));
}

} // namespace
} // namespace deid::test
