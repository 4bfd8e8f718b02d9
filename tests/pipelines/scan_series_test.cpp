// `deid run` and `deid measure` on a folder with a DICOM series, as a user runs them.
#include "elements/volume/dicom/series.hpp"
#include "tests/elements/dicom/made.hpp"
#include "tests/pipelines/scan_command.hpp"

namespace deid::test {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

std::string decimals(std::initializer_list<double> numbers) {
  std::ostringstream text;
  text.precision(15);
  for (const double number : numbers)
    text << (text.tellp() == 0 ? "" : "\\") << number;
  return text.str();
}

/// Makes a series of a volume of 16 bits. DICOM's x and y point the other way.
void make_series_of(const volume::Volume& volume, const fs::path& folder) {
  fs::create_directories(folder);
  const auto& about = volume.about;
  const auto& m = about.to_world;
  const auto along = [&](std::size_t column, std::size_t row) {
    return (row == 2 ? 1 : -1) * m.at(row).at(column) / about.spacing.at(column);
  };
  const auto size = static_cast<std::size_t>(about.size[0]) * static_cast<std::size_t>(about.size[1]) * 2;
  for (int k = 0; k < about.size[2]; ++k) {
    dicom::test::Dataset set = dicom::test::slice(k);
    const auto place = [&](std::size_t row) {
      return (row == 2 ? 1 : -1) * (m.at(row)[2] * k + m.at(row)[3]);
    };
    set[0x00200032] = {"DS", decimals({place(0), place(1), place(2)})};
    set[0x00200037] = {
        "DS", decimals({along(0, 0), along(0, 1), along(0, 2), along(1, 0), along(1, 1), along(1, 2)})};
    set[0x00280030] = {"DS", decimals({about.spacing[1], about.spacing[0]})};
    set[0x00280010] = {"US", dicom::test::number(static_cast<std::uint64_t>(about.size[1]), 2)};
    set[0x00280011] = {"US", dicom::test::number(static_cast<std::uint64_t>(about.size[0]), 2)};
    set[0x00280101] = {"US", dicom::test::number(16, 2)};
    set[0x00280102] = {"US", dicom::test::number(15, 2)};
    set[0x00281052] = {"DS", "0"};
    set[0x00281053] = {"DS", "1"};
    set[0x7fe00010] = {"OW", std::string(reinterpret_cast<const char*>(volume.voxels.data()) +
                                             static_cast<std::size_t>(k) * size,
                                         size)};
    write(folder / ("IM" + std::to_string(k)), dicom::test::file(set));
  }
}

using SeriesCommand = ScanCommand;

TEST_F(SeriesCommand, DryRunPrintsTheLineAndDoesNothing) {
  dicom::test::make_series(file("in"));
  const Said said = deid("run in -o out --dry-run");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(
      said.out,
      HasSubstr("deiddicomsrc location=in ! deidmriremodel method=random ! deiddicomsink location=out"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(SeriesCommand, SeriesInAFolderAreFound) {
  dicom::test::make_series(file("study/t1"));
  dicom::test::make_series(file("study/t2"));
  const Said said = deid("run study -o out --dry-run");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.out, HasSubstr("deiddicomsrc location=study/t1 "));
  EXPECT_THAT(said.out, HasSubstr("deiddicomsink location=out/t2\n"));
}

TEST_F(SeriesCommand, ADicomFileAmongPicturesMakesNoSeries) {
  dicom::test::make_series(file("more"));
  fs::create_directories(file("in"));
  fs::copy(file("more/IM1"), file("in/scan.dcm"));
  write(file("in/a.png"), "x");
  write(file("in/b.png"), "x");
  const Said said = deid("run in -o out");
  EXPECT_THAT(said.err, HasSubstr("name the folder of one series by itself"));
}

TEST_F(SeriesCommand, ASeriesWithoutAHeadLeavesNothing) {
  dicom::test::make_series(file("in"));
  const Said said = deid("run in -o out --audit out.json");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("deid: "));
  EXPECT_EQ(files(), 1U) << "neither a series nor an audit nor a temporary folder";
}

TEST_F(SeriesCommand, AMissingSliceLeavesNothing) {
  dicom::test::make_series(file("in"));
  fs::remove(file("in/IM1"));
  const Said said = deid("run in -o out/");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("Slices are missing"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(SeriesCommand, MeasureReadsSeries) {
  dicom::test::make_series(file("in"));
  dicom::test::make_series(file("same"));
  dicom::test::make_series(file("other"), [](int, auto& set) { set[0x00281053].content = "3"; });
  EXPECT_THAT(deid("measure in same --out figures").err, Not(HasSubstr("differ")));
  EXPECT_THAT(deid("measure in other --out figures").err,
              HasSubstr("differ in size, place, type or scaling"));
}

TEST_F(SeriesCommand, OutputsThatAreNoNewFolderAreRefused) {
  dicom::test::make_series(file("in"));
  fs::create_directories(file("full"));
  write(file("full/mine"), "x");
  EXPECT_EQ(deid("run in -o out.nii.gz").status, 2);
  EXPECT_NE(deid("run in -o full").status, 0);
  EXPECT_NE(deid("run in -o full --overwrite").status, 0);
  EXPECT_NE(deid("run in -o in --overwrite").status, 0);
  EXPECT_NE(deid("run in -o in/out").status, 0);
  EXPECT_EQ(read(file("full/mine")), "x");
  EXPECT_EQ(files(), 2U);
}

/// A whole head as a series.
TEST_F(SeriesCommand, AHeadIsRemodelled) {
  const fs::path head = shared_dir() / "data/mri/ds000031_sub-01_ses-006_run-001_T1w.nii.gz";
  if (const std::string why = missing_for_heads(head); !why.empty())
    GTEST_SKIP() << why;
  const volume::Volume original = nifti::read_file(head).volume;
  make_series_of(original, file("in"));
  const Said run = deid("run in/ -o out/ --audit out.json");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(files(), 3U);
  const auto audit = nlohmann::json::parse(read(file("out.json")));
  EXPECT_EQ(audit.at("voxels_changed_where_none_may"), 0);
  const dicom::Reading result = dicom::read_series(file("out"));
  EXPECT_EQ(result.volume.about, dicom::read_series(file("in")).volume.about);
  EXPECT_EQ(result.dropped, dicom::Dropped{});
  const std::string slice = read(file("out/00100.dcm"));
  EXPECT_THAT(slice, HasSubstr("113102")) << "the face was changed";
  EXPECT_THAT(slice, Not(HasSubstr("JANE")));
}

} // namespace
} // namespace deid::test
