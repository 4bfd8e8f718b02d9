// `deid measure` and `deid run --measure` as a user runs them, with the real elements, on a few frames.
#include "tests/support/program.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

struct MeasureCommand : ProgramTest {
  void SetUp() override {
    const fs::path whole = whole_clip();
    if (whole.empty())
      GTEST_SKIP() << "the clip that set-up fetches, or ffmpeg, is not there";
    make("visit.mp4", whole, "-frames:v 12");
    make("small.mp4", whole, "-frames:v 3 -vf scale=320:-2");
  }
  [[nodiscard]] static std::vector<std::string> names(const fs::path& folder) {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder))
      all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
};

TEST_F(MeasureCommand, AVideoAgainstItselfIsOne) {
  const Said first = deid("measure visit.mp4 visit.mp4 --out figures -q --no-face");
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(names(file("figures")), (std::vector<std::string>{"deidentified.jsonl", "movement.csv",
                                                              "original.jsonl", "report.json"}));
  const json report = json::parse(read(file("figures") / "report.json"));
  EXPECT_EQ(report["counts"]["frames"], 12);
  EXPECT_EQ(report["counts"]["people"], 12);
  EXPECT_EQ(report["counts"]["frames_only_original"], 0);
  EXPECT_EQ(report["counts"]["frames_only_deidentified"], 0);
  EXPECT_EQ(report["stats"][5], 1.);
  EXPECT_EQ(report["similarity"]["median"], 1.);
  EXPECT_EQ(report["similarity"]["min"], 1.);

  const Said again = deid("measure visit.mp4 visit.mp4 --out figures -q --no-face");
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.err, HasSubstr("exists; choose another folder or give --overwrite."));
  const Said other = deid("oks --gt figures/original.jsonl --dt figures/deidentified.jsonl --json");
  ASSERT_EQ(other.status, 0) << other.err; // the kept keypoints give the same figures
  EXPECT_EQ(json::parse(other.out)["stats"][5], 1.);
}

TEST_F(MeasureCommand, ATrimmedVideoIsMeasuredWhole) {
  const std::string line = "cd '" + scratch.path().string() +
                           "' && ffmpeg -nostdin -v error -i visit.mp4 -c:v libx264 -g 30 -bf 0 long.mp4 && "
                           "ffmpeg -nostdin -v error -ss 0.2 -i long.mp4 -c copy cut.mp4 && ffmpeg -nostdin "
                           "-v error -i cut.mp4 -c:v ffv1 whole.mkv && ffprobe -v error -count_frames "
                           "-select_streams v -show_entries stream=nb_read_frames -of csv=p=0 cut.mp4 >count";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const int frames = std::stoi(read(file("count")));
  ASSERT_GT(frames, 3);
  ASSERT_LT(frames, 12);
  const Said said_so = deid("measure cut.mp4 whole.mkv --out figures -q --no-face");
  ASSERT_EQ(said_so.status, 0) << said_so.err;
  const json report = json::parse(read(file("figures") / "report.json"));
  EXPECT_EQ(report["counts"]["frames"], frames);
  EXPECT_EQ(report["counts"]["frames_only_original"], 0);
  EXPECT_EQ(report["counts"]["frames_only_deidentified"], 0);
  for (const char* name : {"original.jsonl", "deidentified.jsonl"}) {
    const std::string lines = read(file("figures") / name);
    EXPECT_EQ(std::ranges::count(lines, '\n'), frames + 1) << name; // the first line names the format
  }
}

TEST_F(MeasureCommand, WhatFailsLeavesNothing) {
  const Said sizes = deid("measure visit.mp4 small.mp4 --out figures -q");
  EXPECT_EQ(sizes.status, 1);
  EXPECT_THAT(sizes.err, HasSubstr("The videos differ in size ("));
  EXPECT_THAT(sizes.err, HasSubstr("320x"));
  const Said none = deid("measure visit.mp4 none.mp4 --out figures -q");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("none.mp4"));
  const Said nobody = deid("measure visit.mp4 visit.mp4 --out figures -q --no-face --primary patient");
  EXPECT_EQ(nobody.status, 1);
  EXPECT_THAT(nobody.err, HasSubstr("patient"));
  write(file("text.mp4"), "not a video");
  EXPECT_EQ(deid("measure visit.mp4 text.mp4 --out figures -q").status, 1);
  if (fs::exists(file("figures"))) {
    EXPECT_TRUE(names(file("figures")).empty());
  }
  write(file("taken"), "");
  EXPECT_THAT(deid("measure visit.mp4 visit.mp4 --out taken -q").err, HasSubstr("is no folder"));
}

