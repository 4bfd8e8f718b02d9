#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/video/planes.hpp"
#include "tests/elements/base/refusal.hpp"
#include "tests/elements/cover/stamped.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid {
namespace {

using test::box_face;
using test::bytes;
using test::mesh_face;
using test::stamped_frame;
using test::stat;
using testing::StartsWith;

const char* const formats[] = {"I420", "YV12", "NV12", "BGR",  "RGB",  "BGRx",
                               "RGBx", "xBGR", "xRGB", "BGRA", "RGBA", "GRAY8"};
const cv::Rect2f place(30, 24, 50, 64);

class FaceSwap : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  std::string written() {
    const auto file = scratch_.path() / "nobody.json";
    faceswap::write_target(file, test::nobody());
    return file.string();
  }
  void caps(const char* format, int width, int height) {
    bench_.caps(format, width, height);
    info_ = test::video_info(format, width, height);
  }
  GstBuffer* through(GstBuffer* in) {
    EXPECT_EQ(bench_.push(in), GST_FLOW_OK);
    return bench_.pull();
  }
  /// The same frame with its face blurred as the swap's cover does it.
  GstBuffer* blurred(GstBuffer* in, const FaceRegion& face) {
    GstBuffer* out = gst_buffer_copy_deep(in);
    MappedFrame mapped(out, info_, GST_MAP_READWRITE);
    cover::Style style;
    style.method = cover::Method::average;
    cover::apply(mapped.view(),
                 cover::rasterize(face, cover::Shape::contour, 0.02F, {info_.width, info_.height}), style);
    return out;
  }
  /// Pixels whose first plane differs, inside and outside the covered region.
  std::pair<int, int> differing(GstBuffer* a, GstBuffer* b, const FaceRegion& face) {
    const cover::Mask mask =
        cover::rasterize(face, cover::Shape::contour, 0.02F, {info_.width, info_.height});
    cv::Mat all(info_.height, info_.width, CV_8UC1, cv::Scalar(0));
    mask.mask.copyTo(all(mask.bounds));
    MappedFrame left(a, info_, GST_MAP_READ), right(b, info_, GST_MAP_READ);
    cv::Mat away;
    cv::absdiff(video::plane(left.view(), 0), video::plane(right.view(), 0), away);
    std::vector<cv::Mat> channels;
    cv::split(away, channels);
    cv::Mat any(all.size(), CV_8UC1, cv::Scalar(0));
    for (const cv::Mat& c : channels)
      any |= c;
    cv::Mat inside = any & all;
    cv::Mat outside = any & ~all;
    return {cv::countNonZero(inside), cv::countNonZero(outside)};
  }
  static std::string refusal(const std::string& target) {
    return test::refusal(gst_deid_face_swap_get_type(), {{"target", target}});
  }

  const test::Scratch scratch_;
  const std::string file_ = written();
  GstVideoInfo info_{};
  /// Tests the drawing only; choice_element_test tests whether a result may be shown.
  test::Bench bench_{gst_deid_face_swap_get_type(), [this](GstElement* element) {
                       g_object_set(element, "target", file_.c_str(), "verify", 0, nullptr);
                     }};
};

TEST_F(FaceSwap, SwapsInEveryFormatAndTouchesNothingElse) {
  const FaceRegion face = mesh_face(place);
  std::uint64_t frames = 0;
  for (const char* format : formats)
    for (const auto& [width, height] : {std::pair{128, 112}, {129, 113}})
      for (const int padding : {0, 11}) {
        caps(format, width, height);
        GstBuffer* in = stamped_frame(info_, {face}, padding);
        GstBuffer* before = gst_buffer_copy_deep(in);
        GstBuffer* out = through(in);
        ASSERT_NE(out, nullptr) << format;
        GstBuffer* blur = blurred(before, face);
        EXPECT_EQ(differing(before, out, face).second, 0) << format << width << "+" << padding;
        EXPECT_GT(differing(blur, out, face).first, 800) << format << ": nothing was drawn over the blur";
        EXPECT_EQ(stat(bench_.element, "faces-swapped"), ++frames);
        gst_buffer_unref(blur);
        gst_buffer_unref(before);
        gst_buffer_unref(out);
      }
}

TEST_F(FaceSwap, UnderTheSwapIsTheBlur) {
  const FaceRegion face = mesh_face(place);
  g_object_set(bench_.element, "opacity", 0.F, nullptr);
  for (const char* format : formats) {
    caps(format, 129, 113);
    GstBuffer* in = stamped_frame(info_, {face});
    GstBuffer* want = blurred(in, face);
    GstBuffer* out = through(in);
    EXPECT_EQ(bytes(out), bytes(want)) << format;
    gst_buffer_unref(want);
    gst_buffer_unref(out);
  }
}

TEST_F(FaceSwap, WhatIsReadAtTheStartIsNotReadAgain) {
  gst_element_set_state(bench_.element, GST_STATE_READY);
  g_object_set(bench_.element, "verify", 0, nullptr); // no describer is loaded
  gst_element_set_state(bench_.element, GST_STATE_PLAYING);
  gst_harness_play(bench_.harness.get());
  caps("I420", 128, 112);
  gst_buffer_unref(through(stamped_frame(info_, {mesh_face(place)})));
  g_object_set(bench_.element, "target", "auto", "hands", FALSE, "correct", FALSE, nullptr);
  for (int i = 0; i < 10; ++i) { // another person: with `auto` the person would have to be identified
    ASSERT_EQ(bench_.push(stamped_frame(info_, {mesh_face(place, 0, 2)})), GST_FLOW_OK) << i;
    gst_buffer_unref(bench_.pull());
  }
  EXPECT_EQ(stat(bench_.element, "described"), 0U);
}

