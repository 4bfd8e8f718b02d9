// facerevise changes regions and no pixel, and refuses another video.
#include "tests/elements/base/refusal.hpp"
#include "tests/elements/facerevise/bench.hpp"

namespace deid::test {
namespace {

using revision::first_added;

std::vector<cv::Rect> rois(GstBuffer* buffer) {
  std::vector<cv::Rect> found;
  gpointer state = nullptr;
  while (GstMeta* meta =
             gst_buffer_iterate_meta_filtered(buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)) {
    const auto& roi = *reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta);
    if (roi.id >= static_cast<gint>(first_added))
      found.emplace_back(static_cast<int>(roi.x), static_cast<int>(roi.y), static_cast<int>(roi.w),
                         static_cast<int>(roi.h));
  }
  return found;
}

TEST_F(FaceRevise, AddsARegionAndAWish) {
  begin(of(1, {.added = {{first_added, {4, 5, 6, 7}, Treatment::covered}}}));
  ASSERT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_OK);
  GstBuffer* out = bench->pull();
  EXPECT_EQ(rois(out), std::vector<cv::Rect>{cv::Rect(4, 5, 6, 7)});
  ASSERT_NE(find_wishes(out), nullptr);
  EXPECT_EQ(wish_for(*find_wishes(out), first_added), Treatment::covered);
  EXPECT_EQ(stat(bench->element, "added"), 1U);
  gst_buffer_unref(out);
}

TEST_F(FaceRevise, TakesAwayOnlyWhatThePersonSaw) {
  begin(of(2, {.removed = {{1, {4, 4, 8, 8}}, {2, {20, 20, 8, 8}}}}));
  ASSERT_EQ(bench->push(stamped_frame(
                info, {box_face({4, 4, 8, 8}, 1), box_face({18, 20, 8, 8}, 2), box_face({4, 4, 8, 8}, 3)})),
            GST_FLOW_OK);
  GstBuffer* out = bench->pull();
  const FaceFrame* stamp = find_faces(out);
  ASSERT_NE(stamp, nullptr);
  ASSERT_EQ(stamp->faces.size(), 2U);
  EXPECT_EQ(stamp->faces[0].id, 2U); // it is elsewhere
  EXPECT_EQ(stamp->faces[1].id, 3U); // another face at the same place
  EXPECT_EQ(stat(bench->element, "removed"), 1U);
  EXPECT_EQ(stat(bench->element, "kept"), 1U);
  gst_buffer_unref(out);
}

TEST_F(FaceRevise, GivesNoStampToAFrameThatWasNotSearched) {
  begin(of(1, {.added = {{first_added, {4, 5, 6, 7}, Treatment::covered}}, .removed = {{1, {4, 4, 8, 8}}}}));
  ASSERT_EQ(bench->push(new_frame(info)), GST_FLOW_OK);
  GstBuffer* out = bench->pull();
  EXPECT_EQ(find_faces(out), nullptr);
  gst_buffer_unref(out);
}

TEST_F(FaceRevise, ChangesNoPixelTimeOrFlagAtOddSizes) {
  for (const char* format : {"I420", "RGB", "GRAY8"}) {
    const GstVideoInfo odd = video_info(format, 33, 33);
    begin(of(1, {.added = {{first_added, {4, 5, 6, 7}, Treatment::covered}}}, 33), format, 33);
    GstBuffer* in = at(stamped_frame(odd, {box_face({4, 4, 8, 8})}, 5), 7 * GST_MSECOND);
    GST_BUFFER_DTS(in) = 3 * GST_MSECOND;
    GST_BUFFER_DURATION(in) = 40 * GST_MSECOND;
    GST_BUFFER_FLAG_SET(in, GST_BUFFER_FLAG_DISCONT);
    const auto before = bytes(in);
    ASSERT_EQ(bench->push(in), GST_FLOW_OK) << format;
    GstBuffer* out = bench->pull();
    EXPECT_EQ(bytes(out), before) << format;
    EXPECT_EQ(GST_BUFFER_PTS(out), 7 * GST_MSECOND);
    EXPECT_EQ(GST_BUFFER_DTS(out), 3 * GST_MSECOND);
    EXPECT_EQ(GST_BUFFER_DURATION(out), 40 * GST_MSECOND);
    EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(out, GST_BUFFER_FLAG_DISCONT));
    gst_buffer_unref(out);
  }
}

TEST_F(FaceRevise, RefusesAFrameOfAnotherTime) {
  begin(of(1, {.pts = 40 * GST_MSECOND, .harder = {{1, Treatment::covered}}}));
  EXPECT_EQ(bench->push(at(stamped_frame(info, {}), 41 * GST_MSECOND)), GST_FLOW_ERROR);
  EXPECT_EQ(bench->pull(), nullptr);
  EXPECT_EQ(bench->error(), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
}

TEST_F(FaceRevise, RefusesFramesOfAnotherSize) {
  begin(of(1, {}, 32), "GRAY8", 16);
  EXPECT_EQ(bench->push(stamped_frame(video_info("GRAY8", 16, 16), {})), GST_FLOW_ERROR);
  EXPECT_EQ(bench->pull(), nullptr);
}

TEST_F(FaceRevise, RefusesMoreFrames) {
  begin(of(1, {}));
  ASSERT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_OK);
  EXPECT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_ERROR);
  EXPECT_EQ(bench->error(), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
}

TEST_F(FaceRevise, RefusesFewerFrames) {
  begin(of(2, {}));
  ASSERT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_OK);
  end();
  EXPECT_EQ(bench->error(), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
}

TEST_F(FaceRevise, EndsWithoutAnErrorAfterAllFrames) {
  begin(of(1, {}));
  ASSERT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_OK);
  EXPECT_TRUE(end());
  EXPECT_EQ(bench->error(), "");
}

TEST_F(FaceRevise, RefusesFramesAfterASeek) {
  begin(of(3, {}));
  ASSERT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_OK);
  gst_harness_push_event(bench->harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench->harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench->harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(bench->push(stamped_frame(info, {})), GST_FLOW_ERROR);
}

TEST_F(FaceRevise, DoesNotStartWithoutARevision) {
  EXPECT_NE(refusal(gst_deid_face_revise_get_type(), {}).find("The revision cannot be used"),
            std::string::npos);
  write(file, "{}");
  EXPECT_NE(refusal(gst_deid_face_revise_get_type(), {{"location", file.string()}}).find("is no revision"),
            std::string::npos);
}

TEST_F(FaceRevise, RefusesMemoryThatCannotBeMapped) {
  begin(of(1, {}));
  EXPECT_EQ(bench->push(unmappable_frame(info)), GST_FLOW_ERROR);
  EXPECT_EQ(bench->pull(), nullptr);
}

} // namespace
} // namespace deid::test