TEST_F(MeasureCommand, WhatItCannotDoItSays) {
  EXPECT_EQ(deid("measure visit.mp4 visit.mp4 --out figures --max-people 40").status, 2);
  ASSERT_EQ(std::system(("ffmpeg -v error -f lavfi -i testsrc=size=64x48:rate=5:duration=1 '" +
                         file("a.gif").string() + "'")
                            .c_str()),
            0);
  const Said gif = deid("measure a.gif a.gif --out figures -q");
  EXPECT_EQ(gif.status, 1);
  EXPECT_THAT(gif.err, HasSubstr("is a GIF, which cannot be measured"));
}

TEST_F(MeasureCommand, RunMeasuresInOnePass) {
  const Said run = deid("run visit.mp4 -o visit.deid.mp4 --measure figures.json");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out + run.err, HasSubstr("identity: distance to the original "));
  EXPECT_EQ(names(scratch.path()), (std::vector<std::string>{"figures.csv", "figures.json", "small.mp4",
                                                             "visit.deid.mp4", "visit.mp4"}));
  const json report = json::parse(read(file("figures.json")));
  EXPECT_EQ(report["counts"]["frames"], 12);
  EXPECT_EQ(report["counts"]["people"], 12);
  EXPECT_THAT(read(file("figures.csv")),
              ::testing::StartsWith("measure,part,unit,original,deidentified,difference,n,why\n"));
  const Said again = deid("run visit.mp4 -o other.mp4 --measure figures.json -q");
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.err, HasSubstr("exists already. Use --overwrite"));
  EXPECT_FALSE(fs::exists(file("other.mp4")));
}

TEST_F(MeasureCommand, RunLeavesAllOrNothing) {
  for (const char* wrong :
       {"--set oksmeter.primary=patient", "--set posedetect.landmark-model=none.tflite"}) {
    const Said run = deid(std::string("run visit.mp4 -o o.mp4 --measure f.json -q ") + wrong);
    EXPECT_EQ(run.status, 1) << wrong;
    EXPECT_NE(run.err, "") << wrong;
    EXPECT_EQ(names(scratch.path()), (std::vector<std::string>{"small.mp4", "visit.mp4"})) << wrong;
  }
}

TEST_F(MeasureCommand, ADryRunPrintsTheLineAndDoesNothing) {
  const Said measure = deid("measure visit.mp4 visit.mp4 --out figures --hands --scale torso --dry-run");
  ASSERT_EQ(measure.status, 0) << measure.err;
  EXPECT_THAT(measure.out, HasSubstr("deidposedetect stage=original location=figures/original.jsonl"));
  EXPECT_THAT(measure.out, HasSubstr("hands=true"));
  EXPECT_THAT(measure.out, HasSubstr("deidoksmeter name=meter scale=torso"));
  EXPECT_THAT(measure.out, HasSubstr("meter.reference"));
  const Said run = deid("run visit.mp4 -o o.mp4 --measure f.json --dry-run");
  ASSERT_EQ(run.status, 0) << run.err;
  const auto original = run.out.find("deidposedetect stage=original"), cover = run.out.find("deidfaceswap"),
             after = run.out.find("deidposedetect stage=deidentified"),
             meter = run.out.find("deidoksmeter name=meter location=f.json csv=f.csv");
  const auto taken = run.out.find("deididentitymeter stage=original"),
             compared = run.out.find("deididentitymeter name=compared");
  EXPECT_LT(original, taken);
  EXPECT_LT(taken, cover);
  EXPECT_LT(cover, compared);
  EXPECT_LT(compared, after);
  EXPECT_LT(original, cover);
  EXPECT_LT(cover, after);
  EXPECT_LT(after, meter);
  EXPECT_NE(meter, std::string::npos);
  EXPECT_EQ(names(scratch.path()), (std::vector<std::string>{"small.mp4", "visit.mp4"}));
}

} // namespace
} // namespace deid::test
