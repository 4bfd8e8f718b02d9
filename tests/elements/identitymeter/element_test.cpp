// identitymeter as an element: both stages, missing metadata, files, seeks, new formats. clip_test.cpp has
// real faces.
#include "tests/elements/identitymeter/bench.hpp"

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class IdentityMeterFormat : public testing::TestWithParam<const char*> {};

TEST_P(IdentityMeterFormat, ChangesNothing) {
  for (const char* stage : {"original", "deidentified"})
    for (const cv::Size size : {cv::Size(64, 48), cv::Size(1, 1), cv::Size(33, 17), cv::Size(3, 500)})
      for (const int padding : {0, 20}) {
        MeterBench bench(Properties{{"stage", stage}});
        bench.caps(GetParam(), size.width, size.height);
        const GstVideoInfo info = video_info(GetParam(), size.width, size.height);
        const float side = static_cast<float>(std::min(size.width, size.height));
        GstBuffer* input = stamped_frame(info, {plausible_face({0, 0, side, side})}, padding);
        GST_BUFFER_PTS(input) = 7 * GST_SECOND;
        GST_BUFFER_DURATION(input) = step;
        GST_BUFFER_OFFSET(input) = 12;
        if (stage == std::string("deidentified"))
          attach_originals(input, {size.width, size.height, 0, true, {}});
        const auto before = bytes(input);
        ASSERT_EQ(bench.push(input), GST_FLOW_OK) << size << padding;
        GstBuffer* out = bench.pull();
        ASSERT_NE(out, nullptr);
        EXPECT_EQ(bytes(out), before) << size << padding;
        EXPECT_EQ(GST_BUFFER_PTS(out), 7 * GST_SECOND);
        EXPECT_EQ(GST_BUFFER_DURATION(out), step);
        EXPECT_EQ(GST_BUFFER_OFFSET(out), 12U);
        EXPECT_NE(find_originals(out), nullptr);
        gst_buffer_unref(out);
      }
}

INSTANTIATE_TEST_SUITE_P(AllFormats, IdentityMeterFormat,
                         testing::Values("I420", "YV12", "NV12", "BGR", "RGB", "BGRx", "RGBx", "xBGR", "xRGB",
                                         "BGRA", "RGBA", "GRAY8"));

TEST(IdentityMeter, PropertiesAreAsDocumented) {
  Bench bench(meter_type());
  gint stage = -1, landmarks = -1;
  guint interval = 9;
  gdouble threshold = 0;
  gchar *target = nullptr, *location = nullptr, *csv = nullptr, *raw = nullptr;
  guint64 period = 1;
  gboolean qos = TRUE;
  g_object_get(bench.element, "stage", &stage, "interval", &interval, "threshold", &threshold, "landmarks",
               &landmarks, "target", &target, "location", &location, "csv", &csv, "raw", &raw, "period",
               &period, "qos", &qos, nullptr);
  EXPECT_EQ(stage, 1);
  EXPECT_EQ(interval, 0U);
  EXPECT_EQ(threshold, .6);
  EXPECT_EQ(landmarks, 0);
  for (const gchar* text : {target, location, csv, raw})
    EXPECT_EQ(text, nullptr);
  EXPECT_EQ(period, 0U);
  EXPECT_FALSE(qos);
  const auto spec = [&](const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(bench.element), name);
  };
  EXPECT_EQ(G_PARAM_SPEC_UINT(spec("interval"))->maximum, 1000U);
  EXPECT_EQ(G_PARAM_SPEC_DOUBLE(spec("threshold"))->minimum, 0);
  EXPECT_EQ(G_PARAM_SPEC_DOUBLE(spec("threshold"))->maximum, 2);
  EXPECT_STREQ(gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(bench.element), "klass"),
               "Filter/Analyzer/Video");
}

