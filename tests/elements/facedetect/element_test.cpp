#include "tests/elements/facedetect/element.hpp"

namespace {

using namespace deid::facedetect::test;

class FaceDetectFormat : public FaceDetect, public ::testing::WithParamInterface<const char*> {};

TEST_P(FaceDetectFormat, FindsTheFaceAndChangesNothing) {
  open();
  const std::string caps = caps_of(GetParam(), portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  Buffer input = buffer_of(portrait(), caps, 0);
  const std::string before = bytes_of(input.get());
  ASSERT_EQ(gst_harness_push(harness.get(), input.release()), GST_FLOW_OK);
  const Buffer out = pull();
  ASSERT_TRUE(out);
  EXPECT_EQ(bytes_of(out.get()), before);
  const deid::FaceFrame* found = deid::find_faces(out.get());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->width, portrait().cols);
  EXPECT_EQ(found->height, portrait().rows);
  ASSERT_EQ(found->faces.size(), 1U);
  EXPECT_EQ(found->faces[0].landmarks.size(), 468U);
  EXPECT_GT(found->faces[0].box.area(), 80.F * 80.F);
  EXPECT_FALSE(found->detector.empty());
}

INSTANTIATE_TEST_SUITE_P(AllFormats, FaceDetectFormat,
                         ::testing::Values("I420", "YV12", "NV12", "BGR", "RGB", "BGRx", "RGBx", "xBGR",
                                           "xRGB", "BGRA", "RGBA", "GRAY8"));

TEST_F(FaceDetect, OddSizesAndTinyFramesAreStamped) {
  for (const cv::Size size :
       {cv::Size(321, 241), cv::Size(1, 1), cv::Size(2, 2), cv::Size(3, 500), cv::Size(33, 17)}) {
    open();
    const std::string caps = caps_of("I420", size);
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
    cv::Mat picture(size, CV_8UC3, cv::Scalar(90, 90, 90));
    if (size.width > 300)
      portrait()(cv::Rect((portrait().cols - size.width) / 2, 40, size.width, size.height)).copyTo(picture);
    push_ok(picture, caps, 0);
    const Buffer out = pull();
    ASSERT_TRUE(out) << size;
    ASSERT_NE(deid::find_faces(out.get()), nullptr) << size;
    TearDown();
  }
}

TEST_F(FaceDetect, LookaheadDelaysReportsLatencyAndDrainsInOrder) {
  open("deidfacedetect lookahead=5");
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  for (int n = 0; n < 8; ++n)
    push_ok(portrait(), caps, n);
  EXPECT_EQ(gst_harness_buffers_in_queue(harness.get()), 3U);
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 5 * (GST_SECOND / 30));
  ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  ASSERT_EQ(gst_harness_buffers_in_queue(harness.get()), 8U);
  for (int n = 0; n < 8; ++n) {
    const Buffer out = pull();
    EXPECT_EQ(GST_BUFFER_PTS(out.get()), static_cast<GstClockTime>(n) * GST_SECOND / 30);
    ASSERT_NE(deid::find_faces(out.get()), nullptr);
    EXPECT_EQ(deid::find_faces(out.get())->faces.size(), 1U);
  }
}

TEST_F(FaceDetect, AGapLetsNoFrameOutBeforeItsLookaheadUnlessItIsLong) {
  for (const bool lasting : {false, true}) {
    open("deidfacedetect lookahead=10");
    const std::string caps = caps_of("I420", portrait().size());
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
    for (int n = 0; n < 5; ++n)
      push_ok(portrait(), caps, n);
    const guint others = gst_harness_events_in_queue(harness.get());
    ASSERT_TRUE(gst_harness_push_event(
        harness.get(), gst_event_new_gap(GST_SECOND / 6, lasting ? GST_SECOND : GST_SECOND / 30)));
    EXPECT_EQ(gst_harness_buffers_in_queue(harness.get()), lasting ? 5U : 0U);
    EXPECT_EQ(gst_harness_events_in_queue(harness.get()), others + (lasting ? 1U : 0U)) << "gap goes after";
    ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
    ASSERT_EQ(gst_harness_buffers_in_queue(harness.get()), 5U);
    for (int n = 0; n < 5; ++n)
      EXPECT_EQ(GST_BUFFER_PTS(pull().get()), static_cast<GstClockTime>(n) * GST_SECOND / 30);
    TearDown();
  }
}

