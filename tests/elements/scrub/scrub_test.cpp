// The element scrub. The tests of the covers check which data passes; both use the same lists.
#include "elements/base/scrub.hpp"
#include "elements/scrub/gstscrub.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/support/docs_page.hpp"
#include <gtest/gtest.h>

namespace deid {
namespace {

class Scrub : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    bench_ = std::make_unique<test::Bench>(gst_deid_scrub_get_type());
    gst_harness_set_src_caps(
        bench_->harness.get(),
        gst_caps_from_string("audio/x-raw,format=S16LE,rate=8000,channels=1,layout=interleaved"));
    while (through(nullptr))
      ;
  }
  scrub::EventPtr through(GstEvent* event) {
    if (event != nullptr)
      gst_harness_push_event(bench_->harness.get(), event);
    return scrub::EventPtr(gst_harness_try_pull_event(bench_->harness.get()));
  }
  static GstBuffer* sound() {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, 160, nullptr);
    gst_buffer_memset(buffer, 0, 7, 160);
    GST_BUFFER_PTS(buffer) = 11;
    GST_BUFFER_DURATION(buffer) = 20;
    GstCaps* clock = gst_caps_from_string("timestamp/x-unix");
    gst_buffer_add_reference_timestamp_meta(buffer, clock, 1, GST_CLOCK_TIME_NONE);
    gst_caps_unref(clock);
    return buffer;
  }
  std::unique_ptr<test::Bench> bench_;
};

TEST_F(Scrub, TagsChaptersAndEventsOfOthersEndHere) {
  for (const GstTagScope scope : {GST_TAG_SCOPE_STREAM, GST_TAG_SCOPE_GLOBAL}) {
    GstTagList* tags = gst_tag_list_new(GST_TAG_TITLE, "Jane", GST_TAG_ARTIST, "Dr X", nullptr);
    gst_tag_list_set_scope(tags, scope);
    EXPECT_EQ(through(gst_event_new_tag(tags)), nullptr);
  }
  GstToc* toc = gst_toc_new(GST_TOC_SCOPE_GLOBAL);
  EXPECT_EQ(through(gst_event_new_toc(toc, FALSE)), nullptr);
  gst_toc_unref(toc);
  EXPECT_EQ(through(gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("x"))),
            nullptr);
}

TEST_F(Scrub, TheSoundAndItsTimeAreUntouched) {
  ASSERT_EQ(bench_->push(sound()), GST_FLOW_OK);
  GstBuffer* out = bench_->pull();
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(test::bytes(out), std::vector<std::uint8_t>(160, 7));
  EXPECT_EQ(GST_BUFFER_PTS(out), 11U);
  EXPECT_EQ(GST_BUFFER_DURATION(out), 20U);
  EXPECT_EQ(gst_buffer_get_reference_timestamp_meta(out, nullptr), nullptr);
  gst_buffer_unref(out);
}

TEST_F(Scrub, ABufferThatOthersHoldIsCleanedAndTheirsStays) {
  GstBuffer* held = sound();
  ASSERT_EQ(bench_->push(gst_buffer_ref(held)), GST_FLOW_OK);
  GstBuffer* out = bench_->pull();
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(test::bytes(out), std::vector<std::uint8_t>(160, 7));
  EXPECT_EQ(gst_buffer_get_reference_timestamp_meta(out, nullptr), nullptr);
  EXPECT_NE(gst_buffer_get_reference_timestamp_meta(held, nullptr), nullptr);
  gst_buffer_unref(out);
  gst_buffer_unref(held);
}

TEST_F(Scrub, ThePageIsTrue) {
  test::expect_every_property_on_page("scrub");
  std::string line = test::launch_line_of("scrub");
  test::replace(line, "filesrc location=in.mp4 ! decodebin name=in",
                "videotestsrc num-buffers=5 ! queue name=in audiotestsrc num-buffers=5 ! queue name=sound");
  test::replace(line, "in. ! audioconvert", "sound. ! audioconvert");
  test::replace(line, "filesink location=out.mkv", "fakesink");
  test::expect_plays(line, 60);
}

} // namespace
} // namespace deid
