// `deid run` and `deid measure` on scans, as a user runs them.
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "elements/volume/registration/aligner.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <sys/wait.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

struct Said {
  int status = -1;
  std::string out{}, err{};
};

struct ScanCommand : ::testing::Test {
  const Scratch scratch{}, logs{};

  [[nodiscard]] fs::path file(const std::string& name) const { return scratch.path() / name; }
  [[nodiscard]] Said deid(const std::string& words) const {
    const fs::path out = logs.path() / "out", err = logs.path() / "err";
    const std::string line = "cd '" + scratch.path().string() + "' && '" DEID_PROGRAM "' " + words + " >'" +
                             out.string() + "' 2>'" + err.string() + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  /// Voxels without a head in them.
  void write_noise(const std::string& name) const {
    volume::Description about{.format = volume::Format::u8, .size = {60, 60, 60}};
    about.spacing = {2, 2, 2};
    for (std::size_t axis = 0; axis < 3; ++axis)
      about.to_world[axis][axis] = 2;
    about.oriented = true;
    std::vector<std::byte> voxels(about.bytes());
    std::mt19937 chance(3); // NOLINT: the same noise in every run
    for (std::byte& voxel : voxels)
      voxel = static_cast<std::byte>(chance() & 255U);
    nifti::FileWriter writer(file(name), nifti::header_for(about), 1);
    writer.write(voxels);
    writer.commit();
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch.path()), {}));
  }
};

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
  if (!volume::can_register() || !fs::exists(head) ||
      !fs::exists("/usr/share/mricron/templates/ch2.nii.gz") ||
      !fs::exists(DEID_DEPS_DIR "/models/heads.bin"))
    GTEST_SKIP() << "The shared scans, ITK, or what setup --scans brings is not there.";
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