class SlowFaceSwap : public FaceSwap {
protected:
  static constexpr int frames = 200;
  /// Pushes frames that come much faster than any computer draws them. Returns the last result.
  GstBuffer* hurry(bool live) {
    gst_harness_set_live(bench_.harness.get(), live);
    gst_harness_set_src_caps_str(bench_.harness.get(),
                                 "video/x-raw,format=I420,width=128,height=112,framerate=20000/1");
    info_ = test::video_info("I420", 128, 112);
    GstBuffer* last = nullptr;
    for (int n = 0; n < frames; ++n) {
      gst_clear_buffer(&last);
      last = through(stamped_frame(info_, {mesh_face(place)}));
    }
    return last;
  }
  /// The levels that the bus has named, in order.
  std::vector<std::string> given_up() {
    std::vector<std::string> words;
    while (GstMessage* message = bench_.message(GST_MESSAGE_ELEMENT)) {
      const GstStructure* fields = gst_message_get_structure(message);
      if (gst_structure_has_name(fields, "deid-budget"))
        words.emplace_back(gst_structure_get_string(fields, "gives-up"));
      gst_message_unref(message);
    }
    return words;
  }
};

TEST_F(SlowFaceSwap, ALiveSwapGivesUpDecorationInOrderAndThenBlurs) {
  GstBuffer* last = hurry(true);
  EXPECT_THAT(given_up(), testing::ElementsAre("correction", "hands", "sharpness", "swap"));
  GstBuffer* in = stamped_frame(info_, {mesh_face(place)});
  GstBuffer* want = blurred(in, mesh_face(place));
  EXPECT_EQ(bytes(last), bytes(want));
  EXPECT_GT(stat(bench_.element, "frames-without-swap"), 0U);
  EXPECT_GT(stat(bench_.element, "frames-without-correction"), stat(bench_.element, "frames-without-hands"));
  EXPECT_EQ(stat(bench_.element, "faces"), static_cast<guint64>(frames)) << "each face is covered";
  gst_buffer_unref(in);
  gst_buffer_unref(want);
  gst_buffer_unref(last);
}

TEST_F(SlowFaceSwap, AFileHasTheTimeItTakesAndSoHasABudgetThatIsOff) {
  for (const bool live : {false, true}) {
    g_object_set(bench_.element, "budget", live ? 1 : 0, nullptr);
    gst_buffer_unref(hurry(live));
    EXPECT_THAT(given_up(), testing::IsEmpty()) << live;
    EXPECT_EQ(stat(bench_.element, "frames-without-correction"), 0U) << live;
  }
}

TEST_F(FaceSwap, AFaceWithoutLandmarksIsBlurred) {
  caps("I420", 128, 112);
  GstBuffer* in = stamped_frame(info_, {box_face(place)});
  GstBuffer* want = blurred(in, box_face(place));
  GstBuffer* out = through(in);
  EXPECT_EQ(bytes(out), bytes(want));
  EXPECT_EQ(stat(bench_.element, "faces-swapped"), 0U);
  EXPECT_EQ(stat(bench_.element, "faces-blurred"), 1U);
  gst_buffer_unref(want);
  gst_buffer_unref(out);
}

TEST_F(FaceSwap, ALandmarkThatIsNoNumberCoversTheFrame) {
  caps("I420", 128, 112);
  FaceRegion face = mesh_face(place);
  face.landmarks[100].y = std::nanf("");
  GstBuffer* out = through(stamped_frame(info_, {face}));
  EXPECT_TRUE(test::all_black(out, info_));
  EXPECT_EQ(stat(bench_.element, "doubt-bad-region"), 1U);
  gst_buffer_unref(out);
}

TEST_F(FaceSwap, NoStampCoversTheFrame) {
  for (const char* format : formats) {
    caps(format, 33, 17);
    GstBuffer* out = through(test::new_frame(info_));
    EXPECT_TRUE(test::all_black(out, info_)) << format;
    gst_buffer_unref(out);
  }
}

TEST_F(FaceSwap, RefusesToStartWithTargetsThatAreNotWhole) {
  EXPECT_THAT(refusal(":"), StartsWith(test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS)));
  EXPECT_THAT(refusal("/nowhere/at/all.json"),
              StartsWith(test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)));
  const std::string damaged = (scratch_.path() / "damaged.json").string();
  std::ofstream(damaged) << "{\"format\":\"deid-target-1\"";
  EXPECT_THAT(refusal(damaged),
              StartsWith(test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)));
  EXPECT_THAT(refusal((file_ + ":" + damaged).c_str()),
              StartsWith(test::error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)));
}

TEST_F(FaceSwap, FramesOfOnePixelAndNewCapsAndFlushesAreFine) {
  for (const char* format : formats) {
    caps(format, 1, 1);
    GstBuffer* out = through(stamped_frame(info_, {}));
    ASSERT_NE(out, nullptr) << format;
    gst_buffer_unref(out);
    caps(format, 128, 112);
    out = through(stamped_frame(info_, {mesh_face(place)}));
    ASSERT_NE(out, nullptr) << format;
    gst_buffer_unref(out);
    gst_harness_push_event(bench_.harness.get(), gst_event_new_flush_start());
    gst_harness_push_event(bench_.harness.get(), gst_event_new_flush_stop(TRUE));
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_harness_push_event(bench_.harness.get(), gst_event_new_segment(&segment));
  }
  EXPECT_EQ(stat(bench_.element, "faces-swapped"), 12U);
}

} // namespace
} // namespace deid
