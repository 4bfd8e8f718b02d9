#include "elements/base/error.hpp"
#include "elements/base/mapped_frame.hpp"
#include "elements/video/planes.hpp"
#include "tests/elements/base/gst_support.hpp"
#include <gtest/gtest.h>

namespace deid {
namespace {

using test::new_frame;
using test::video_info;

class Mapped : public testing::TestWithParam<const char*> {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
};
INSTANTIATE_TEST_SUITE_P(Formats, Mapped,
                         testing::Values("I420", "YV12", "NV12", "BGR", "RGB", "BGRx", "RGBx", "xBGR", "xRGB",
                                         "BGRA", "RGBA", "GRAY8"));

/// GStreamer's own accessors are the slow reference.
TEST_P(Mapped, PlanesAreWhereGStreamerSaysTheyAre) {
  for (const auto& [width, height] : {std::pair{8, 6}, {7, 5}, {1, 1}, {33, 2}})
    for (const int padding : {0, 13}) {
      const GstVideoInfo info = video_info(GetParam(), width, height);
      GstBuffer* buffer = new_frame(info, padding);
      {
        MappedFrame mapped(buffer, info, GST_MAP_READ);
        GstVideoFrame frame;
        ASSERT_TRUE(gst_video_frame_map(
            &frame, &info, buffer,
            static_cast<GstMapFlags>(static_cast<int>(GST_MAP_READ) | GST_VIDEO_FRAME_MAP_FLAG_NO_REF)));
        const video::FrameView& view = mapped.view();
        EXPECT_EQ(view.width, width);
        EXPECT_EQ(view.height, height);
        for (guint c = 0; c < std::min(3U, GST_VIDEO_FRAME_N_COMPONENTS(&frame)); ++c) {
          const auto* want = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, c));
          const int stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, c);
          const bool packed = view.layout == video::Layout::packed;
          const std::size_t plane = packed ? 0 : view.layout == video::Layout::nv12 && c > 0 ? 1 : c;
          const int offset = packed                                         ? view.rgb_offset.at(c)
                             : view.layout == video::Layout::nv12 && c == 2 ? 1
                                                                            : 0;
          EXPECT_EQ(view.planes.at(plane).data + offset, want) << c;
          EXPECT_EQ(view.planes.at(plane).stride, stride);
        }
        gst_video_frame_unmap(&frame);
      }
      gst_buffer_unref(buffer);
    }
}

std::string refusal(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags) {
  try {
    MappedFrame mapped(buffer, info, flags);
  } catch (const ElementError& error) {
    return test::error_text(error.domain(), error.code());
  } catch (const std::invalid_argument&) {
    return "invalid";
  }
  return "";
}

TEST_P(Mapped, WhatCannotBeTrustedIsRefused) {
  const GstVideoInfo info = video_info(GetParam(), 64, 48);
  const std::string write = test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE);
  const std::string read = test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);

  GstBuffer* device = test::unmappable_frame(info);
  EXPECT_EQ(refusal(device, info, GST_MAP_READ), read);
  EXPECT_EQ(refusal(device, info, GST_MAP_READWRITE), write);
  gst_buffer_unref(device);

  GstBuffer* small = gst_buffer_new_allocate(nullptr, 100, nullptr);
  EXPECT_EQ(refusal(small, info, GST_MAP_READ), read);
  gst_buffer_unref(small);

  GstBuffer* held = new_frame(info);
  gst_buffer_ref(held);
  EXPECT_EQ(refusal(held, info, GST_MAP_READWRITE), write);
  EXPECT_EQ(refusal(held, info, GST_MAP_READ), "");
  gst_buffer_unref(held);
  gst_buffer_unref(held);
}

TEST_P(Mapped, AMetaThatLiesIsRefused) {
  const GstVideoInfo info = video_info(GetParam(), 64, 48);
  for (const int lie : {0, 1, 2, 3}) {
    GstBuffer* buffer = new_frame(info, 8);
    GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
    if (lie == 0)
      meta->stride[0] *= 2; // beyond the memory
    else if (lie == 1)
      meta->stride[0] = 3; // rows overlap
    else if (lie == 2)
      meta->width = 32;
    else
      meta->stride[0] = -meta->stride[0];
    EXPECT_NE(refusal(buffer, info, GST_MAP_READ), "") << lie;
    gst_buffer_unref(buffer);
  }
}

TEST_P(Mapped, PicturesThatAreCroppedOnlyWhenShownAreRefused) {
  const GstVideoInfo info = video_info(GetParam(), 64, 48);
  GstBuffer* buffer = new_frame(info);
  GstVideoCropMeta* crop = gst_buffer_add_video_crop_meta(buffer);
  crop->x = 0;
  crop->y = 0;
  crop->width = 64;
  crop->height = 48;
  EXPECT_EQ(refusal(buffer, info, GST_MAP_READ), "");
  crop->x = 10;
  EXPECT_NE(refusal(buffer, info, GST_MAP_READ), "");
  gst_buffer_unref(buffer);
}

TEST_P(Mapped, SeveralPicturesInABufferAreRefused) {
  const GstVideoInfo info = video_info(GetParam(), 64, 48);
  GstBuffer* buffer = new_frame(info, 8);
  EXPECT_EQ(refusal(buffer, info, GST_MAP_READ), "");
  GstVideoMeta* first = gst_buffer_get_video_meta(buffer);
  GstVideoMeta* second =
      gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, first->format, first->width,
                                     first->height, first->n_planes, first->offset, first->stride);
  second->id = 1;
  EXPECT_NE(refusal(buffer, info, GST_MAP_READ), "");
  gst_buffer_unref(buffer);
}

TEST(Format, OthersAreRefused) {
  gst_init(nullptr, nullptr);
  EXPECT_THROW(describe(video_info("P010_10LE", 8, 8)), ElementError);
  GstVideoInfo info = video_info("I420", 1920, 1080);
  EXPECT_TRUE(describe(info).bt709);
  EXPECT_FALSE(describe(info).full_range);
  info.colorimetry.range = GST_VIDEO_COLOR_RANGE_0_255;
  EXPECT_TRUE(describe(info).full_range);
}

} // namespace
} // namespace deid
