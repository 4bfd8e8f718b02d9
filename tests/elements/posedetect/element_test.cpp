#include "elements/meta/pose_meta.hpp"
#include "elements/posedetect/gstposedetect.hpp"
#include "tests/elements/base/refusal.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gmock/gmock.h>
#include <gst/video/gstvideometa.h>
#include <gtest/gtest.h>

namespace {

using deid::PoseFrame;
using deid::Stage;
using deid::test::Bench;
using testing::StartsWith;

/// A woman talking, head and chest.
const cv::Mat& portrait() {
  static const cv::Mat frame = deid::test::decode(deid::test::footage_dir() / "single_face.mp4", {10}).at(0);
  return frame;
}

/// The RGB picture as a buffer of any format; `padding` bytes more a row.
GstBuffer* picture(const cv::Mat& rgb, const std::string& format, int number, int padding = 0) {
  const GstVideoInfo to = deid::test::video_info(format, rgb.cols, rgb.rows);
  const GstVideoInfo from = deid::test::video_info("RGB", rgb.cols, rgb.rows);
  GstBuffer* source = gst_buffer_new_allocate(nullptr, from.size, nullptr);
  GstBuffer* out = deid::test::new_frame(to, padding);
  GstVideoFrame a, b;
  gst_video_frame_map(&a, &from, source, GST_MAP_WRITE);
  gst_video_frame_map(&b, &to, out, GST_MAP_WRITE);
  for (int y = 0; y < rgb.rows; ++y)
    std::copy_n(rgb.ptr(y), rgb.cols * 3,
                static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&a, 0)) +
                    y * GST_VIDEO_FRAME_PLANE_STRIDE(&a, 0));
  GstVideoConverter* converter = gst_video_converter_new(&from, &to, nullptr);
  gst_video_converter_frame(converter, &a, &b);
  gst_video_converter_free(converter);
  gst_video_frame_unmap(&a);
  gst_video_frame_unmap(&b);
  gst_buffer_unref(source);
  GST_BUFFER_PTS(out) = static_cast<GstClockTime>(number) * GST_SECOND / 25;
  return out;
}

struct Seen {
  std::vector<std::uint8_t> bytes;
  std::optional<PoseFrame> pose;
  std::optional<GstClockTime> pts;
};

Seen look(Bench& bench, GstBuffer* buffer, Stage stage = Stage::original) {
  Seen seen;
  if (bench.push(buffer) != GST_FLOW_OK)
    return seen;
  GstBuffer* out = bench.pull();
  if (out == nullptr)
    return seen;
  seen.bytes = deid::test::bytes(out);
  seen.pts = GST_BUFFER_PTS(out);
  if (const PoseFrame* found = deid::find_pose(out, stage))
    seen.pose = *found;
  gst_buffer_unref(out);
  return seen;
}

class PoseDetectFormat : public testing::TestWithParam<const char*> {};

TEST_P(PoseDetectFormat, FindsThePersonAndChangesNothing) {
  for (const int padding : {0, 20}) {
    Bench bench(gst_deid_pose_detect_get_type());
    bench.caps(GetParam(), portrait().cols, portrait().rows);
    GstBuffer* input = picture(portrait(), GetParam(), 3, padding);
    const auto before = deid::test::bytes(input);
    const Seen seen = look(bench, input);
    EXPECT_EQ(seen.bytes, before);
    EXPECT_EQ(seen.pts, 3 * GST_SECOND / 25);
    ASSERT_TRUE(seen.pose);
    EXPECT_EQ(seen.pose->width, portrait().cols);
    EXPECT_EQ(seen.pose->smoothing, "none");
    EXPECT_FALSE(seen.pose->detector.empty());
    ASSERT_EQ(seen.pose->people.size(), 1U);
    const deid::Person& person = seen.pose->people[0];
    ASSERT_EQ(person.points.size(), 33U);
    EXPECT_TRUE(person.points[0].present);
    EXPECT_NEAR(person.points[0].x, 300, 15); // the nose, as MediaPipe has it in this clip
    EXPECT_NEAR(person.points[0].y, 195, 20);
    EXPECT_FALSE(person.points[27].present); // the ankle is far below the picture
  }
}

