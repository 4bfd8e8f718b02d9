// docs/faceswap.md is true: its launch lines run unchanged on a clip and swap faces, and its table has every
// property.
#include "tests/elements/faceswap/made_model.hpp"
#include "tests/elements/faceswap/real_face.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/support/docs_page.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gst/gst.h>
#include <gtest/gtest.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> launch_lines() {
  std::ifstream in(std::string(DEID_SOURCE_DIR) + "/docs/faceswap.md");
  const std::string start = "    gst-launch-1.0 ";
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start))
      lines.push_back(line.substr(start.size()));
  return lines;
}

/// A folder with all files of the launch lines, in which the test runs. The bank of set-up is beside the
/// models.
class Docs : public testing::Test {
protected:
  void SetUp() override {
    gst_init(nullptr, nullptr);
    const auto clip = footage_dir() / "single_face.mp4";
    const fs::path models = fs::path(DEID_DEPS_DIR) / "models";
    if (!fs::exists(clip))
      GTEST_SKIP() << "set-up has not fetched " << clip;
    fs::create_directory_symlink(models, scratch_.path() / "models");
    fs::create_symlink(fs::absolute(clip), scratch_.path() / "in.mp4");
    if (!fs::exists(bank_file(1)))
      GTEST_SKIP() << "set-up has not made " << bank_file(1);
    const faceswap::Target target = of_the_bank(1, "nobody");
    for (const char* folder : {"targets", "faces"}) {
      fs::create_directory(scratch_.path() / folder);
      faceswap::write_target(scratch_.path() / folder / "nobody.json", target);
    }
    faceswap::write_target(scratch_.path() / "nobody.json", target);
    const cv::Mat first = decode(clip, {0}).front();
    put_model(scratch_.path() / "patient.deidae", descriptor_of(first, region_of(first, 1)));
    ::setenv("DEID_MODEL_DIR", (scratch_.path() / "models").c_str(), 1);
    fs::current_path(scratch_.path());
  }
  void TearDown() override { fs::current_path("/"); }
  /// Returns `faces-swapped` of the first faceswap in the pipeline.
  static std::uint64_t swapped(GstElement* pipeline) {
    GstIterator* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "deidfaceswap");
    GValue item = G_VALUE_INIT;
    guint64 value = 0;
    if (gst_iterator_next(all, &item) == GST_ITERATOR_OK) {
      GstStructure* stats = nullptr;
      g_object_get(g_value_get_object(&item), "stats", &stats, nullptr);
      gst_structure_get_uint64(stats, "faces-swapped", &value);
      gst_structure_free(stats);
      g_value_unset(&item);
    }
    gst_iterator_free(all);
    return value;
  }
  const Scratch scratch_;
};

TEST_F(Docs, TheLaunchLinesOfFaceswapRunAndSwap) {
  const auto lines = launch_lines();
  ASSERT_GE(lines.size(), 4U);
  for (const std::string& line : lines) {
    GError* error = nullptr;
    GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
    ASSERT_EQ(error, nullptr) << line << ": " << error->message;
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline);
    GstMessage* end = gst_bus_timed_pop_filtered(
        bus, 120 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    ASSERT_NE(end, nullptr) << line;
    EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS) << line;
    gst_message_unref(end);
    EXPECT_GT(swapped(pipeline), 50U) << line;
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
    EXPECT_GT(fs::file_size("out.mp4"), 10'000U) << line;
    fs::remove("out.mp4");
  }
  EXPECT_NE(read("audit.jsonl").find("swap nobody, distance 0."), std::string::npos);
}

TEST_F(Docs, TheTableOfFaceswapHasEveryProperty) {
  expect_every_property_on_page("faceswap");
}

} // namespace
} // namespace deid::test
