// `deid evaluate` as a user runs it, with the real elements, on a few frames.
#include "tests/support/program.hpp"
#include <chrono>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

struct EvaluateCommand : ProgramTest {
  void SetUp() override {
    const fs::path whole = whole_clip();
    if (whole.empty())
      GTEST_SKIP() << "the clip that set-up fetches, or ffmpeg, is not there";
    fs::create_directory(file("in"));
    make("in/a.mp4", whole, "-frames:v 8");
    make("in/b.mkv", whole, "-ss 1 -frames:v 6");
  }
  /// Starts it and kills it, as by `kill -9`, when this file exists.
  void kill_when(const fs::path& appeared, const std::vector<std::string>& arguments) const {
    const pid_t child = fork();
    if (child == 0) {
      std::vector<char*> argv{const_cast<char*>(DEID_PROGRAM)};
      for (const std::string& one : arguments)
        argv.push_back(const_cast<char*>(one.c_str()));
      argv.push_back(nullptr);
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      if (chdir(scratch.path().c_str()) == 0)
        execv(argv[0], argv.data());
      _exit(127);
    }
    int status = 0;
    while (!fs::exists(appeared) && waitpid(child, &status, WNOHANG) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ASSERT_TRUE(fs::exists(appeared));
  }
  [[nodiscard]] json report(const std::string& folder) const {
    return json::parse(read(file(folder) / "report.json"));
  }
};

TEST_F(EvaluateCommand, GivesAReportAndGoesOnWhereItWas) {
  const Said first = deid("evaluate in --interval 1 --methods mask,blur --out out -q");
  ASSERT_EQ(first.status, 0) << first.err;
  for (const char* name : {"report.html", "report.json", "table1.csv", "table2.csv", "attacks.csv",
                           "movement.csv", "leaks.csv", "audit.csv"})
    EXPECT_TRUE(fs::exists(file("out") / name)) << name;
  const json r = report("out");
  EXPECT_EQ(r["videos"].size(), 2U);
  EXPECT_EQ(r["people"]["count"], 1);
  EXPECT_EQ(r["table2"]["mask"]["counts"]["frames"], 14);
  EXPECT_EQ(r["table2"]["reencoded"]["counts"]["frames"], 14);
  EXPECT_EQ(r["table1"]["blur"]["everybody"]["faces"], 14);
  EXPECT_EQ(r["leaks"]["mask"]["frames"], 14);
  EXPECT_EQ(r["leaks"]["mask"]["risky_faces"], 0);
  EXPECT_EQ(r["audit"]["mask"]["all"]["covered"], 14);
  EXPECT_EQ(r["trouble"].size(), 0U);
  for (const auto& entry : fs::directory_iterator(file("out") / "raw"))
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
        << entry.path();

  const fs::path kept = file("out") / "units" / "a.mp4.mask.json",
                 gone = file("out") / "units" / "b.mkv.blur.json";
  const auto before = fs::last_write_time(kept);
  fs::remove(gone);
  const Said again = deid("evaluate in --interval 1 --methods mask,blur --out out -q");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(fs::last_write_time(kept), before);
  EXPECT_TRUE(fs::exists(gone));
  for (const char* figures : {"table1", "table2", "attacks", "roc", "leaks", "audit", "tsne", "movement"})
    EXPECT_EQ(report("out")[figures].dump(), r[figures].dump()) << figures; // same input, same figures
}

TEST_F(EvaluateCommand, ATrimmedVideoIsEvaluatedWhole) {
  const std::string line =
      "cd '" + scratch.path().string() +
      "' && ffmpeg -nostdin -v error -i in/a.mp4 -c:v libx264 -g 30 -bf 0 long.mp4 && ffmpeg -nostdin -v "
      "error -ss 0.1 -i long.mp4 -c copy cut.mp4 && ffprobe -v error -count_frames -select_streams v "
      "-show_entries stream=nb_read_frames -of csv=p=0 cut.mp4 >count";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const int frames = std::stoi(read(file("count")));
  ASSERT_GT(frames, 2);
  ASSERT_LT(frames, 8);
  const Said done = deid("evaluate cut.mp4 --methods mask --out out -q --no-face --no-leaks");
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(report("out")["table2"]["mask"]["counts"]["frames"], frames);
  EXPECT_EQ(report("out")["table2"]["reencoded"]["counts"]["frames"], frames);
}

TEST_F(EvaluateCommand, SurvivesBeingKilledBetweenUnits) {
  const fs::path first = file("out") / "units" / "a.mp4.mask.json";
  kill_when(first, {"evaluate", "in", "--methods", "mask", "--out", "out", "-q", "--no-face", "--no-leaks"});
  EXPECT_FALSE(fs::exists(file("out") / "report.html"));
  const auto before = fs::last_write_time(first);
  const Said again = deid("evaluate in --methods mask --out out -q --no-face --no-leaks");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(fs::last_write_time(first), before);
  EXPECT_EQ(report("out")["table2"]["mask"]["counts"]["frames"], 14);
  for (const auto& entry : fs::directory_iterator(file("out")))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".work-")) << entry.path();
}

