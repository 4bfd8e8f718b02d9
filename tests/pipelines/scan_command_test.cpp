// `deid run` and `deid measure` on scans, as a user runs them.
#include "tests/pipelines/scan_command.hpp"

namespace deid::test {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ScanCommand, DryRunPrintsTheLineAndDoesNothing) {
  write_noise("a.nii.gz");
  const Said said = deid("run a.nii.gz -o b.nii.gz --dry-run");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out,
              HasSubstr("deidniftisrc location=a.nii.gz ! deidmriremodel method=random ! deidniftisink"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(ScanCommand, ARefusedScanLeavesNothing) {
  write_noise("a.nii.gz");
  const Said said = deid("run a.nii.gz -o b.nii.gz --audit b.json");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("deid: "));
  EXPECT_EQ(files(), 1U) << "neither scan nor audit nor a temporary folder";
}

TEST_F(ScanCommand, ATruncatedScanLeavesNothing) {
  write_noise("a.nii.gz");
  fs::resize_file(file("a.nii.gz"), fs::file_size(file("a.nii.gz")) / 2);
  const Said said = deid("run a.nii.gz -o b.nii.gz");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("cannot be read"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(ScanCommand, OptionsOfVideosAreRefused) {
  write_noise("a.nii.gz");
  EXPECT_EQ(deid("run a.nii.gz -o b.nii.gz --method mask").status, 2);
  EXPECT_EQ(deid("run a.nii.gz -o b.mp4").status, 2);
  EXPECT_EQ(deid("run a.nii.gz -o a.nii.gz").status, 2);
  EXPECT_EQ(deid("run a.nii.gz -o b.nii.gz --side-by-side s.mp4").status, 2);
  EXPECT_NE(deid("run a.nii.gz -o b.nii.gz --scan-method none").status, 0);
  EXPECT_EQ(files(), 1U);
}

TEST_F(ScanCommand, AnOutputThatExistsStays) {
  write_noise("a.nii.gz");
  write(file("b.nii.gz"), "mine");
  EXPECT_EQ(deid("run a.nii.gz -o b.nii.gz").status, 1);
  EXPECT_EQ(read(file("b.nii.gz")), "mine");
}

TEST_F(ScanCommand, ScansInAFolderAreFound) {
  fs::create_directories(file("in"));
  write_noise("in/a.nii.gz");
  const Said said = deid("run in -o out --dry-run");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, HasSubstr("location=out/a.nii.gz"));
}

/// A whole head, run and then measured.
TEST_F(ScanCommand, AHeadIsRemodelledAndMeasured) {
  const fs::path head = shared_dir() / "data/mri/ds000031_sub-01_ses-006_run-001_T1w.nii.gz";
  if (const std::string why = missing_for_heads(head); !why.empty())
    GTEST_SKIP() << why;
  const Said run = deid("run '" + head.string() + "' -o out.nii.gz --audit out.json");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("bit by bit as before"));
  EXPECT_EQ(files(), 2U);
  const auto audit = nlohmann::json::parse(read(file("out.json")));
  EXPECT_EQ(audit.at("voxels_changed_where_none_may"), 0);
  EXPECT_THAT(audit.dump(), Not(HasSubstr("ds000031"))) << "names of files often are names of people";
  const Said measured = deid("measure '" + head.string() + "' out.nii.gz --out figures");
  ASSERT_EQ(measured.status, 0) << measured.err;
  const auto figures = nlohmann::json::parse(read(file("figures/scan.json")));
  EXPECT_EQ(figures.at("brain").at("changed"), 0);
  EXPECT_EQ(figures.at("changed_outside_the_region"), 0);
  EXPECT_TRUE(figures.at("geometry_same"));
  EXPECT_GE(figures.at("skin").at("mean_mm"), 3.0);
  EXPECT_LE(figures.at("skin").at("old_outer_10_mm_kept"), 0.1);
  const std::string page = read(file("figures/scan.html"));
  EXPECT_THAT(page, HasSubstr("<h2>Result</h2>"));
  EXPECT_THAT(page, Not(HasSubstr("<h2>Original</h2>"))) << "the page shows the person only when asked";
}

} // namespace
} // namespace deid::test
