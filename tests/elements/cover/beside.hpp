#pragma once
#include "elements/base/scrub.hpp"
#include "elements/cover/gstdeidcover.hpp"
#include "elements/cover/record.hpp"
#include "tests/elements/cover/stamped.hpp"
#include <gtest/gtest.h>

namespace deid::test {

inline GstTagList* list_from(const std::string& text, GstTagScope scope = GST_TAG_SCOPE_STREAM) {
  GstTagList* tags = gst_tag_list_new_from_string(("taglist," + text).c_str());
  gst_tag_list_set_scope(tags, scope);
  return tags;
}

enum class Which { mask, blur };

/// A mask or a blur in a harness; takes events and frames and returns its output.
class BesideTest : public ::testing::TestWithParam<Which> {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  static GType type() {
    return GetParam() == Which::mask ? gst_deid_face_mask_get_type() : gst_deid_face_blur_get_type();
  }
  void SetUp() override { begin({}, nullptr); }
  void TearDown() override { GST_DEID_COVER_GET_CLASS(bench_->element)->note = nullptr; }
  /// A new element with this value of `tags` (empty: unset) and this note.
  void begin(const std::string& tags, const char* note) {
    bench_ = std::make_unique<Bench>(type(), [&](GstElement* made) {
      GST_DEID_COVER_GET_CLASS(made)->note = note;
      if (!tags.empty())
        gst_util_set_object_arg(G_OBJECT(made), "tags", tags.c_str());
    });
    bench_->caps("I420", 64, 48);
    drain();
  }
  void drain() {
    while (GstEvent* event = gst_harness_try_pull_event(bench_->harness.get()))
      gst_event_unref(event);
  }
  /// Sends the event in and returns what comes out, or null.
  scrub::EventPtr through(GstEvent* event) {
    gst_harness_push_event(bench_->harness.get(), event);
    return next();
  }
  scrub::EventPtr next() { return scrub::EventPtr(gst_harness_try_pull_event(bench_->harness.get())); }
  scrub::EventPtr through(const std::string& tags, GstTagScope scope = GST_TAG_SCOPE_STREAM) {
    return through(gst_event_new_tag(list_from(tags, scope)));
  }
  GstBuffer* frame() { return stamped_frame(info_, {box_face({16, 8, 20, 24})}); }
  GstBuffer* through(GstBuffer* in) {
    EXPECT_EQ(bench_->push(in), GST_FLOW_OK);
    return bench_->pull();
  }
  void send_frame() { gst_buffer_unref(through(frame())); }
  /// Returns how many events with the note come out.
  int notes() {
    int count = 0;
    while (const scrub::EventPtr event = next())
      count += scrub::says(event.get(), scrub::synthetic_note) ? 1 : 0;
    return count;
  }
  const GstVideoInfo info_ = video_info("I420", 64, 48);
  std::unique_ptr<Bench> bench_;
};

} // namespace deid::test
