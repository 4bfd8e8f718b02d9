// oksmeter as an element: in line, with files, and its refusals. reference_pad_test.cpp has the second pad.
#include "tests/elements/oksmeter/bench.hpp"
#include <filesystem>
#include <gst/app/gstappsrc.h>
#include <limits>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class OksMeterFormat : public testing::TestWithParam<const char*> {};

TEST_P(OksMeterFormat, ChangesNothing) {
  for (const cv::Size size : {cv::Size(64, 48), cv::Size(1, 1), cv::Size(33, 17), cv::Size(3, 500)})
    for (const int padding : {0, 20}) {
      MeterBench bench;
      bench.caps(GetParam(), size.width, size.height);
      GstBuffer* input = new_frame(video_info(GetParam(), size.width, size.height), padding);
      GST_BUFFER_PTS(input) = 7 * GST_SECOND;
      GST_BUFFER_DURATION(input) = step;
      GST_BUFFER_OFFSET(input) = 12;
      attach_pose(input, frame_of(Stage::original, {somebody(1, 10, 10, 0)}));
      attach_pose(input, frame_of(Stage::deidentified, {}));
      const auto before = bytes(input);
      ASSERT_EQ(bench.push(input), GST_FLOW_OK) << size << padding;
      GstBuffer* out = bench.pull();
      ASSERT_NE(out, nullptr);
      EXPECT_EQ(bytes(out), before) << size << padding;
      EXPECT_EQ(GST_BUFFER_PTS(out), 7 * GST_SECOND);
      EXPECT_EQ(GST_BUFFER_DURATION(out), static_cast<GstClockTime>(step));
      EXPECT_EQ(GST_BUFFER_OFFSET(out), 12U);
      EXPECT_NE(find_pose(out, Stage::original), nullptr);
      gst_buffer_unref(out);
    }
}

INSTANTIATE_TEST_SUITE_P(AllFormats, OksMeterFormat,
                         testing::Values("I420", "YV12", "NV12", "BGR", "RGB", "BGRx", "RGBx", "xBGR", "xRGB",
                                         "BGRA", "RGBA", "GRAY8"));

TEST(OksMeter, PropertiesAreAsDocumented) {
  MeterBench bench;
  gint scale = -1;
  gdouble scale_px = 0, min_score = -1;
  gchar *primary = nullptr, *reference = nullptr, *location = nullptr, *csv = nullptr;
  guint64 period = 1;
  guint block = 1, resamples = 0, seed = 0;
  gboolean every = TRUE, qos = TRUE;
  g_object_get(bench.element, "scale", &scale, "scale-px", &scale_px, "min-score", &min_score, "primary",
               &primary, "reference", &reference, "location", &location, "csv", &csv, "period", &period,
               "bootstrap-block", &block, "bootstrap-resamples", &resamples, "bootstrap-seed", &seed,
               "every-pair", &every, "qos", &qos, nullptr);
  EXPECT_EQ(scale, 0);
  EXPECT_EQ(scale_px, 100);
  EXPECT_EQ(min_score, 0);
  EXPECT_STREQ(primary, "all");
  for (gchar* text : {reference, location, csv})
    EXPECT_TRUE(text == nullptr || *text == '\0');
  EXPECT_EQ(period, 0U);
  EXPECT_EQ(block, 0U);
  EXPECT_EQ(resamples, 1000U);
  EXPECT_EQ(seed, 1U);
  EXPECT_FALSE(every || qos);
  for (gchar* text : {primary, reference, location, csv})
    g_free(text);
  const auto spec = [&](const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(bench.element), name);
  };
  EXPECT_EQ(G_PARAM_SPEC_DOUBLE(spec("scale-px"))->minimum, 1e-3);
  EXPECT_EQ(G_PARAM_SPEC_DOUBLE(spec("scale-px"))->maximum, 1e6);
  EXPECT_EQ(G_PARAM_SPEC_DOUBLE(spec("min-score"))->maximum, 1);
  EXPECT_EQ(G_PARAM_SPEC_UINT(spec("bootstrap-block"))->maximum, 1'000'000U);
  EXPECT_EQ(G_PARAM_SPEC_UINT(spec("bootstrap-resamples"))->minimum, 1U);
  EXPECT_EQ(G_PARAM_SPEC_UINT(spec("bootstrap-resamples"))->maximum, 100'000U);
  for (const char* name : {"keypoint-box", "box-0.53", "fixed", "torso"}) {
    gst_util_set_object_arg(G_OBJECT(bench.element), "scale", name);
    gint now = -1;
    g_object_get(bench.element, "scale", &now, nullptr);
    EXPECT_EQ(now, scale++) << name;
  }
}