TEST(IdentityMeter, AnUntouchedFaceCutByTheSameLandmarksIsExactlyItself) {
  const Scratch scratch;
  Chain chain(Properties{{"landmarks", "original"}, {"location", (scratch.path() / "report.json").string()}});
  chain.caps("I420", 128, 96);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
  chain.meter.end();
  const Said said = chain.meter.heard();
  ASSERT_EQ(said.summaries.size(), 1U);
  const GstStructure* all = said.summaries[0];
  EXPECT_TRUE(is_final(all));
  EXPECT_EQ(count(all, "frames"), 5U);
  EXPECT_EQ(count(all, "measured"), 5U);
  EXPECT_EQ(count(all, "faces-none"), 5U);
  EXPECT_EQ(count(all, "to-original-count"), 5U);
  EXPECT_EQ(real(all, "to-original-mean"), 0.);
  EXPECT_EQ(real(all, "to-final-average-mean"), 0.); // all five are one picture
  EXPECT_EQ(real(all, "to-target-mean"), -1.);
  EXPECT_EQ(real(all, "auc"), -1.);
  EXPECT_TRUE(said.warning.empty() && said.missing.empty());
  const auto report = json_of(scratch.path() / "report.json");
  EXPECT_EQ(report["format"], "deid-identity-report-1");
  EXPECT_EQ(report["detector"], "test detector 1");
  EXPECT_EQ(report["model"]["sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(report["counts"]["measured"], 5);
  EXPECT_EQ(report["distances"]["all"]["to_original"]["mean"], 0.);
  EXPECT_EQ(report["distances"]["none"]["to_original"]["share_above_threshold"], 0.);
  EXPECT_TRUE(report["distances"]["all"]["to_target"]["mean"].is_null());
  EXPECT_TRUE(report["recognition"]["auc"].is_null());
  EXPECT_EQ(report["people"].size(), 1U);
}

TEST(IdentityMeter, KnowsWhatWasDoneToTheFace) {
  Chain chain;
  chain.caps("RGB", 128, 96);
  Bench mask(gst_deid_face_mask_get_type()), blur(gst_deid_face_blur_get_type());
  for (Bench* cover : {&mask, &blur})
    cover->caps("RGB", 128, 96);
  const auto frame = [](int number) { return patterned(number, {plausible_face({20, 10, 60, 70})}, "RGB"); };
  EXPECT_TRUE(chain.passes(frame(0), [&](GstBuffer* in) { return through(mask, in); }));
  EXPECT_TRUE(chain.passes(frame(1), [&](GstBuffer* in) { return through(blur, in); }));
  EXPECT_TRUE(chain.passes(frame(2), [&](GstBuffer* in) { return through(mask, through(blur, in)); }));
  EXPECT_TRUE(chain.passes(frame(3)));
  EXPECT_EQ(stat(chain.meter.element, "measured"), 4U);
  EXPECT_EQ(stat(chain.meter.element, "faces-covered"), 2U);
  EXPECT_EQ(stat(chain.meter.element, "faces-blurred"), 1U);
  EXPECT_EQ(stat(chain.meter.element, "faces-none"), 1U);
  EXPECT_GE(stat(chain.meter.element, "landmarks-of-original"), 2U); // no mesh finds a face in black
}

TEST(IdentityMeter, TheWholeFrameCoveredInDoubtIsNotMeasured) {
  Chain chain;
  chain.caps("RGB", 128, 96);
  Bench mask(gst_deid_face_mask_get_type());
  mask.caps("RGB", 128, 96);
  EXPECT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})}, "RGB"), [&](GstBuffer* in) {
    FaceFrame stamp = *find_faces(in);
    stamp.faces[0].box = {5000, 10, 60, 70};
    stamp.faces[0].landmarks.clear();
    attach_faces(in, stamp);
    return through(mask, in);
  }));
  EXPECT_THAT(chain.meter.heard().reasons(), ElementsAre("other-picture"));
}