TEST_F(EvaluateCommand, OneBadVideoDoesNotStopTheOthers) {
  write(file("in") / "bad.mp4", "not a video");
  const Said said_so = deid("evaluate in --methods mask --out out -q --no-face --no-leaks");
  EXPECT_EQ(said_so.status, 1);
  EXPECT_THAT(said_so.err, HasSubstr("bad.mp4"));
  const json r = report("out");
  EXPECT_EQ(r["trouble"].size(), 2U); // mask and re-encoding
  EXPECT_EQ(r["table2"]["mask"]["counts"]["frames"], 14);
  EXPECT_THAT(read(file("out") / "report.html"), HasSubstr("Some results are missing"));
}

TEST_F(EvaluateCommand, WhatWasNotLookedForIsNotSaidToBeFine) {
  const Said done = deid("evaluate in/a.mp4 --methods mask --out out -q --no-face --no-leaks");
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_FALSE(json::parse(read(file("out") / "units" / "a.mp4.mask.json")).contains("leaks"));
  EXPECT_EQ(report("out")["leaks"]["mask"]["frames"], 0);
  const std::string html = read(file("out") / "report.html");
  EXPECT_THAT(html, HasSubstr("Results were not searched for faces that left unchanged."));
  EXPECT_THAT(html, HasSubstr("not looked for<"));
  EXPECT_THAT(html, Not(HasSubstr("independent detector saw")));
}

double apart(const json& a, const json& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::pow(a[i].get<double>() - b[i].get<double>(), 2);
  return std::sqrt(sum);
}

TEST_F(EvaluateCommand, TheTargetIsTheOneThatIsWorn) {
  const fs::path made = fs::path(DEID_DEPS_DIR) / "targets" / "nobody-2.json";
  if (!fs::exists(made))
    GTEST_SKIP() << "set-up has not made " << made;
  json target = json::parse(read(made));
  target["name"] = "nobody-1"; // the bank of set-up has another target of this name
  fs::create_directory(file("bank"));
  write(file("bank") / "x.json", target.dump());
  const Said done =
      deid("evaluate in/a.mp4 --methods swap --target-bank bank --out out -q --no-face --no-leaks");
  ASSERT_EQ(done.status, 0) << done.err;
  std::istringstream lines(read(file("out") / "raw" / "a.mp4.swap.identity.jsonl"));
  std::string line;
  std::getline(lines, line);
  std::size_t worn = 0;
  while (std::getline(lines, line)) {
    const json face = json::parse(line);
    if (face["target"] != "nobody-1")
      continue;
    ++worn;
    EXPECT_NEAR(face["d_target"].get<double>(), apart(face["deidentified"], target["descriptor"]), 1e-6);
  }
  EXPECT_GT(worn, 0U);
  EXPECT_EQ(report("out")["table1"]["swap"]["everybody"]["to_average_target"]["n"], worn);
}

TEST_F(EvaluateCommand, OriginalPicturesGoWithTheOptionThatKeptThem) {
  const auto originals = [&] {
    std::size_t n = 0;
    for (const auto& entry : fs::directory_iterator(file("out") / "pictures"))
      n += entry.path().filename().string().find("original-") != std::string::npos ? 1 : 0;
    return n;
  };
  const std::string line = "evaluate in/a.mp4 --methods mask --out out -q --no-face --no-leaks";
  ASSERT_EQ(deid(line + " --include-originals").status, 0);
  EXPECT_GT(originals(), 0U);
  EXPECT_THAT(read(file("out") / "report.html"), HasSubstr("This report shows original faces."));
  const Said again = deid(line);
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(originals(), 0U);
}

TEST_F(EvaluateCommand, WhatDeidMeasureWroteIsNotWrittenOver) {
  ASSERT_EQ(deid("measure in/a.mp4 in/a.mp4 --out figures -q --no-face").status, 0);
  const std::string before = read(file("figures") / "report.json");
  const Said refused = deid("evaluate in/a.mp4 --methods mask --out figures -q --no-face --no-leaks");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("report.json was not written by deid evaluate"));
  EXPECT_EQ(read(file("figures") / "report.json"), before);
  EXPECT_FALSE(fs::exists(file("figures") / "units"));
}

TEST_F(EvaluateCommand, RefusesWhatMakesNoSense) {
  EXPECT_EQ(deid("evaluate in --methods mask,vanish --out out").status, 2);
  EXPECT_THAT(deid("evaluate in --methods vanish --out out").err, HasSubstr("--methods accepts"));
  EXPECT_EQ(deid("evaluate in --methods mask,mask --out out").status, 2);
  EXPECT_EQ(deid("evaluate --out out").status, 2);
  fs::create_directory(file("empty"));
  EXPECT_EQ(deid("evaluate empty --out out").status, 1);
  EXPECT_EQ(deid("evaluate in --people none.csv --out out").status, 1);
  EXPECT_EQ(deid("evaluate in --people folder --out none").status, 2);
  write(file("who.csv"), "a,Anna\nc,Carl\n");
  const Said list = deid("evaluate in --people who.csv --out none");
  EXPECT_EQ(list.status, 2);
  EXPECT_THAT(list.err, HasSubstr("is none of these videos"));
  EXPECT_FALSE(fs::exists(file("none")));
  EXPECT_FALSE(fs::exists(file("out") / "report.html"));
  const Said dry = deid("evaluate in/a.mp4 --methods swap,mask --out out --dry-run");
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("deidfaceswap name=cover-swap"));
  EXPECT_THAT(dry.out, HasSubstr("reencoder"));
}

} // namespace
} // namespace deid::test