TEST(OksMeter, TheSameKeypointsScoreExactlyOne) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}, {"csv", scratch.path() / "movement.csv"}});
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(bench.passes(i));
  EXPECT_FALSE(fs::exists(scratch.path() / "report.json")); // only at the end
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_TRUE(Said::final(said.messages[0]));
  EXPECT_EQ(count(said.messages[0], "frames"), 60U);
  EXPECT_EQ(count(said.messages[0], "people"), 60U);
  EXPECT_EQ(count(said.messages[0], "only-original"), 0U);
  for (const char* name : {"median-oks", "ap", "ap50", "ap75", "ap95", "ar", "ar50", "ar75", "ar95"})
    EXPECT_EQ(real(said.messages[0], name), 1.) << name;
  const auto report = json_of(scratch.path() / "report.json");
  EXPECT_EQ(report["scale"], "keypoint-box");
  EXPECT_EQ(report["counts"]["frames"], 60);
  EXPECT_EQ(report["similarity"]["median"], 1.);
  EXPECT_EQ(report["streams"]["original"]["detector"], "a test");
  EXPECT_THAT(read(scratch.path() / "movement.csv"),
              ::testing::StartsWith("measure,part,unit,original,deidentified,difference,n,why\n"));
  GstStructure* stats = bench.stats();
  EXPECT_EQ(count(stats, "frames"), 60U);
  EXPECT_EQ(real(stats, "ap"), 1.);
  gst_structure_free(stats);
}

TEST(OksMeter, AShiftIsSeen) {
  MeterBench bench;
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(bench.passes(i, {.off = i < 5 ? 0.F : 500.F}));
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_NEAR(real(said.messages[0], "ar"), .5, 1e-12);
  EXPECT_EQ(count(said.messages[0], "people"), 10U);
  EXPECT_LT(real(said.messages[0], "median-oks"), 1.);
}

TEST(OksMeter, SaysHowFarItIsInEveryPeriod) {
  MeterBench bench;
  g_object_set(bench.element, "period", static_cast<guint64>(10 * step), nullptr);
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 35; ++i)
    ASSERT_TRUE(bench.passes(i));
  const Said before = bench.heard();
  ASSERT_EQ(before.messages.size(), 3U); // at frames 10, 20, 30
  for (const GstStructure* one : before.messages)
    EXPECT_FALSE(Said::final(one));
  EXPECT_EQ(count(before.messages[0], "frames"), 11U);
  bench.end();
  const Said after = bench.heard();
  ASSERT_EQ(after.messages.size(), 1U);
  EXPECT_TRUE(Said::final(after.messages[0]));
}

TEST(OksMeter, WithoutPosedetectNothingLeaves) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  bench.caps("I420", 64, 48);
  EXPECT_EQ(bench.push(frame_with(0, {.original = false, .deidentified = false})), GST_FLOW_ERROR);
  EXPECT_EQ(bench.pull(), nullptr);
  bench.end();
  const Said said = bench.heard();
  EXPECT_EQ(said.error, error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  EXPECT_EQ(said.sentence, "This frame carries no keypoints: put posedetect before oksmeter.");
  EXPECT_TRUE(said.messages.empty());
  EXPECT_TRUE(fs::is_empty(scratch.path())); // an incomplete measurement must not look complete
}

TEST(OksMeter, OneStageAloneIsAnError) {
  for (const bool original : {true, false}) {
    MeterBench bench;
    bench.caps("I420", 64, 48);
    EXPECT_FALSE(bench.passes(0, {.original = original, .deidentified = !original}));
    EXPECT_THAT(bench.heard().sentence, HasSubstr("There are no keypoints of the original"));
  }
}

TEST(OksMeter, AFrameWithoutTimeIsAnError) {
  MeterBench bench;
  bench.caps("I420", 64, 48);
  GstBuffer* buffer = frame_with(0);
  GST_BUFFER_PTS(buffer) = GST_CLOCK_TIME_NONE;
  EXPECT_EQ(bench.push(buffer), GST_FLOW_ERROR);
  EXPECT_EQ(bench.pull(), nullptr);
  EXPECT_EQ(bench.heard().sentence, "This frame has no time and cannot be measured.");
}

TEST(OksMeter, PointsThatAreNoNumbersAreNoScore) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  bench.caps("I420", 64, 48);
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  int number = 0;
  for (const float bad : {nan, inf, -inf, 1e30F, 0.F}) {
    GstBuffer* buffer = frame_with(number++, {.deidentified = false});
    Person person = somebody(1, 100, 50, 0);
    for (Keypoint& point : person.points)
      point.x = bad;
    attach_pose(buffer, frame_of(Stage::deidentified, {person}));
    PoseFrame other = frame_of(Stage::deidentified, {person});
    other.width = 64;
    other.height = 48;
    attach_pose(buffer, other);
    if (bench.push(buffer) == GST_FLOW_OK)
      gst_buffer_unref(bench.pull());
  }
  bench.end();
  const Said said = bench.heard();
  if (said.error.empty()) {
    ASSERT_EQ(said.messages.size(), 1U);
    EXPECT_EQ(real(said.messages[0], "ar"), 0.);
    EXPECT_FALSE(json_of(scratch.path() / "report.json").empty());
  } else {
    EXPECT_FALSE(fs::exists(scratch.path() / "report.json"));
  }
}