TEST(IdentityMeter, WithoutAnOriginalItSaysSoOnceAndCounts) {
  const Scratch scratch;
  MeterBench bench(Properties{{"location", (scratch.path() / "report.json").string()}});
  bench.caps("I420", 128, 96);
  for (int i = 0; i < 3; ++i) {
    GstBuffer* out = through(bench, patterned(i, {plausible_face({20, 10, 60, 70})}));
    ASSERT_NE(out, nullptr); // a meter drops no frame
    gst_buffer_unref(out);
  }
  for (int i = 3; i < 5; ++i) {
    GstBuffer* out = through(bench, new_frame(video_info("I420", 128, 96)));
    ASSERT_NE(out, nullptr);
    gst_buffer_unref(out);
  }
  bench.end();
  const Said said = bench.heard();
  EXPECT_THAT(said.reasons(), ElementsAre("no-original", "no-stamp"));
  EXPECT_THAT(said.warning, HasSubstr("Identity was not measured in any frame"));
  ASSERT_EQ(said.summaries.size(), 1U);
  EXPECT_EQ(count(said.summaries[0], "frames"), 5U);
  EXPECT_EQ(count(said.summaries[0], "measured"), 0U);
  EXPECT_EQ(count(said.summaries[0], "no-original"), 3U);
  EXPECT_EQ(count(said.summaries[0], "no-stamp"), 2U);
  EXPECT_EQ(real(said.summaries[0], "to-original-mean"), -1.);
  const auto report = json_of(scratch.path() / "report.json");
  EXPECT_EQ(report["counts"]["no_original"], 3);
  EXPECT_TRUE(report["distances"]["all"]["to_original"]["share_above_threshold"].is_null()); // not 0, not 1
}

TEST(IdentityMeter, TheOtherStageSaysWhenNothingLookedForFaces) {
  MeterBench bench(Properties{{"stage", "original"}});
  bench.caps("I420", 128, 96);
  GstBuffer* out = through(bench, new_frame(video_info("I420", 128, 96)));
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(find_originals(out), nullptr);
  gst_buffer_unref(out);
  EXPECT_THAT(bench.heard().reasons(), ElementsAre("no-stamp"));
  EXPECT_EQ(stat(bench.element, "no-stamp"), 1U);
  EXPECT_EQ(stat(bench.element, "frames"), 1U);
}

TEST(IdentityMeter, AStampOfAnotherPictureIsNotMeasured) {
  Chain chain;
  chain.caps("I420", 128, 96);
  EXPECT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})}), [](GstBuffer* in) {
    GstMapInfo map;
    gst_buffer_map(in, &map, GST_MAP_WRITE);
    std::fill_n(map.data, map.size / 2, 16);
    gst_buffer_unmap(in, &map);
    return in;
  }));
  EXPECT_THAT(chain.meter.heard().reasons(), ElementsAre("other-picture"));
  EXPECT_EQ(stat(chain.meter.element, "other-picture"), 1U);
  EXPECT_EQ(stat(chain.meter.element, "measured"), 0U);
}

TEST(IdentityMeter, FacesWithoutLandmarksAndFacesNobodyTookAreCounted) {
  Chain chain;
  chain.caps("I420", 128, 96);
  EXPECT_TRUE(chain.passes(patterned(0, {box_face({20, 10, 60, 70}, 4)}), [](GstBuffer* in) {
    FaceFrame stamp = *find_faces(in);
    stamp.faces.push_back(plausible_face({60, 10, 40, 40}, 9));
    attach_faces(in, stamp);
    return in;
  }));
  EXPECT_EQ(stat(chain.original.element, "without-landmarks"), 1U);
  EXPECT_EQ(stat(chain.meter.element, "without-landmarks"), 1U);
  EXPECT_EQ(stat(chain.meter.element, "unexpected"), 1U);
  EXPECT_EQ(stat(chain.meter.element, "to-original-count"), 0U);
}

TEST(IdentityMeter, OnlyEveryNthFrameIsLookedAt) {
  for (const bool at_original : {true, false}) {
    const Properties every{{"interval", "3"}};
    Chain chain(at_original ? Properties{} : every, at_original ? every : Properties{});
    chain.caps("I420", 128, 96);
    for (int i = 0; i < 7; ++i)
      ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
    EXPECT_EQ(stat(chain.meter.element, "measured"), 3U); // 0, 3, 6
    EXPECT_EQ(stat(chain.meter.element, "left-out"), 4U);
    EXPECT_EQ(stat(chain.original.element, "taken"), at_original ? 3U : 7U);
  }
}

