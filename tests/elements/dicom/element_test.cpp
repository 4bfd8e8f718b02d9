// dicomsrc and dicomsink in pipelines, with pydicom as an independent reader.
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/elements/dicom/made.hpp"
#include "tests/support/frames.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::dicom {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;

struct Elements : testing::Test {
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  const deid::test::Scratch scratch{};
  [[nodiscard]] fs::path in(const char* name) const { return scratch.path() / name; }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(scratch.path()), {}));
  }
  /// Runs a line to its end. Returns the error, or nothing.
  static std::string run(const std::string& line) {
    const Ref<GstElement> pipeline(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(line.c_str(), nullptr))));
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const Ref<GstBus> bus(gst_element_get_bus(pipeline.get()));
    const Ref<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    std::string said = message ? "" : "it did not end";
    if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
      GError* error = nullptr;
      gchar* cause = nullptr;
      gst_message_parse_error(message.get(), &error, &cause);
      said = std::string(error->message) + " | " + take_string(cause);
      g_error_free(error);
    }
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    return said;
  }
  [[nodiscard]] std::string copied(const char* from, const char* to) const {
    return run("deiddicomsrc location=" + in(from).string() + " ! deiddicomsink location=" + in(to).string());
  }
};

TEST_F(Elements, ASeriesGoesThroughAPipeline) {
  make_series(in("in"));
  ASSERT_EQ(copied("in", "out"), "");
  EXPECT_EQ(read_series(in("in")).volume.voxels, read_series(in("out")).volume.voxels);
  EXPECT_EQ(entries(), 2U);
}

TEST_F(Elements, PydicomReadsTheSameAndFindsNoName) {
  const std::string python = "/usr/bin/python3 ";
  if (std::system((python + "-c 'import pydicom, numpy' 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "python3-pydicom is not installed: no independent reader.";
  make_series(in("in"));
  ASSERT_EQ(copied("in", "out"), "");
  const std::string check = python + DEID_SOURCE_DIR "/tests/elements/dicom/pydicom_check.py ";
  EXPECT_EQ(std::system((check + in("in").string() + " " + in("out").string()).c_str()), 0);
  EXPECT_NE(std::system((check + in("in").string() + " " + in("in").string() + " 2>/dev/null").c_str()), 0)
      << "the check finds a series that was not cleaned";
}

TEST_F(Elements, TheSharedSeriesGoesThrough) {
  const fs::path packed = deid::test::shared_dir() / "data/mri/dicom/studyforrest_T1w_192_slices.tar.xz";
  if (!fs::exists(packed))
    GTEST_SKIP() << "The shared series is not there.";
  fs::create_directories(in("in"));
  ASSERT_EQ(std::system(("tar xf " + packed.string() + " -C " + in("in").string()).c_str()), 0);
  EXPECT_THAT(copied("in", "out"), HasSubstr("they lie 1.33 mm apart, but their header says 0.667 mm"))
      << "it holds every second slice";
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Elements, AnErrorLeavesNoFolder) {
  make_series(in("in"));
  write(in("in") / "IM5", "no DICOM");
  EXPECT_THAT(copied("in", "out"), HasSubstr("IM5 cannot be read"));
  EXPECT_THAT(run("deiddicomsrc ! fakesink"), HasSubstr("No folder is named"));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Elements, AFolderThatHoldsSomethingIsNotWrittenTo) {
  make_series(in("in"));
  fs::create_directories(in("out"));
  write(in("out") / "mine", "x");
  EXPECT_THAT(copied("in", "out"), HasSubstr("is there already"));
  EXPECT_EQ(read(in("out") / "mine"), "x");
}

TEST_F(Elements, ASeriesBecomesANiftiFileButNotTheOtherWayRound) {
  make_series(in("in"));
  ASSERT_EQ(
      run("deiddicomsrc location=" + in("in").string() + " ! deidniftisink location=" + in("a.nii").string()),
      "");
  EXPECT_THAT(run("deidniftisrc location=" + in("a.nii").string() +
                  " ! deiddicomsink location=" + in("out").string()),
              HasSubstr("did not come from dicomsrc"));
  EXPECT_FALSE(fs::exists(in("out")));
}

TEST_F(Elements, TheSourceCountsWhatItDropped) {
  make_series(in("in"));
  GstElement* element = gst_element_factory_make("deiddicomsrc", nullptr);
  ASSERT_NE(element, nullptr);
  g_object_set(element, "location", in("in").c_str(), nullptr);
  deid::test::Harness harness(gst_harness_new_with_element(element, nullptr, "src"));
  gst_object_unref(element);
  gst_harness_play(harness.get());
  const Ref<GstBuffer> buffer(gst_harness_pull(harness.get()));
  ASSERT_NE(buffer, nullptr);
  const auto* attached = volume::find(buffer.get());
  ASSERT_NE(attached, nullptr);
  EXPECT_EQ(attached->header_kind, "dicom");
  EXPECT_FALSE(attached->face_changed);
  const std::string header(reinterpret_cast<const char*>(attached->header.data()), attached->header.size());
  EXPECT_EQ(header.find("JANE"), std::string::npos);
  GstStructure* stats = nullptr;
  g_object_get(harness->element, "stats", &stats, nullptr);
  EXPECT_THAT(gst_structure_get_string(stats, "dropped-attributes"), HasSubstr("0010,0010"));
  guint64 dropped = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "dropped-private", &dropped));
  EXPECT_EQ(dropped, 2U * slices);
  gst_structure_free(stats);
}

} // namespace
} // namespace deid::dicom
