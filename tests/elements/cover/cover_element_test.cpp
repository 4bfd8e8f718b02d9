#include "tests/elements/cover/stamped.hpp"
#include <gst/video/gstvideometa.h>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

namespace deid {
namespace {

using test::Bench;
using test::box_face;
using test::bytes;
using test::error_text;
using test::stamped_frame;
using test::stat;
using test::video_info;

const char* const formats[] = {"I420", "YV12", "NV12", "BGR",  "RGB",  "BGRx",
                               "RGBx", "xBGR", "xRGB", "BGRA", "RGBA", "GRAY8"};

enum class Which { mask, blur };

class CoverElement : public testing::TestWithParam<Which> {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    bench_ = std::make_unique<Bench>(GetParam() == Which::mask ? gst_deid_face_mask_get_type()
                                                               : gst_deid_face_blur_get_type());
    caps("I420", 64, 48);
  }
  void caps(const char* format, int width, int height) {
    bench_->caps(format, width, height);
    info_ = video_info(format, width, height);
  }
  void set(const char* property, const char* value) {
    gst_util_set_object_arg(G_OBJECT(bench_->element), property, value);
  }
  GstElement* element() { return bench_->element; }
  /// Pushes a frame and returns the result, or null.
  GstBuffer* through(GstBuffer* in, GstFlowReturn want = GST_FLOW_OK) {
    EXPECT_EQ(bench_->push(in), want);
    return bench_->pull();
  }
  /// Returns the reason in the next "deid-doubt" message, "" when there is none.
  std::string doubt() {
    GstMessage* message = bench_->message(GST_MESSAGE_ELEMENT);
    if (message == nullptr)
      return "";
    const GstStructure* s = gst_message_get_structure(message);
    const std::string reason =
        gst_structure_has_name(s, "deid-doubt") ? gst_structure_get_string(s, "reason") : "other";
    gst_message_unref(message);
    return reason;
  }
  /// Pushes a frame in doubt: it is covered whole, counted and reported.
  void expect_doubt(GstBuffer* in, const char* reason) {
    GstBuffer* out = through(in);
    ASSERT_NE(out, nullptr);
    EXPECT_TRUE(test::all_black(out, info_)) << reason;
    EXPECT_EQ(doubt(), reason);
    EXPECT_EQ(stat(element(), (std::string("doubt-") + reason).c_str()), 1U);
    EXPECT_EQ(stat(element(), "frames-covered"), 1U);
    gst_buffer_unref(out);
  }
  GstVideoInfo info_;
  std::unique_ptr<Bench> bench_;
};
INSTANTIATE_TEST_SUITE_P(Elements, CoverElement, testing::Values(Which::mask, Which::blur),
                         [](const auto& which) {
                           return which.param == Which::mask ? "facemask" : "faceblur";
                         });

TEST_P(CoverElement, CoversTheFaceAndNothingElseInEveryFormat) {
  for (const char* format : formats)
    for (const auto& [width, height] : {std::pair{64, 48}, {65, 49}})
      for (const int padding : {0, 11}) {
        caps(format, width, height);
        GstBuffer* in = stamped_frame(info_, {box_face({16, 8, 20, 24})}, padding);
        GstBuffer* before = gst_buffer_copy_deep(in);
        GstBuffer* out = through(in);
        ASSERT_NE(out, nullptr) << format;
        GstBuffer* want = gst_buffer_copy_deep(before);
        {
          MappedFrame mapped(want, info_, GST_MAP_READWRITE);
          cover::Style style;
          style.method = GetParam() == Which::mask ? cover::Method::fill : cover::Method::average;
          cover::apply(mapped.view(),
                       cover::rasterize(box_face({16, 8, 20, 24}), cover::Shape::box, 0.1F, {width, height}),
                       style);
        }
        EXPECT_TRUE(bytes(out) == bytes(want)) << format << width << "+" << padding;
        EXPECT_FALSE(bytes(out) == bytes(before));
        EXPECT_EQ(doubt(), "");
        gst_buffer_unref(want);
        gst_buffer_unref(before);
        gst_buffer_unref(out);
      }
}

TEST_P(CoverElement, AStampWithoutFacesPassesThePicture) {
  GstBuffer* in = stamped_frame(info_, {});
  const auto before = bytes(in);
  GstBuffer* out = through(in);
  EXPECT_EQ(bytes(out), before);
  EXPECT_EQ(stat(element(), "frames"), 1U);
  EXPECT_EQ(stat(element(), "faces"), 0U);
  gst_buffer_unref(out);
}

TEST_P(CoverElement, NoStampCoversTheFrameInEveryFormat) {
  for (const char* format : formats) {
    caps(format, 33, 17);
    GstBuffer* out = through(test::new_frame(info_));
    ASSERT_NE(out, nullptr) << format;
    EXPECT_TRUE(test::all_black(out, info_)) << format;
    gst_buffer_unref(out);
  }
  EXPECT_EQ(stat(element(), "doubt-no-stamp"), 12U);
}

TEST_P(CoverElement, NoStampIsDoubt) {
  expect_doubt(test::new_frame(info_), "no-stamp");
}

TEST_P(CoverElement, AStampOfAnotherSizeIsDoubt) {
  GstBuffer* in = test::new_frame(info_);
  FaceFrame stamp = test::stamp_for(in, info_, {box_face({10, 10, 20, 20})});
  stamp.width = 128;
  attach_faces(in, stamp);
  expect_doubt(in, "wrong-size");
}

TEST_P(CoverElement, AStampOfAnotherPictureIsDoubt) {
  GstBuffer* in = stamped_frame(info_, {box_face({10, 10, 20, 20})});
  GstMapInfo map;
  gst_buffer_map(in, &map, GST_MAP_WRITE);
  std::reverse(map.data, map.data + 64 * 48);
  for (int i = 0; i < 64 * 20; ++i)
    map.data[i] = 235;
  gst_buffer_unmap(in, &map);
  expect_doubt(in, "other-picture");
}

TEST_P(CoverElement, ARegionWithNaNIsDoubt) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  expect_doubt(stamped_frame(info_, {box_face({10, 10, 20, 20}), box_face({nan, 10, 20, 20}, 2)}),
               "bad-region");
}

