// What deid slurm plans and writes; slurm_test.py runs it on a real Slurm.
#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/slurm/cost.hpp"
#include "pipelines/deid/slurm/options.hpp"
#include "pipelines/deid/slurm/script.hpp"
#include "pipelines/deid/slurm/shards.hpp"
#include "tests/support/scratch.hpp"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::cli {
namespace {
using testing::HasSubstr;
using testing::Not;

Parsed parsed(std::vector<const char*> line) {
  line.insert(line.begin(), {"deid", "slurm"});
  return parse_options(static_cast<int>(line.size()), line.data());
}

TEST(SlurmOptions, LimitsAreReadAsSbatchReadsThem) {
  EXPECT_EQ(seconds_of("90"), 5400);
  EXPECT_EQ(seconds_of("90:30"), 5430);
  EXPECT_EQ(seconds_of("1:30:00"), 5400);
  EXPECT_EQ(seconds_of("1-6"), 108000);
  EXPECT_EQ(seconds_of("1-6:30"), 109800);
  EXPECT_EQ(seconds_of("1-6:30:10"), 109810);
  for (const char* wrong : {"", "a", "1:2:3:4", "1-", "-1", "0", "1:", "1.5", "1-2-3"})
    EXPECT_THROW(seconds_of(wrong), Failure) << wrong;
}

TEST(SlurmOptions, ATaskGetsTheWordsOfRun) {
  const Parsed p = parsed({"in", "--account", "neuro", "-o", "out", "--method", "mask", "--time=4:00:00",
                           "--mem", "2G", "--label", "not real", "--submit", "--sbatch=--qos=low"});
  ASSERT_EQ(p.command, Command::slurm) << p.text;
  EXPECT_EQ(p.slurm.words,
            (std::vector<std::string>{"in", "-o", "out", "--method", "mask", "--label", "not real"}));
  EXPECT_EQ(p.slurm.run.method, Method::mask);
  EXPECT_EQ(p.slurm.seconds, 14400);
  EXPECT_TRUE(p.slurm.submit);
  EXPECT_EQ(p.slurm.more, std::vector<std::string>{"--qos=low"});
}

TEST(SlurmOptions, WhatNoTaskCanHaveIsRefused) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> rows{
      {{"in", "-o", "out", "--time", "9", "--overwrite"}, "starts again"},
      {{"in", "-o", "out", "--time", "9", "--shard", "1/2"}, "makes the parts itself"},
      {{"in", "-o", "out", "--time", "9", "--json-summary", "s.json"}, "over each other"},
      {{"in", "-o", "out", "--time", "x"}, "limit"},
      {{"in", "-o", "out"}, "--time is required"},
      {{"--camera", "test", "-o", "out.mkv", "--time", "9"}, "camera"}};
  for (const auto& [line, why] : rows) {
    const Parsed p = parsed(line);
    EXPECT_EQ(p.command, Command::none) << why;
    EXPECT_EQ(p.exit_code, exit_usage);
    EXPECT_THAT(p.text, HasSubstr(why));
  }
}

TEST(SlurmShards, AreFullAlikeAndHoldEveryFileOnce) {
  std::vector<Load> loads;
  double total = 0;
  for (int i = 0; i < 200; ++i) {
    loads.push_back({"record" + std::to_string(i), 10.0 + (i * 37) % 100});
    total += loads.back().seconds;
  }
  const Packing packing = pack(loads, 600, 1000);
  EXPECT_EQ(packing.shards, static_cast<std::uint32_t>(std::ceil(total / 600)));
  EXPECT_EQ(packing.plan.size(), loads.size());
  std::map<std::uint32_t, double> full;
  for (const Load& load : loads)
    full[packing.plan.at(load.record)] += load.seconds;
  EXPECT_EQ(full.size(), packing.shards);
  EXPECT_DOUBLE_EQ(packing.total, total);
  const double fair = total / packing.shards;
  for (const auto& [shard, seconds] : full) {
    EXPECT_GE(shard, 1U);
    EXPECT_LE(shard, packing.shards);
    EXPECT_LE(seconds, packing.longest);
    EXPECT_GT(seconds, .9 * fair);
  }
  EXPECT_LE(packing.longest, 4.0 / 3 * fair) << "Graham's bound of LPT, and the longest file is far below it";
  std::ranges::reverse(loads);
  EXPECT_EQ(pack(loads, 600, 1000).plan, packing.plan) << "the order of the files does not matter";
}

TEST(SlurmShards, AreNoMoreThanFilesOrAsked) {
  EXPECT_EQ(pack({{"a", 1000}, {"b", 1000}}, 10, 1000).shards, 2U);
  EXPECT_EQ(pack({{"a", 1000}, {"b", 1000}, {"c", 1}}, 10, 2).shards, 2U);
  EXPECT_EQ(pack({{"a", 0}}, 10, 1000).shards, 1U);
}