TEST(OksMeter, AReportThatCannotBeWrittenIsAnErrorAtTheEnd) {
  const Scratch scratch;
  for (const char* property : {"location", "csv"})
    for (const fs::path& place : {scratch.path() / "none" / "report.json", scratch.path()}) {
      MeterBench bench({{property, place}});
      bench.caps("I420", 64, 48);
      EXPECT_TRUE(bench.passes(0));
      bench.end();
      const Said said = bench.heard();
      EXPECT_EQ(said.error, error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE)) << place;
      EXPECT_EQ(said.sentence, "The report cannot be written.");
      EXPECT_TRUE(said.messages.empty());
    }
  EXPECT_TRUE(fs::is_empty(scratch.path()));
}

TEST(OksMeter, AFlushBeginsAnew) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  g_object_set(bench.element, "period", static_cast<guint64>(4 * step), nullptr);
  bench.caps("I420", 64, 48);
  for (int i = 100; i < 110; ++i)
    ASSERT_TRUE(bench.passes(i, {.off = 500}));
  (void)bench.heard();
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  for (int i = 0; i < 6; ++i) // back in time
    ASSERT_TRUE(bench.passes(i));
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 2U); // the period begins again, too
  EXPECT_EQ(count(said.messages[1], "frames"), 6U);
  EXPECT_EQ(real(said.messages[1], "ar"), 1.);
  EXPECT_EQ(json_of(scratch.path() / "report.json")["counts"]["frames"], 6);
}

TEST(OksMeter, ANewSizeGoesOn) {
  MeterBench bench;
  bench.caps("I420", 64, 48);
  EXPECT_TRUE(bench.passes(0));
  bench.caps("RGB", 33, 17);
  EXPECT_TRUE(bench.passes(1, {.width = 33, .height = 17, .format = "RGB"}));
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "frames"), 2U);
  EXPECT_EQ(real(said.messages[0], "ap"), 1.);
}

TEST(OksMeter, TimesBeforeTheSegmentCountAsWell) {
  MeterBench bench;
  bench.caps("I420", 64, 48);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = time_at(3);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(bench.passes(i));
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "frames"), 6U);
}

TEST(OksMeter, StoppedWithoutAnEndItStillReportsOnce) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(bench.passes(i));
  gst_element_set_state(bench.element, GST_STATE_NULL);
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_TRUE(Said::final(said.messages[0]));
  EXPECT_EQ(json_of(scratch.path() / "report.json")["counts"]["frames"], 5);
}

TEST(OksMeter, TwoRunsGiveAReportEach) {
  const Scratch scratch;
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = gst_element_factory_make("appsrc", nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  auto* meter = GST_ELEMENT(g_object_new(gst_deid_oks_meter_get_type(), nullptr));
  g_object_set(source, "format", GST_FORMAT_TIME, nullptr);
  gst_util_set_object_arg(G_OBJECT(source), "caps",
                          "video/x-raw,format=I420,width=64,height=48,framerate=25/1");
  g_object_set(meter, "location", (scratch.path() / "report.json").c_str(), nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, meter, sink, nullptr);
  ASSERT_TRUE(gst_element_link_many(source, meter, sink, nullptr));
  GstBus* bus = gst_element_get_bus(pipeline);
  for (const int frames : {7, 3}) {
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    for (int i = 0; i < frames; ++i)
      gst_app_src_push_buffer(GST_APP_SRC(source), frame_with(i));
    gst_app_src_end_of_stream(GST_APP_SRC(source));
    GstMessage* end = gst_bus_timed_pop_filtered(
        bus, 30 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    ASSERT_NE(end, nullptr);
    EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
    gst_message_unref(end);
    EXPECT_EQ(json_of(scratch.path() / "report.json")["counts"]["frames"], frames);
    fs::remove(scratch.path() / "report.json");
    gst_element_set_state(pipeline, GST_STATE_NULL);
    EXPECT_TRUE(fs::is_empty(scratch.path())); // not written a second time
  }
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

TEST(OksMeter, AnEndWithoutFramesIsAReport) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  bench.caps("I420", 64, 48);
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(real(said.messages[0], "ap"), -1.);
  EXPECT_EQ(json_of(scratch.path() / "report.json")["counts"]["frames"], 0);
}

} // namespace
} // namespace deid::test

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
