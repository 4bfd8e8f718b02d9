// Metadata that a cover leaves on its frames.
#include "elements/meta/original_meta.hpp"
#include "elements/meta/pose_meta.hpp"
#include "tests/elements/cover/beside.hpp"
#include <gst/video/gstvideoaffinetransformationmeta.h>
#include <gst/video/video-sei.h>
#include <gst/video/video.h>
#include <set>

namespace deid {
namespace {

using test::Which;

class OnFrames : public test::BesideTest {};
INSTANTIATE_TEST_SUITE_P(Elements, OnFrames, testing::Values(Which::mask, Which::blur),
                         [](const auto& which) {
                           return which.param == Which::mask ? "facemask" : "faceblur";
                         });

void put_metadata_of_others(GstBuffer* buffer) {
  const guint8 bytes[16] = {0x80, 0x80};
  gst_buffer_add_video_caption_meta(buffer, GST_VIDEO_CAPTION_TYPE_CEA608_RAW, bytes, 2);
  auto* code = gst_video_time_code_new(25, 1, nullptr, GST_VIDEO_TIME_CODE_FLAGS_NONE, 1, 2, 3, 4, 0);
  gst_buffer_add_video_time_code_meta(buffer, code);
  gst_video_time_code_free(code);
  GstCaps* clock = gst_caps_from_string("timestamp/x-unix");
  gst_buffer_add_reference_timestamp_meta(buffer, clock, 1, GST_CLOCK_TIME_NONE);
  gst_caps_unref(clock);
  auto* text = static_cast<guint8*>(g_memdup2("Jane", 5));
  gst_buffer_add_video_sei_user_data_unregistered_meta(buffer, const_cast<guint8*>(bytes), text, 5);
  g_free(text);
  const gchar* no_tags[] = {nullptr};
  if (gst_meta_get_info("deid-test-names") == nullptr)
    gst_meta_register_custom("deid-test-names", no_tags, nullptr, nullptr, nullptr);
  gst_structure_set(gst_custom_meta_get_structure(gst_buffer_add_custom_meta(buffer, "deid-test-names")),
                    "who", G_TYPE_STRING, "Jane", nullptr);
  gst_buffer_add_protection_meta(buffer, gst_structure_new_empty("Jane"));
  GstVideoOverlayComposition* overlay = gst_video_overlay_composition_new(nullptr);
  gst_buffer_add_video_overlay_composition_meta(buffer, overlay);
  gst_video_overlay_composition_unref(overlay);
}

/// The kinds of metadata on a buffer.
std::set<std::string> kinds(GstBuffer* buffer) {
  std::set<std::string> names;
  gpointer at = nullptr;
  while (const GstMeta* meta = gst_buffer_iterate_meta(buffer, &at))
    names.insert(g_type_name(meta->info->api));
  return names;
}

/// A frame with metadata of other plugins and of our own elements.
GstBuffer* laden(GstBuffer* buffer) {
  put_metadata_of_others(buffer);
  gst_buffer_add_video_meta(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 64, 48);
  gst_buffer_add_video_affine_transformation_meta(buffer);
  GstBuffer* parent = gst_buffer_new();
  gst_buffer_add_parent_buffer_meta(buffer, parent);
  gst_buffer_unref(parent);
  attach_originals(buffer, {});
  PoseFrame pose;
  pose.width = 64;
  pose.height = 48;
  attach_pose(buffer, pose);
  return buffer;
}

TEST_P(OnFrames, OnlyWhatAFrameAndOurElementsNeedStaysOnIt) {
  GstBuffer* in = laden(frame());
  ASSERT_GE(kinds(in).size(), 14U);
  GstBuffer* out = through(in);
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(kinds(out), (std::set<std::string>{"DeidFaceMetaAPI", "DeidOriginalMetaAPI", "DeidPoseMetaAPI",
                                               "GstParentBufferMetaAPI", "GstVideoAffineTransformationAPI",
                                               "GstVideoMetaAPI", "GstVideoRegionOfInterestMetaAPI"}));
  gst_buffer_unref(out);
}

TEST_P(OnFrames, AWhollyCoveredFrameIsCleanedToo) {
  GstBuffer* in = test::new_frame(info_);
  put_metadata_of_others(in);
  GstBuffer* out = through(in);
  ASSERT_NE(out, nullptr);
  EXPECT_TRUE(test::all_black(out, info_));
  EXPECT_EQ(kinds(out), std::set<std::string>{});
  gst_buffer_unref(out);
}

TEST_P(OnFrames, RegionsKeepTheirBoxesAndLoseWhatARecogniserSaid) {
  GstBuffer* in = frame();
  auto* person = gst_buffer_add_video_region_of_interest_meta(in, "person", 1, 2, 3, 4);
  gst_video_region_of_interest_meta_add_param(
      person, gst_structure_new("detection", "confidence", G_TYPE_DOUBLE, 0.5, nullptr));
  gst_video_region_of_interest_meta_add_param(
      person, gst_structure_new("recognised", "label", G_TYPE_STRING, "Jane", nullptr));
  gst_buffer_add_video_region_of_interest_meta(in, "Jane", 1, 2, 3, 4);
  GstBuffer* out = through(in);
  gpointer at = nullptr;
  std::multiset<std::string> types;
  while (GstMeta* meta =
             gst_buffer_iterate_meta_filtered(out, &at, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)) {
    auto* region = reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta);
    types.insert(g_quark_to_string(region->roi_type));
    EXPECT_EQ(gst_video_region_of_interest_meta_get_param(region, "recognised"), nullptr);
    EXPECT_NE(gst_video_region_of_interest_meta_get_param(region, "detection"), nullptr);
  }
  EXPECT_EQ(types, (std::multiset<std::string>{"face", "person"}));
  gst_buffer_unref(out);
}

TEST_P(OnFrames, EverythingStaysWhenTold) {
  begin("keep", nullptr);
  GstBuffer* in = laden(frame());
  const auto before = kinds(in);
  GstBuffer* out = through(in);
  EXPECT_EQ(kinds(out), before);
  gst_buffer_unref(out);
}

} // namespace
} // namespace deid
