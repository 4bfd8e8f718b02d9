// mriremodel between niftisrc and niftisink: refusals leave no file, and on a real head the brain stays.
#include "elements/mriremodel/gstmriremodel.hpp"
#include "elements/mriremodel/tissue.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "elements/volume/registration/aligner.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::mriremodel {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Runs a graph to its end. Returns the first error's sentence; empty when there is none.
std::string run(const std::string& graph) {
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(graph.c_str(), &error);
  if (error != nullptr)
    return error->message;
  const Ref<GstElement> held(static_cast<GstElement*>(gst_object_ref_sink(pipeline)));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const Ref<GstBus> bus(gst_element_get_bus(pipeline));
  const Ref<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), 240 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
  std::string found = message ? "" : "no end after four minutes";
  if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message.get(), &error, nullptr);
    found = error->message;
    g_error_free(error);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return found;
}

class Remodel : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  [[nodiscard]] fs::path in(const char* name) const { return scratch_.path() / name; }
  [[nodiscard]] std::string graph(const fs::path& input, const std::string& properties = "") const {
    return "deidniftisrc location=" + input.string() +
           " ! deidmriremodel report=" + in("report.json").string() + " " + properties +
           " ! deidniftisink compression=1 location=" + in("out.nii.gz").string();
  }
  [[nodiscard]] fs::path written(const volume::Description& about,
                                 const std::vector<std::byte>& voxels) const {
    nifti::FileWriter file(in("in.nii"), nifti::header_for(about), 1);
    file.write(voxels);
    file.commit();
    return in("in.nii");
  }
  void expect_nothing_left() const {
    EXPECT_FALSE(fs::exists(in("out.nii.gz")));
    EXPECT_FALSE(fs::exists(in("report.json")));
  }
  [[nodiscard]] fs::path shared(const char* file) const {
    return deid::test::shared_dir() / "data/mri" / file;
  }
  /// Skips the test without the scans, the registration, or the template and the shapes of set-up.
  void need(const char* file) const {
    if (!volume::can_register())
      GTEST_SKIP() << "This build has no ITK.";
    if (!fs::exists(shared(file)))
      GTEST_SKIP() << "The shared scans are not there.";
    if (!fs::exists("/usr/share/mricron/templates/ch2.nii.gz") ||
        !fs::exists(DEID_DEPS_DIR "/models/heads.bin"))
      GTEST_SKIP() << "Set-up has not brought the template or the shapes (setup --scans).";
  }
  deid::test::Scratch scratch_;
};

volume::Description cube(int side, double spacing) {
  volume::Description about{.format = volume::Format::u8, .size = {side, side, side}};
  about.spacing = {spacing, spacing, spacing};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    about.to_world[axis][axis] = spacing;
    about.to_world[axis][3] = -side * spacing / 2;
  }
  about.oriented = true;
  return about;
}

std::vector<std::byte> noise(const volume::Description& about) {
  std::vector<std::byte> voxels(about.bytes());
  for (std::size_t i = 0; i < voxels.size(); ++i)
    voxels[i] = static_cast<std::byte>(static_cast<int>(chance(3, i) * 255));
  return voxels;
}

TEST_F(Remodel, NoiseIsNoHead) {
  const auto about = cube(90, 2);
  EXPECT_NE(run(graph(written(about, noise(about)))), "");
  expect_nothing_left();
}

TEST_F(Remodel, AnEmptyScanIsNoHead) {
  const auto about = cube(40, 2);
  EXPECT_NE(run(graph(written(about, std::vector<std::byte>(about.bytes())))), "");
  expect_nothing_left();
}

TEST_F(Remodel, ThickSlicesAreRefused) {
  auto about = cube(40, 1);
  about.spacing[2] = about.to_world[2][2] = 5;
  const std::string said = run(graph(written(about, noise(about))));
  EXPECT_THAT(said, testing::AnyOf(HasSubstr("slices are too thick"), HasSubstr("setup --scans")));
  expect_nothing_left();
}

TEST_F(Remodel, AMissingOrAForeignTemplateIsRefused) {
  const auto about = cube(40, 2);
  const fs::path input = written(about, noise(about));
  const std::string folder = "template-folder=" + scratch_.path().string();
  EXPECT_THAT(run(graph(input, folder)), HasSubstr("template of a head is missing"));
  for (const char* name : {"ch2.nii.gz", "ch2bet.nii.gz"})
    deid::test::write(in(name), "another head");
  EXPECT_THAT(run(graph(input, folder)), HasSubstr("wrong sha256"));
  expect_nothing_left();
}

