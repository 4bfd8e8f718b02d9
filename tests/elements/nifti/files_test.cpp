// Whole pipelines on files that others made: nibabel's, and real scans. An independent reader judges.
#include "elements/volume/nifti/reader.hpp"
#include "tests/elements/nifti/made.hpp"
#include "tests/support/docs_page.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::nifti {
namespace {

namespace fs = std::filesystem;
using namespace test;

void convert(const fs::path& from, const fs::path& to) {
  deid::test::expect_plays(
      "deidniftisrc location=\"" + from.string() + "\" ! deidniftisink location=\"" + to.string() + "\"", 60);
}

bool python_has(const std::string& module) {
  return std::system(("/usr/bin/python3 -c 'import " + module + "' 2>/dev/null").c_str()) == 0;
}

std::string check(const std::string& arguments) {
  return "/usr/bin/python3 " DEID_SOURCE_DIR "/tests/elements/nifti/nibabel_check.py " + arguments;
}

TEST(Nibabel, ReadsTheSameVolumeFromWhatWasWritten) {
  if (!python_has("nibabel"))
    GTEST_SKIP() << "python3-nibabel is not installed: no independent reader.";
  const deid::test::Scratch made, out;
  ASSERT_EQ(std::system(check("make " + made.path().string()).c_str()), 0);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(made.path())) {
    if (entry.path().extension() == ".img")
      continue;
    const fs::path result = out.path() / entry.path().filename();
    convert(entry.path(), result);
    ++files;
  }
  EXPECT_EQ(files, 60);
  EXPECT_EQ(std::system(check("compare " + made.path().string() + " " + out.path().string()).c_str()), 0);
}

struct Scan {
  const char* file;
  std::vector<std::string> texts; ///< in the original, and not in the result
  const char* field;              ///< a field that is dropped
};
void PrintTo(const Scan& scan, std::ostream* out) {
  *out << scan.file;
}

class RealScan : public testing::TestWithParam<Scan> {};

TEST_P(RealScan, VoxelsAreTheSameAndTextsAreGone) {
  const fs::path original = deid::test::shared_dir() / "data/mri" / GetParam().file;
  if (!fs::exists(original))
    GTEST_SKIP() << original << " is not there.";
  const deid::test::Scratch scratch;
  const fs::path result = scratch.path() / "out.nii.gz";
  convert(original, result);
  const Reading was = read_file(original), now = read_file(result);
  EXPECT_TRUE(was.volume.voxels == now.volume.voxels);
  EXPECT_EQ(was.volume.about, now.volume.about);
  EXPECT_EQ(now.dropped, Dropped{});
  if (GetParam().field != nullptr) {
    EXPECT_THAT(was.dropped.fields, testing::Contains(GetParam().field));
  }
  const std::string before = plain(original), after = plain(result);
  for (const std::string& text : GetParam().texts) {
    EXPECT_NE(before.find(text), std::string::npos) << text;
    EXPECT_EQ(after.find(text), std::string::npos) << text;
  }
  if (python_has("nibabel")) {
    EXPECT_EQ(std::system(check("compare " + original.string() + " " + result.string()).c_str()), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, RealScan,
                         testing::Values(Scan{"ds000031_sub-01_ses-006_run-001_T1w.nii.gz",
                                              {"StudyTime", "165253.921000", "SIEMENS"},
                                              nullptr},
                                         Scan{"colin27_ch2.nii.gz", {"/home/"}, "db_name"},
                                         Scan{"allineate_T2w.nii.gz", {"TE="}, "descrip"},
                                         Scan{"seg3d_MR.nii.gz", {}, nullptr},
                                         Scan{"pydeface_mean_reg2mean.nii.gz", {}, nullptr},
                                         Scan{"pydeface_facemask.nii.gz", {}, nullptr}));

class Page : public testing::TestWithParam<const char*> {};

/// The page's launch line runs, and its table has every property of the element itself.
TEST_P(Page, IsTrue) {
  const std::string name = GetParam();
  const deid::test::Scratch scratch;
  write(scratch.path() / "in.nii.gz", packed(single()));
  std::string line = deid::test::launch_line_of(name);
  deid::test::replace(line, "location=in.nii.gz", "location=" + (scratch.path() / "in.nii.gz").string());
  deid::test::replace(line, "location=out.nii.gz", "location=" + (scratch.path() / "out.nii.gz").string());
  deid::test::expect_plays(line, 60);
  EXPECT_EQ(plain(scratch.path() / "out.nii.gz"), single());
  const std::string page = deid::test::page_of(name);
  GstElement* made = gst_element_factory_make(("deid" + name).c_str(), nullptr);
  ASSERT_NE(made, nullptr);
  guint count = 0;
  GParamSpec** all = g_object_class_list_properties(G_OBJECT_GET_CLASS(made), &count);
  for (guint i = 0; i < count; ++i)
    if (all[i]->owner_type == G_OBJECT_TYPE(made)) {
      EXPECT_NE(page.find("\n| " + std::string(all[i]->name) + " |"), std::string::npos) << all[i]->name;
    }
  g_free(all);
  gst_object_unref(made);
}

INSTANTIATE_TEST_SUITE_P(Docs, Page, testing::Values("niftisrc", "niftisink"));

} // namespace
} // namespace deid::nifti