TEST_F(FaceDetect, FlushForgetsTheWaitingFrames) {
  open("deidfacedetect lookahead=5");
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  for (int n = 0; n < 4; ++n)
    push_ok(portrait(), caps, n);
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  push_ok(portrait(), caps, 100);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  ASSERT_EQ(gst_harness_buffers_in_queue(harness.get()), 1U);
  const Buffer out = pull();
  EXPECT_EQ(GST_BUFFER_PTS(out.get()), 100 * GST_SECOND / 30);
  ASSERT_NE(deid::find_faces(out.get()), nullptr);
}

TEST_F(FaceDetect, ANewFormatDrainsTheOldOne) {
  open("deidfacedetect lookahead=5");
  const std::string first = caps_of("I420", portrait().size());
  const cv::Mat part = portrait()(cv::Rect(160, 0, 320, 240)).clone();
  const std::string second = caps_of("NV12", part.size());
  gst_harness_set_src_caps_str(harness.get(), first.c_str());
  for (int n = 0; n < 3; ++n)
    push_ok(portrait(), first, n);
  gst_harness_set_src_caps_str(harness.get(), second.c_str());
  EXPECT_EQ(gst_harness_buffers_in_queue(harness.get()), 3U);
  for (int n = 3; n < 5; ++n)
    push_ok(part, second, n);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  for (int n = 0; n < 5; ++n) {
    const Buffer out = pull();
    ASSERT_TRUE(out);
    ASSERT_NE(deid::find_faces(out.get()), nullptr);
    EXPECT_EQ(deid::find_faces(out.get())->width, n < 3 ? portrait().cols : 320);
  }
}

TEST_F(FaceDetect, FlagsOffsetsAndForeignMetadataStay) {
  open();
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  Buffer input = buffer_of(portrait(), caps, 3);
  GST_BUFFER_OFFSET(input.get()) = 77;
  GST_BUFFER_FLAG_SET(input.get(), GST_BUFFER_FLAG_MARKER);
  gst_buffer_add_video_region_of_interest_meta(input.get(), "dog", 1, 2, 3, 4);
  gst_harness_push(harness.get(), input.release());
  const Buffer out = pull();
  EXPECT_EQ(GST_BUFFER_OFFSET(out.get()), 77U);
  EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(out.get(), GST_BUFFER_FLAG_MARKER));
  int dogs = 0;
  gpointer state = nullptr;
  while (auto* meta =
             gst_buffer_iterate_meta_filtered(out.get(), &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))
    dogs += g_strcmp0(g_quark_to_string(reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta)->roi_type),
                      "dog") == 0
                ? 1
                : 0;
  EXPECT_EQ(dogs, 1);
}

TEST_F(FaceDetect, ABufferThatIsTooSmallStopsEverythingAndNothingLeaves) {
  open("deidfacedetect lookahead=2");
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  push_ok(portrait(), caps, 0);
  EXPECT_EQ(gst_harness_push(harness.get(), gst_buffer_new_allocate(nullptr, 16, nullptr)), GST_FLOW_ERROR);
  EXPECT_NE(error_domain(), 0U);
  EXPECT_EQ(gst_harness_push(harness.get(), buffer_of(portrait(), caps, 2).release()), GST_FLOW_ERROR);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(gst_harness_buffers_in_queue(harness.get()), 0U);
}