TEST_F(Remodel, MissingShapesAreRefused) {
  need("colin27_ch2.nii.gz");
  const auto about = cube(40, 2);
  EXPECT_NE(run(graph(written(about, noise(about)), "heads=" + in("none.bin").string())), "");
  expect_nothing_left();
}

/// A buffer that cannot be trusted ends the stream.
TEST_F(Remodel, ABufferWithoutAVolumeIsNotPassedOn) {
  GstElement* element = GST_ELEMENT(g_object_new(gst_deid_mri_remodel_get_type(), nullptr));
  const deid::test::Harness harness(gst_harness_new_with_element(element, "sink", "src"));
  gst_object_unref(element);
  gst_harness_set_src_caps_str(harness.get(), "volume/x-raw, format=U8, width=4, height=4, depth=4");
  EXPECT_EQ(gst_harness_push(harness.get(), gst_buffer_new_allocate(nullptr, 64, nullptr)), GST_FLOW_ERROR);
  EXPECT_EQ(gst_harness_try_pull(harness.get()), nullptr);
}

/// A cut file: the source ends the stream with an error, so nothing is written.
TEST_F(Remodel, ATruncatedFileLeavesNothing) {
  const auto about = cube(40, 2);
  const fs::path input = written(about, noise(about));
  fs::resize_file(input, fs::file_size(input) - 1000);
  EXPECT_THAT(run(graph(input)), HasSubstr("cannot be read"));
  expect_nothing_left();
}

/// ds000031 is a whole head. Everything behind the ears and every voxel of the product's own brain mask
/// stays; bench/mri checks the brain by a mask of its own.
TEST_F(Remodel, AWholeHeadGetsAnotherFace) {
  const char* file = "ds000031_sub-01_ses-006_run-001_T1w.nii.gz";
  need(file);
  if (IsSkipped())
    return;
  ASSERT_EQ(run(graph(shared(file), "seed=1")), "");
  const nifti::Reading before = nifti::read_file(shared(file)), after = nifti::read_file(in("out.nii.gz"));
  EXPECT_EQ(before.volume.about, after.volume.about);
  EXPECT_TRUE(after.dropped.fields.empty());
  EXPECT_EQ(after.dropped.extension_bytes, 0U) << "the input's extension holds a date and a device";
  const auto report = nlohmann::json::parse(deid::test::read(in("report.json")));
  EXPECT_EQ(report.at("brain").at("sha256_before"), report.at("brain").at("sha256_after"));
  EXPECT_GT(report.at("brain").at("voxels_kept"), 1'500'000);
  EXPECT_EQ(report.at("voxels_changed_where_none_may"), 0);
  EXPECT_LE(report.at("skin").at("old_outer_10_mm_kept"), 0.1);
  EXPECT_GE(report.at("skin").at("new_to_old_mm"), 3.0);
  EXPECT_NE(before.volume.voxels, after.volume.voxels);
}

/// Colin27 comes with its exact brain, which is no part of the product's own mask of it.
TEST_F(Remodel, NoVoxelOfAnExactBrainChanges) {
  need("colin27_ch2.nii.gz");
  if (IsSkipped())
    return;
  ASSERT_EQ(run(graph(shared("colin27_ch2.nii.gz"), "seed=1")), "");
  const nifti::Reading before = nifti::read_file(shared("colin27_ch2.nii.gz")),
                       brain = nifti::read_file(shared("colin27_ch2bet.nii.gz")),
                       after = nifti::read_file(in("out.nii.gz"));
  std::size_t inside = 0, changed = 0;
  for (std::size_t voxel = 0; voxel < brain.volume.voxels.size(); ++voxel)
    if (brain.volume.voxels[voxel] != std::byte{0}) {
      inside += 1;
      changed += before.volume.voxels[voxel] != after.volume.voxels[voxel] ? 1 : 0;
    }
  EXPECT_GT(inside, 1'500'000U);
  EXPECT_EQ(changed, 0U);
}

} // namespace
} // namespace deid::mriremodel