INSTANTIATE_TEST_SUITE_P(AllFormats, PoseDetectFormat,
                         testing::Values("I420", "YV12", "NV12", "BGR", "RGB", "BGRx", "RGBx", "xBGR", "xRGB",
                                         "BGRA", "RGBA", "GRAY8"));

TEST(PoseDetect, OddAndTinyFramesPass) {
  for (const char* format : {"I420", "NV12", "RGB", "GRAY8"})
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(2, 2), cv::Size(3, 500), cv::Size(33, 17)}) {
      Bench bench(gst_deid_pose_detect_get_type());
      bench.caps(format, size.width, size.height);
      GstBuffer* input = deid::test::new_frame(deid::test::video_info(format, size.width, size.height));
      const auto before = deid::test::bytes(input);
      const Seen seen = look(bench, input);
      EXPECT_EQ(seen.bytes, before) << format << size;
      EXPECT_TRUE(seen.pose) << format << size;
    }
}

TEST(PoseDetect, DrawingChangesPixelsOfEveryLayout) {
  for (const char* format : {"I420", "NV12", "BGRx", "GRAY8"}) {
    Bench bench(gst_deid_pose_detect_get_type());
    g_object_set(bench.element, "draw", TRUE, nullptr);
    bench.caps(format, portrait().cols, portrait().rows);
    GstBuffer* input = picture(portrait(), format, 0);
    const auto before = deid::test::bytes(input);
    const Seen seen = look(bench, input);
    ASSERT_EQ(seen.bytes.size(), before.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
      changed += before[i] != seen.bytes[i] ? 1 : 0;
    EXPECT_GT(changed, 200U) << format;
    EXPECT_LT(changed, before.size() / 10) << format;
  }
}

TEST(PoseDetect, BothStagesLieOnOneBuffer) {
  Bench first(gst_deid_pose_detect_get_type());
  Bench second(gst_deid_pose_detect_get_type());
  g_object_set(second.element, "stage", 1, nullptr);
  first.caps("I420", portrait().cols, portrait().rows);
  second.caps("I420", portrait().cols, portrait().rows);
  ASSERT_EQ(first.push(picture(portrait(), "I420", 0)), GST_FLOW_OK);
  ASSERT_EQ(second.push(first.pull()), GST_FLOW_OK);
  GstBuffer* out = second.pull();
  const PoseFrame* original = deid::find_pose(out, Stage::original);
  const PoseFrame* deidentified = deid::find_pose(out, Stage::deidentified);
  ASSERT_NE(original, nullptr);
  ASSERT_NE(deidentified, nullptr);
  EXPECT_EQ(original->people.at(0).points, deidentified->people.at(0).points);
  int regions = 0;
  gpointer state = nullptr;
  while (GstMeta* meta =
             gst_buffer_iterate_meta_filtered(out, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)) {
    auto* roi = reinterpret_cast<GstVideoRegionOfInterestMeta*>(meta);
    EXPECT_STREQ(g_quark_to_string(roi->roi_type), "person");
    EXPECT_NE(gst_video_region_of_interest_meta_get_param(roi, "detection"), nullptr);
    EXPECT_NE(gst_video_region_of_interest_meta_get_param(roi, "keypoints"), nullptr);
    ++regions;
  }
  EXPECT_EQ(regions, 1);
  gst_buffer_unref(out);
}

TEST(PoseDetect, AFlushAndANewFormatForgetPeople) {
  Bench bench(gst_deid_pose_detect_get_type());
  bench.caps("I420", portrait().cols, portrait().rows);
  EXPECT_EQ(look(bench, picture(portrait(), "I420", 0)).pose->people.at(0).id, 1U);
  EXPECT_EQ(look(bench, picture(portrait(), "I420", 1)).pose->people.at(0).id, 1U);
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(look(bench, picture(portrait(), "I420", 0)).pose->people.at(0).id, 2U); // back in time
  const cv::Mat part = portrait()(cv::Rect(121, 1, 401, 359)).clone();              // odd
  bench.caps("NV12", part.cols, part.rows);
  const Seen seen = look(bench, picture(part, "NV12", 5));
  ASSERT_TRUE(seen.pose);
  EXPECT_EQ(seen.pose->width, 401);
  EXPECT_EQ(seen.pose->people.at(0).id, 3U);
}

TEST(PoseDetect, BuffersWithoutTimeAreFollowedAllTheSame) {
  Bench bench(gst_deid_pose_detect_get_type());
  bench.caps("I420", portrait().cols, portrait().rows);
  for (int n = 0; n < 3; ++n) {
    GstBuffer* buffer = picture(portrait(), "I420", 0);
    GST_BUFFER_PTS(buffer) = GST_CLOCK_TIME_NONE;
    EXPECT_EQ(look(bench, buffer).pose->people.at(0).id, 1U);
  }
}

TEST(PoseDetect, ABufferThatIsTooSmallStopsEverything) {
  Bench bench(gst_deid_pose_detect_get_type());
  bench.caps("I420", 64, 64);
  EXPECT_EQ(bench.push(gst_buffer_new_allocate(nullptr, 16, nullptr)), GST_FLOW_ERROR);
  EXPECT_NE(bench.error(), "");
}

std::string refusal(const std::string& property, const std::string& value) {
  return deid::test::refusal(gst_deid_pose_detect_get_type(), {{property, value}});
}

TEST(PoseDetect, RefusesToStartWithAMissingOrDamagedModel) {
  const deid::test::Scratch scratch;
  EXPECT_THAT(refusal("landmark-model", (scratch.path() / "nothing.tflite").string()),
              StartsWith("gst-resource-error-quark"));
  const auto damaged = scratch.path() / "damaged.tflite";
  std::filesystem::copy_file(std::filesystem::path(DEID_DEPS_DIR) / "models/pose_detection.tflite", damaged);
  std::filesystem::resize_file(damaged, 40'000);
  EXPECT_THAT(refusal("detector-model", damaged.c_str()), StartsWith("gst-resource-error-quark"));
  // a valid network, but another one
  const auto other = std::filesystem::path(DEID_DEPS_DIR) / "models/face_landmark.tflite";
  EXPECT_THAT(refusal("landmark-model", other.c_str()), StartsWith("gst-resource-error-quark"));
}

TEST(PoseDetect, StatsAndDefaultsAreAsDocumented) {
  Bench bench(gst_deid_pose_detect_get_type());
  gint people = 0, period = 0, stage = -1, set = -1, smoothing = -1;
  gfloat threshold = 0, point = 0;
  gboolean draw = TRUE, mask = TRUE, hands = TRUE, qos = TRUE;
  guint64 absence = 0;
  g_object_get(bench.element, "max-people", &people, "detector-period", &period, "stage", &stage, "keypoints",
               &set, "smoothing", &smoothing, "threshold", &threshold, "point-threshold", &point, "draw",
               &draw, "mask", &mask, "hands", &hands, "qos", &qos, "absence", &absence, nullptr);
  EXPECT_EQ(people, 4);
  EXPECT_EQ(period, 15);
  EXPECT_EQ(stage, 0);
  EXPECT_EQ(set, 0);
  EXPECT_EQ(smoothing, 0);
  EXPECT_FLOAT_EQ(threshold, .5F);
  EXPECT_FLOAT_EQ(point, .5F);
  EXPECT_FALSE(draw || mask || hands || qos);
  EXPECT_EQ(absence, 2 * GST_SECOND);
  bench.caps("I420", portrait().cols, portrait().rows);
  for (int n = 0; n < 3; ++n)
    look(bench, picture(portrait(), "I420", n));
  GstStructure* stats = nullptr;
  g_object_get(bench.element, "stats", &stats, nullptr);
  guint64 frames = 0, runs = 0, ids = 0;
  gst_structure_get(stats, "frames", G_TYPE_UINT64, &frames, "landmark-runs", G_TYPE_UINT64, &runs, "ids",
                    G_TYPE_UINT64, &ids, nullptr);
  gst_structure_free(stats);
  EXPECT_EQ(frames, 3U);
  EXPECT_EQ(runs, 3U);
  EXPECT_EQ(ids, 1U);
}

} // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