TEST(IdentityMeter, AFileIsMeasuredFrameByFrameALiveSourceIsNot) {
  gst_init(nullptr, nullptr);
  gst_element_register(nullptr, "deidtestidentity", GST_RANK_NONE, gst_deid_identity_meter_get_type());
  for (const bool live : {false, true}) {
    const std::string line = std::string("videotestsrc num-buffers=2 is-live=") + (live ? "true" : "false") +
                             " ! video/x-raw,width=64,height=48 ! deidtestidentity name=meter ! fakesink";
    GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
    ASSERT_NE(pipeline, nullptr);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline);
    gst_message_unref(gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS));
    GstElement* meter = gst_bin_get_by_name(GST_BIN(pipeline), "meter");
    GstStructure* stats = nullptr;
    g_object_get(meter, "stats", &stats, nullptr);
    guint interval = 0;
    EXPECT_TRUE(gst_structure_get_uint(stats, "interval", &interval));
    EXPECT_EQ(interval, live ? 5U : 1U);
    EXPECT_EQ(count(stats, "no-stamp"), 2U);
    gst_structure_free(stats);
    gst_object_unref(meter);
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
}

TEST(IdentityMeter, SaysHowFarItIsInEveryPeriod) {
  Chain chain(Properties{{"period", std::to_string(2 * step)}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
  const Said before = chain.meter.heard();
  ASSERT_EQ(before.summaries.size(), 2U); // at frames 2 and 4
  EXPECT_FALSE(is_final(before.summaries[0]));
  EXPECT_EQ(count(before.summaries[0], "frames"), 3U);
  EXPECT_EQ(real(before.summaries[0], "to-original-mean"), 0.);
  chain.meter.end();
  EXPECT_EQ(chain.meter.heard().summaries.size(), 1U);
}

TEST(IdentityMeter, AFlushBeginsAnew) {
  const Scratch scratch;
  const fs::path raw = scratch.path() / "raw.jsonl", report = scratch.path() / "report.json";
  Chain chain(Properties{{"raw", raw.string()}, {"location", report.string()}, {"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
  for (MeterBench* bench : {&chain.original, &chain.meter}) {
    gst_harness_push_event(bench->harness.get(), gst_event_new_flush_start());
    gst_harness_push_event(bench->harness.get(), gst_event_new_flush_stop(TRUE));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(bench->harness.get(), gst_event_new_segment(&segment));
  }
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(chain.passes(patterned(i, {plausible_face({20, 10, 60, 70})})));
  chain.meter.end();
  EXPECT_EQ(json_of(report)["counts"]["frames"], 2);
  std::istringstream lines(read(raw));
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(all.size(), 3U); // the head and two faces
  EXPECT_EQ(all[1]["frame"], 0);
}

TEST(IdentityMeter, ANewSizeAndFormatGoOn) {
  Chain chain(Properties{{"landmarks", "original"}});
  chain.caps("I420", 128, 96);
  ASSERT_TRUE(chain.passes(patterned(0, {plausible_face({20, 10, 60, 70})})));
  chain.caps("RGB", 161, 121);
  ASSERT_TRUE(chain.passes(patterned(1, {plausible_face({40, 20, 90, 95})}, "RGB", 161, 121)));
  EXPECT_EQ(stat(chain.meter.element, "measured"), 2U);
  EXPECT_EQ(stat(chain.meter.element, "to-original-count"), 2U);
}

TEST(IdentityMeter, AFrameThatCannotBeMappedDoesNotLeave) {
  for (const char* stage : {"original", "deidentified"}) {
    MeterBench bench(Properties{{"stage", stage}});
    bench.caps("I420", 64, 48);
    EXPECT_EQ(bench.push(unmappable_frame(video_info("I420", 64, 48))), GST_FLOW_ERROR);
    EXPECT_EQ(bench.pull(), nullptr);
  }
}

} // namespace
} // namespace deid::test
