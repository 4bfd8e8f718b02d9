// volumerender in a harness and in the pipeline of its page; a face of a real head is drawn.
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/volume_buffer.hpp"
#include "elements/volumerender/gstvolumerender.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/elements/nifti/made.hpp"
#include "tests/support/docs_page.hpp"
#include <gtest/gtest.h>

namespace deid::volumerender {
namespace {

namespace fs = std::filesystem;

class VolumeRender : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  /// A cube of 20 voxels of 4 mm that is bright inside.
  static Ref<GstBuffer> cube() {
    const volume::Description about{.format = volume::Format::u8,
                                    .size = {20, 20, 20},
                                    .spacing = {4, 4, 4},
                                    .to_world = {{{4, 0, 0, 0}, {0, 4, 0, 0}, {0, 0, 4, 0}}}};
    std::vector<std::byte> voxels(8000, std::byte{3});
    for (int k = 5; k < 15; ++k)
      for (int j = 5; j < 15; ++j)
        for (int i = 5; i < 15; ++i)
          voxels[static_cast<std::size_t>((k * 20 + j) * 20 + i)] = std::byte{200};
    return volume::new_buffer(std::move(voxels), {about, "", {}});
  }
  static std::unique_ptr<deid::test::Bench> bench(int frames) {
    auto made =
        std::make_unique<deid::test::Bench>(gst_deid_volume_render_get_type(), [&](GstElement* element) {
          g_object_set(element, "frames", frames, "width", 33, "height", 21, "detail", 4.0, "fps", 10,
                       nullptr);
        });
    gst_harness_set_src_caps(made->harness.get(),
                             volume::caps_of(volume::find(cube().get())->about).release());
    return made;
  }
};

TEST_F(VolumeRender, OneVolumeGivesAFrameASide) {
  const auto one = bench(3);
  ASSERT_EQ(one->push(cube().release()), GST_FLOW_OK);
  const Ref<GstCaps> caps(gst_pad_get_current_caps(one->harness->sinkpad));
  EXPECT_EQ(take_string(gst_caps_to_string(caps.get())),
            "video/x-raw, format=(string)GRAY8, width=(int)33, height=(int)21, framerate=(fraction)10/1");
  for (guint64 i = 0; i < 3; ++i) {
    const Ref<GstBuffer> frame(one->pull());
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(GST_BUFFER_PTS(frame.get()), i * 100 * GST_MSECOND);
    EXPECT_EQ(GST_BUFFER_DURATION(frame.get()), 100 * GST_MSECOND);
    const auto pixels = deid::test::bytes(frame.get());
    ASSERT_EQ(pixels.size(), 36U * 21U) << "rows are padded to 4 bytes";
    EXPECT_GT(pixels[10 * 36 + 16], 50) << "the cube is in the middle";
    EXPECT_EQ(pixels[0], 0) << "and not in the corner";
  }
  EXPECT_EQ(one->pull(), nullptr);
}

TEST_F(VolumeRender, ASecondVolumeIsDrawnToo) {
  const auto one = bench(2);
  ASSERT_EQ(one->push(cube().release()), GST_FLOW_OK);
  ASSERT_EQ(one->push(cube().release()), GST_FLOW_OK);
  for (int i = 0; i < 4; ++i)
    EXPECT_NE(Ref<GstBuffer>(one->pull()), nullptr) << i;
}

TEST_F(VolumeRender, BuffersWithoutAVolumeOrAHeadAreErrors) {
  const auto one = bench(2);
  EXPECT_EQ(one->push(gst_buffer_new_allocate(nullptr, 8000, nullptr)), GST_FLOW_ERROR);
  EXPECT_EQ(one->error(), deid::test::error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
  const auto two = bench(2);
  auto flat = cube();
  gst_buffer_memset(flat.get(), 0, 9, 8000);
  EXPECT_EQ(two->push(flat.release()), GST_FLOW_ERROR);
  EXPECT_EQ(two->error(), deid::test::error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  EXPECT_EQ(two->pull(), nullptr);
}

TEST_F(VolumeRender, PropertiesHaveTheRangesOfThePage) {
  const std::string page = deid::test::page_of("volumerender");
  GstElement* element =
      GST_ELEMENT(gst_object_ref_sink(g_object_new(gst_deid_volume_render_get_type(), nullptr)));
  guint count = 0;
  GParamSpec** all = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  int own = 0;
  for (guint i = 0; i < count; ++i)
    if (all[i]->owner_type == G_OBJECT_TYPE(element)) {
      ++own;
      EXPECT_NE(page.find("\n| " + std::string(all[i]->name) + " |"), std::string::npos) << all[i]->name;
    }
  EXPECT_EQ(own, 10);
  g_free(all);
  gst_object_unref(element);
}

/// The page's line on a real head: as many pictures as sides, and each shows a head.
TEST_F(VolumeRender, TheLaunchLineDrawsARealHead) {
  const fs::path scan = deid::test::shared_dir() / "data/mri/colin27_ch2.nii.gz";
  if (!fs::exists(scan))
    GTEST_SKIP() << scan << " is not there.";
  const deid::test::Scratch scratch;
  std::string line = deid::test::launch_line_of("volumerender");
  deid::test::replace(line, "location=in.nii.gz", "location=" + scan.string());
  deid::test::replace(line, "volumerender", "volumerender frames=2 detail=2");
  deid::test::replace(line, "location=side%02d.png",
                      "location=" + (scratch.path() / "side%02d.png").string());
  deid::test::expect_plays(line, 120);
  EXPECT_GT(fs::file_size(scratch.path() / "side00.png"), 10'000U);
  EXPECT_GT(fs::file_size(scratch.path() / "side01.png"), 10'000U);
}

} // namespace
} // namespace deid::volumerender