TEST_P(CoverElement, AnAbsurdRegionIsDoubt) {
  expect_doubt(stamped_frame(info_, {box_face({10, 10, 20, std::numeric_limits<float>::infinity()})}),
               "bad-region");
}

TEST_P(CoverElement, ABrokenMeshIsDoubt) {
  FaceRegion face = test::mesh_face({10, 10, 20, 20});
  face.landmarks[7].y = std::numeric_limits<float>::quiet_NaN();
  expect_doubt(stamped_frame(info_, {face}), "bad-region");
}

TEST_P(CoverElement, ARegionWhollyOutsideIsDoubt) {
  expect_doubt(stamped_frame(info_, {box_face({500, 500, 20, 20})}), "bad-region");
}

TEST_P(CoverElement, OnDoubtDropDropsAndGoesOn) {
  set("on-doubt", "drop");
  EXPECT_EQ(through(test::new_frame(info_)), nullptr);
  GstBuffer* out = through(stamped_frame(info_, {}));
  EXPECT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_EQ(stat(element(), "frames-dropped"), 1U);
}

TEST_P(CoverElement, OnDoubtErrorStops) {
  set("on-doubt", "error");
  EXPECT_EQ(through(test::new_frame(info_), GST_FLOW_ERROR), nullptr);
  EXPECT_EQ(bench_->error(), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
}

TEST_P(CoverElement, ARunOfDoubtIsToldOnce) {
  for (int i = 0; i < 5; ++i)
    gst_buffer_unref(through(test::new_frame(info_)));
  EXPECT_EQ(doubt(), "no-stamp");
  EXPECT_EQ(doubt(), "");
  gst_buffer_unref(through(stamped_frame(info_, {})));
  gst_buffer_unref(through(test::new_frame(info_)));
  EXPECT_EQ(doubt(), "no-stamp");
  EXPECT_EQ(stat(element(), "doubt-no-stamp"), 6U);
}

TEST_P(CoverElement, EosGivesASummary) {
  gst_buffer_unref(
      through(stamped_frame(info_, {box_face({10, 10, 20, 20}), box_face({40, 10, 10, 10}, 2)})));
  gst_harness_push_event(bench_->harness.get(), gst_event_new_eos());
  GstMessage* message = bench_->message(GST_MESSAGE_ELEMENT);
  ASSERT_NE(message, nullptr);
  const GstStructure* s = gst_message_get_structure(message);
  EXPECT_TRUE(gst_structure_has_name(s, "deid-summary"));
  guint64 faces = 0;
  EXPECT_TRUE(gst_structure_get_uint64(s, "faces", &faces));
  EXPECT_EQ(faces, 2U);
  gst_message_unref(message);
}

TEST_P(CoverElement, ForeignFacesAreCoveredToo) {
  GstBuffer* in = stamped_frame(info_, {box_face({4, 4, 12, 12}, 1)});
  // the id alone means nothing
  gst_buffer_add_video_region_of_interest_meta(in, "face", 40, 20, 16, 16)->id = 1;
  gst_buffer_add_video_region_of_interest_meta(in, "person", 0, 40, 8, 8);
  gst_buffer_add_video_region_of_interest_meta(in, "face", 0, 40, 0, 0);
  const auto before = bytes(in);
  GstBuffer* out = through(in);
  const auto after = bytes(out);
  EXPECT_NE(after[28 * 64 + 48], before[28 * 64 + 48]) << "the other's face";
  EXPECT_NE(after[10 * 64 + 10], before[10 * 64 + 10]);
  EXPECT_EQ(after[44 * 64 + 4], before[44 * 64 + 4]) << "a person is no face";
  EXPECT_EQ(stat(element(), "faces"), 2U);
  gst_buffer_unref(out);
}

TEST_P(CoverElement, AnAbsurdForeignRegionIsDoubt) {
  GstBuffer* in = stamped_frame(info_, {});
  gst_buffer_add_video_region_of_interest_meta(in, "face", 4000000000U, 20, 16, 16);
  expect_doubt(in, "bad-region");
}

TEST_P(CoverElement, TwoCoversInARowAgree) {
  Bench second(gst_deid_face_mask_get_type());
  second.caps("I420", 64, 48);
  GstBuffer* first = through(stamped_frame(info_, {box_face({16, 8, 40, 36})}));
  ASSERT_EQ(second.push(first), GST_FLOW_OK);
  EXPECT_EQ(stat(second.element, "frames-covered"), 0U);
  GstBuffer* out = second.pull();
  EXPECT_NE(find_faces(out), nullptr);
  gst_buffer_unref(out);
}

TEST_P(CoverElement, UnmappableAndSharedBuffersNeverLeaveUncovered) {
  EXPECT_EQ(through(test::unmappable_frame(info_), GST_FLOW_ERROR), nullptr);
  EXPECT_EQ(bench_->error(), error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE));
  GstBuffer* held = stamped_frame(info_, {box_face({16, 8, 40, 36})});
  const auto before = bytes(held);
  GstBuffer* out = through(gst_buffer_ref(held));
  ASSERT_NE(out, nullptr);
  EXPECT_NE(bytes(out), before);
  EXPECT_EQ(bytes(held), before) << "the other holder's picture changed";
  EXPECT_EQ(doubt(), "");
  gst_buffer_unref(out);
  gst_buffer_unref(held);
}

