// The original's keypoints from a file of every kind, and unusable files.
#include "tests/elements/oksmeter/bench.hpp"
#include <filesystem>
#include <map>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::map<std::string, keypoint_files::Kind> kinds{{"lines", keypoint_files::Kind::lines},
                                                        {"coco", keypoint_files::Kind::coco_results},
                                                        {"openpose", keypoint_files::Kind::openpose}};

struct ReferenceFile : testing::Test {
  const Scratch scratch{};
  [[nodiscard]] fs::path file(const std::string& name) const { return scratch.path() / name; }
  /// Writes the keypoints of the frames from `first` on into a file, without frame `hole`.
  fs::path write_frames(const std::string& name, keypoint_files::Kind kind, int first, int last,
                        int hole = -1, cv::Size size = {64, 48}) const {
    keypoint_files::PoseWriter writer(file(name), kind);
    for (int i = first; i < last; ++i) {
      if (i == hole)
        continue;
      keypoint_files::TimedPose frame{.pts = time_at(i),
                                      .number = kind == keypoint_files::Kind::coco_results ? i + 1 : i};
      frame.pose = frame_of(Stage::original, {somebody(1, 100, 50, i * .04)});
      frame.pose.width = size.width;
      frame.pose.height = size.height;
      writer.write(frame);
    }
    writer.finish();
    return file(name);
  }
  /// Runs frames first..last of the de-identified video against that file.
  static Said measured(const fs::path& reference, int first, int last) {
    MeterBench bench({{"reference", reference}});
    bench.caps("I420", 64, 48);
    for (int i = first; i < last; ++i)
      EXPECT_TRUE(bench.passes(i, {.original = false}));
    bench.end();
    return bench.heard();
  }
};

TEST_F(ReferenceFile, EveryKindSaysTheSame) {
  for (const auto& [name, kind] : kinds) {
    const Said said = measured(write_frames(name, kind, 0, 20), 0, 20);
    ASSERT_EQ(said.messages.size(), 1U) << name << said.sentence << said.cause;
    EXPECT_EQ(count(said.messages[0], "frames"), 20U);
    EXPECT_EQ(count(said.messages[0], "only-original"), 0U);
    EXPECT_EQ(count(said.messages[0], "only-deidentified"), 0U);
    EXPECT_NEAR(real(said.messages[0], "ap"), 1., 1e-6);
  }
}

TEST_F(ReferenceFile, FramesThatAreMissingAreCounted) {
  for (const auto& [name, kind] : kinds) {
    const Said hole = measured(write_frames(name + "1", kind, 0, 20, 7), 0, 20);
    ASSERT_EQ(hole.messages.size(), 1U) << name;
    EXPECT_EQ(count(hole.messages[0], "frames"), 20U) << name;
    EXPECT_EQ(count(hole.messages[0], "only-deidentified"), 1U) << name;
    EXPECT_EQ(count(hole.messages[0], "only-original"), 0U) << name;
    const Said longer = measured(write_frames(name + "2", kind, 0, 25), 0, 20);
    EXPECT_EQ(count(longer.messages.at(0), "only-original"), 5U) << name;
    const Said shorter = measured(write_frames(name + "3", kind, 0, 15), 0, 20);
    EXPECT_EQ(count(shorter.messages.at(0), "only-deidentified"), 5U) << name;
  }
}

TEST_F(ReferenceFile, CocoFramesCountFromOne) {
  // nobody in the first three frames: COCO's list has no entry of them
  const Said said = measured(write_frames("late.json", keypoint_files::Kind::coco_results, 3, 20), 0, 20);
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 3U);
  EXPECT_EQ(count(said.messages[0], "missing-people"), 0U);
}

TEST_F(ReferenceFile, TimesAreThoseOfTheBuffers) {
  const fs::path reference = write_frames("all.jsonl", keypoint_files::Kind::lines, 0, 40);
  MeterBench bench({{"reference", reference}});
  bench.caps("I420", 64, 48);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = time_at(30); // after a seek running time begins again, but the file's times do not
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  for (int i = 30; i < 40; ++i)
    EXPECT_TRUE(bench.passes(i, {.original = false}));
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "only-original"), 30U);
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 0U);
  EXPECT_EQ(count(said.messages[0], "missing-people"), 30U);
}