TEST(SlurmCost, SpeedIsSaidOrMeasuredOrAssumed) {
  archive::Overview overview;
  EXPECT_TRUE(speed_of(std::nullopt, overview, Method::mask, 4).assumed);
  EXPECT_EQ(speed_of(12.0, overview, Method::mask, 4).fps, 12);
  archive::Entry entry;
  entry.state.status = archive::Status::done;
  entry.state.method = "mask";
  entry.state.frames = 100;
  entry.state.cpu_seconds = 20;
  overview.entries.push_back(entry);
  const Speed measured = speed_of(std::nullopt, overview, Method::mask, 4);
  EXPECT_FALSE(measured.assumed);
  EXPECT_DOUBLE_EQ(measured.fps, 4 * .75 / .2);
  EXPECT_TRUE(speed_of(std::nullopt, overview, Method::swap, 4).assumed) << "another method";
}

TEST(SlurmCost, MemoryGrowsWithPixelsAndMethod) {
  EXPECT_LT(megabytes_for(Method::mask, 640, 480), megabytes_for(Method::mask, 1920, 1080));
  EXPECT_LT(megabytes_for(Method::mask, 1920, 1080), megabytes_for(Method::swap, 1920, 1080));
  EXPECT_EQ(megabytes_for(Method::mask, 0, 0), megabytes_for(Method::mask, 3840, 2160))
      << "unknown counts as large";
}

TEST(SlurmScript, SubmitsTwoJobsAndQuotesEveryWord) {
  SlurmOptions o;
  o.run.output = "out";
  o.words = {"in", "-o", "out", "--label", "it's $(rm) `x`"};
  o.account = "neuro";
  o.time = "4:00:00";
  o.more = {"--qos=low"};
  const std::string text = script_of(o, {.program = "/opt/deid",
                                         .folder = "/srv/my work",
                                         .plan = "/p/plan.csv",
                                         .shards = 7,
                                         .memory = "1200M"});
  EXPECT_THAT(text,
              HasSubstr("exec '/opt/deid' run 'in' '-o' 'out' '--label' 'it'\\''s $(rm) `x`' --quiet --shard "
                        "\"$SLURM_ARRAY_TASK_ID/7\" --shard-plan '/p/plan.csv'\n"));
  for (const char* line : {"#SBATCH --array=1-7\n", "#SBATCH --account=neuro\n", "#SBATCH --time=4:00:00\n",
                           "#SBATCH --cpus-per-task=4\n", "#SBATCH --mem=1200M\n", "#SBATCH --requeue\n",
                           "#SBATCH --qos=low\n", "#SBATCH --chdir=\"/srv/my work\"\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, HasSubstr("--dependency=afterany:\"$array\""));
  EXPECT_THAT(text,
              HasSubstr("exec '/opt/deid' status 'out' --overwrite --report 'out/.deid/report.json'\n"));
  EXPECT_THAT(text, Not(HasSubstr("--output"))) << "messages may name inputs; the records' folder gets none";
}

TEST(SlurmScript, CancelsTheArrayWhenItsSummaryIsRefused) {
  const test::Scratch scratch;
  const std::string at = scratch.path().string();
  const auto program = [&](const std::string& name, const std::string& text) {
    test::write(scratch.path() / name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(scratch.path() / name, std::filesystem::perms::owner_all);
  };
  program("sbatch", "case $* in *dependency*) exit 1 ;; *) echo '12;here' ;; esac\n");
  program("scancel", "echo \"$@\" >" + at + "/cancelled\n");
  SlurmOptions o;
  o.run.output = "out";
  test::write(scratch.path() / "submit", script_of(o, {.program = "/opt/deid", .shards = 7, .memory = "1G"}));
  const auto submit = [&] {
    return std::system(("PATH='" + at + "':$PATH sh '" + at + "/submit' >'" + at + "/said'").c_str());
  };
  EXPECT_NE(submit(), 0);
  EXPECT_EQ(test::read(scratch.path() / "cancelled"), "12\n");
  EXPECT_EQ(test::read(scratch.path() / "said"), "");
  std::filesystem::remove(scratch.path() / "cancelled");
  program("sbatch", "exit 1\n");
  EXPECT_NE(submit(), 0);
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "cancelled")) << "there is no job to cancel";
  program("sbatch", "echo 13\n");
  EXPECT_EQ(submit(), 0);
  EXPECT_EQ(test::read(scratch.path() / "said"), "array 13\nsummary 13\n");
}

} // namespace
} // namespace deid::cli