TEST_P(CoverElement, TinyFramesWork) {
  for (const char* format : formats)
    for (const auto& [width, height] : {std::pair{1, 1}, {2, 1}, {1, 3}}) {
      caps(format, width, height);
      GstBuffer* out = through(stamped_frame(info_, {box_face({0, 0, 1, 1})}));
      ASSERT_NE(out, nullptr) << format;
      EXPECT_EQ(doubt(), "");
      gst_buffer_unref(out);
    }
}

TEST_P(CoverElement, CapsMayChangeAndOldStampsThenCountForNothing) {
  GstBuffer* old = stamped_frame(info_, {box_face({16, 8, 20, 20})});
  caps("I420", 48, 64); // as many bytes
  GstBuffer* out = through(old);
  ASSERT_NE(out, nullptr);
  EXPECT_TRUE(test::all_black(out, info_));
  EXPECT_EQ(doubt(), "wrong-size");
  gst_buffer_unref(out);
}

TEST_P(CoverElement, TimesAndFlagsAreKept) {
  GstBuffer* in = stamped_frame(info_, {box_face({16, 8, 20, 20})});
  GST_BUFFER_PTS(in) = 11;
  GST_BUFFER_DTS(in) = 10;
  GST_BUFFER_DURATION(in) = 40;
  GST_BUFFER_FLAG_SET(in, GST_BUFFER_FLAG_MARKER);
  GstBuffer* out = through(in);
  EXPECT_EQ(GST_BUFFER_PTS(out), 11U);
  EXPECT_EQ(GST_BUFFER_DTS(out), 10U);
  EXPECT_EQ(GST_BUFFER_DURATION(out), 40U);
  EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(out, GST_BUFFER_FLAG_MARKER));
  gst_buffer_unref(out);
}