TEST_F(ReferenceFile, AnotherSizeCannotBeCompared) {
  MeterBench bench(
      {{"reference", write_frames("big.jsonl", keypoint_files::Kind::lines, 0, 5, -1, {1280, 720})}});
  bench.caps("I420", 64, 48);
  EXPECT_FALSE(bench.passes(0, {.original = false}));
  const Said said = bench.heard();
  EXPECT_EQ(said.sentence, "The two videos cannot be compared.");
  EXPECT_THAT(said.cause, HasSubstr("the original is 1280x720 and the de-identified video 64x48"));
}

/// Returns the meter's error with these settings; "" when it starts.
std::string refusal(const std::vector<std::pair<const char*, std::string>>& properties) {
  auto* meter = GST_ELEMENT(g_object_new(gst_deid_oks_meter_get_type(), nullptr));
  gst_object_ref_sink(meter);
  for (const auto& [name, value] : properties)
    gst_util_set_object_arg(G_OBJECT(meter), name, value.c_str());
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(meter, bus);
  std::string why;
  if (gst_element_set_state(meter, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
    const Said said = heard(bus);
    EXPECT_EQ(said.error, error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
    EXPECT_EQ(said.sentence, "The measurement cannot begin.");
    why = said.cause;
  }
  gst_element_set_state(meter, GST_STATE_NULL);
  gst_element_set_bus(meter, nullptr);
  gst_object_unref(bus);
  gst_object_unref(meter);
  return why;
}

TEST_F(ReferenceFile, WhatCannotBeUsedIsRefusedAtTheStart) {
  EXPECT_THAT(refusal({{"reference", file("none.json")}}), HasSubstr("none.json"));
  write(file("broken.json"), "[{\"image_id\": 1,");
  write(file("deep.json"), std::string(100'000, '['));
  write(file("text.json"), "hello");
  write(file("nan.jsonl"), R"({"pts":NaN,"stage":"original","width":1,"height":1,"people":[]})");
  write(file("negative.jsonl"), R"({"pts":-5,"stage":"original","width":1,"height":1,"people":[]})");
  write(file("zero"), std::string(64, '\0'));
  write(file("empty.json"), "[]");
  write(file("nothing.json"), "");
  const std::string line = R"({"pts":5,"stage":"original","width":1,"height":1,"people":[]})";
  write(file("twice.jsonl"), line + "\n" + line + "\n");
  fs::create_directory(file("folder"));
  for (const char* name : {"broken.json", "deep.json", "text.json", "nan.jsonl", "negative.jsonl", "zero",
                           "empty.json", "nothing.json", "twice.jsonl", "folder"})
    EXPECT_THAT(refusal({{"reference", file(name)}}), HasSubstr(name)) << name;
}

TEST_F(ReferenceFile, SettingsThatMakeNoSenseAreRefusedAtTheStart) {
  EXPECT_THAT(refusal({{"primary", "patient"}}), HasSubstr("\"patient\" is no choice of people"));
  EXPECT_THAT(refusal({{"primary", "0"}}), HasSubstr("no choice of people"));
  EXPECT_THAT(refusal({{"location", file("a")}, {"csv", file("a")}}), HasSubstr("are the same file"));
  const fs::path reference = write_frames("r.jsonl", keypoint_files::Kind::lines, 0, 3);
  EXPECT_THAT(refusal({{"reference", reference}, {"location", reference}}),
              HasSubstr("would be overwritten"));
  EXPECT_THAT(refusal({{"reference", reference}, {"csv", reference}}), HasSubstr("would be overwritten"));
  EXPECT_EQ(refusal({{"reference", reference}, {"location", file("a")}, {"csv", file("b")}}), "");
}

} // namespace
} // namespace deid::test

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