TEST_F(FaceDetect, RefusesToStartWithoutItsModels) {
  const deid::test::Scratch empty;
  g_setenv("DEID_MODEL_DIR", empty.path().c_str(), TRUE);
  GstElement* alone = gst_element_factory_make("deidfacedetect", nullptr);
  gst_object_ref_sink(alone);
  g_object_set(alone, "model-mesh", (empty.path() / "nothing.tflite").c_str(), nullptr);
  bus.reset(gst_bus_new());
  gst_element_set_bus(alone, bus.get());
  EXPECT_EQ(gst_element_set_state(alone, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  int code = 0;
  EXPECT_EQ(error_domain(&code), GST_RESOURCE_ERROR);
  gst_element_set_state(alone, GST_STATE_NULL);
  gst_element_set_bus(alone, nullptr);
  gst_object_unref(alone);
  g_setenv("DEID_MODEL_DIR", DEID_DEPS_DIR "/models", TRUE);
}

TEST_F(FaceDetect, RefusesADamagedModelFile) {
  const deid::test::Scratch scratch;
  const auto damaged = scratch.path() / "face_landmark.tflite";
  std::filesystem::copy_file(std::filesystem::path(DEID_DEPS_DIR) / "models/face_landmark.tflite", damaged);
  std::filesystem::resize_file(damaged, 40'000);
  GstElement* alone = gst_element_factory_make("deidfacedetect", nullptr);
  gst_object_ref_sink(alone);
  g_object_set(alone, "model-mesh", damaged.c_str(), nullptr);
  bus.reset(gst_bus_new());
  gst_element_set_bus(alone, bus.get());
  EXPECT_EQ(gst_element_set_state(alone, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  EXPECT_EQ(error_domain(), GST_RESOURCE_ERROR);
  gst_element_set_state(alone, GST_STATE_NULL);
  gst_element_set_bus(alone, nullptr);
  gst_object_unref(alone);
}

TEST_F(FaceDetect, PostsTheStockElementsMessage) {
  open("deidfacedetect lookahead=0 updates=every-frame");
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  push_ok(portrait(), caps, 6);
  const Message message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ELEMENT));
  ASSERT_TRUE(message);
  const GstStructure* said = gst_message_get_structure(message.get());
  EXPECT_TRUE(gst_structure_has_name(said, "facedetect"));
  guint64 timestamp = 0;
  ASSERT_TRUE(gst_structure_get_uint64(said, "timestamp", &timestamp));
  EXPECT_EQ(timestamp, GST_SECOND / 5);
  const GValue* faces = gst_structure_get_value(said, "faces");
  ASSERT_EQ(gst_value_list_get_size(faces), 1U);
  guint width = 0;
  ASSERT_TRUE(
      gst_structure_get_uint(gst_value_get_structure(gst_value_list_get_value(faces, 0)), "width", &width));
  EXPECT_GT(width, 60U);
}

TEST_F(FaceDetect, StatsCountWhatLeft) {
  open();
  const std::string caps = caps_of("I420", portrait().size());
  gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  for (int n = 0; n < 3; ++n)
    push_ok(portrait(), caps, n);
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  guint64 frames = 0, with_faces = 0;
  gst_structure_get(stats, "frames", G_TYPE_UINT64, &frames, "frames-with-faces", G_TYPE_UINT64, &with_faces,
                    nullptr);
  gst_structure_free(stats);
  EXPECT_EQ(frames, 3U);
  EXPECT_EQ(with_faces, 3U);
}

TEST_F(FaceDetect, PropertiesHaveTheDocumentedDefaults) {
  open("deidfacedetect");
  gfloat threshold = 0;
  gint min_face = 0, sweep = 0, most = 0, lookahead = 0, threads = 0;
  guint64 hold = 0;
  g_object_get(element, "threshold", &threshold, "min-face", &min_face, "sweep-period", &sweep, "max-faces",
               &most, "lookahead", &lookahead, "threads", &threads, "hold-time", &hold, nullptr);
  EXPECT_FLOAT_EQ(threshold, 0.4F);
  EXPECT_EQ(min_face, 8);
  EXPECT_EQ(sweep, 0);
  EXPECT_EQ(most, 16);
  EXPECT_EQ(lookahead, -1);
  EXPECT_EQ(threads, 1);
  EXPECT_EQ(hold, GST_SECOND);
}

TEST_F(FaceDetect, WhoIsSeenFromBehindIsARegionOfOriginBodyWhenAskedFor) {
  const auto clip = deid::test::shared_dir() / "data/intel_samples/one-by-one-person-detection.mp4";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "The shared footage is absent.";
  const cv::Mat room = deid::test::decode(clip, {89}).at(0);
  const std::string caps = caps_of("I420", room.size());
  for (const std::string mode : {"off", "facing", "all"}) {
    open("deidfacedetect heads=" + mode);
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
    push_ok(room, caps, 0);
    EXPECT_EQ(pull(), nullptr) << "a still waits until the stream ends";
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    const Buffer out = pull();
    ASSERT_NE(out, nullptr);
    const deid::FaceFrame* faces = deid::find_faces(out.get());
    ASSERT_NE(faces, nullptr) << mode;
    ASSERT_EQ(faces->faces.size(), mode == "all" ? 1U : 0U);
    if (mode == "all") {
      EXPECT_EQ(faces->faces[0].origin, deid::Origin::body);
      EXPECT_TRUE(faces->faces[0].landmarks.empty());
    }
    TearDown();
  }
}

} // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