TEST_P(CoverElement, FlushAndSegmentHoldNothingBack) {
  gst_buffer_unref(through(test::new_frame(info_)));
  EXPECT_EQ(doubt(), "no-stamp");
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench_->harness.get(), gst_event_new_segment(&segment));
  GstBuffer* out = through(test::new_frame(info_));
  ASSERT_NE(out, nullptr);
  EXPECT_TRUE(test::all_black(out, info_));
  EXPECT_EQ(doubt(), "no-stamp") << "a new run after a flush";
  gst_buffer_unref(out);
}

TEST_P(CoverElement, PropertiesMayChangeWhileFramesPass) {
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (int i = 0; !done; ++i) {
      set("shape", i % 2 == 0 ? "head" : "box");
      g_object_set(element(), "margin", static_cast<float>(i % 20) / 10, nullptr);
      stat(element(), "frames");
    }
  });
  for (int i = 0; i < 200; ++i)
    gst_buffer_unref(through(stamped_frame(info_, {box_face({16, 8, 20, 20})})));
  done = true;
  other.join();
  EXPECT_EQ(stat(element(), "frames"), 200U);
}

TEST_P(CoverElement, DefaultsAndRanges) {
  GObjectClass* klass = G_OBJECT_GET_CLASS(element());
  const auto* margin = G_PARAM_SPEC_FLOAT(g_object_class_find_property(klass, "margin"));
  EXPECT_FLOAT_EQ(margin->default_value, 0.1F);
  EXPECT_FLOAT_EQ(margin->minimum, 0);
  EXPECT_FLOAT_EQ(margin->maximum, 2);
  EXPECT_EQ(G_PARAM_SPEC_ENUM(g_object_class_find_property(klass, "on-doubt"))->default_value, 0);
  EXPECT_EQ(G_PARAM_SPEC_ENUM(g_object_class_find_property(klass, "shape"))->default_value, 0);
  gint value = -1;
  for (const auto& [nick, number] : {std::pair{"box", 0}, {"ellipse", 1}, {"contour", 2}, {"head", 3}}) {
    set("shape", nick);
    g_object_get(element(), "shape", &value, nullptr);
    EXPECT_EQ(value, number);
  }
  gchar* audit = nullptr;
  g_object_get(element(), "audit", &audit, nullptr);
  EXPECT_EQ(audit, nullptr);
  EXPECT_STREQ(gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(element()), GST_ELEMENT_METADATA_KLASS),
               "Filter/Effect/Video");
}

} // namespace
} // namespace deid
