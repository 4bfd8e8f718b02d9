// State changes, flushes and property changes while frames wait for their lookahead.
#include "tests/faults/truth.hpp"
#include <gst/app/gstappsrc.h>
#include <gtest/gtest.h>

namespace deid::test {
namespace {

constexpr int count = 12;

void push(Line& line, const std::vector<cv::Mat>& frames, int from, int to) {
  for (int i = from; i < to; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
}

/// An appsrc that answers a seek like a file: the test pushes the next frames.
void make_seekable(const Line& line) {
  GstElement* source = line.element("in");
  gst_app_src_set_stream_type(GST_APP_SRC(source), GST_APP_STREAM_TYPE_SEEKABLE);
  g_signal_connect(source, "seek-data",
                   G_CALLBACK(+[](GstAppSrc*, guint64, gpointer) -> gboolean { return TRUE; }), nullptr);
}

TEST(Flush, ForgetsWaitingFrames) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=4 ! deidfacemask name=cover");
  make_seekable(line);
  ASSERT_TRUE(line.start()) << line.error();
  push(line, frames, 0, 6);
  line.await(2);
  ASSERT_TRUE(gst_element_seek_simple(line.pipeline(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
  push(line, frames, 6, count);
  line.finish();
  EXPECT_EQ(line.error(), "");
  EXPECT_GE(line.left().size(), 6U);
  EXPECT_LE(line.left().size(), static_cast<std::size_t>(count));
  report("flush while 4 frames wait", line, truth);
}

/// The elements stop and start again in the middle; the source pipeline keeps running.
void cycle(const std::string& fault, GstState low, bool both) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect name=find lookahead=3 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  push(line, frames, 0, 6);
  line.await(3);
  for (const GstState state : {low, GST_STATE_PLAYING}) {
    gst_element_set_state(line.element("find"), state);
    if (both)
      gst_element_set_state(line.element("cover"), state);
  }
  push(line, frames, 6, count);
  line.finish();
  EXPECT_GE(line.left().size(), 3U);
  report(fault, line, truth);
}

TEST(State, OfElementsChangesInTheMiddle) {
  cycle("both elements to READY and back while frames wait", GST_STATE_READY, true);
  cycle("facedetect alone to READY and back while frames wait", GST_STATE_READY, false);
  cycle("both elements to NULL and back while frames wait", GST_STATE_NULL, true);
  cycle("both elements to PAUSED and back while frames wait", GST_STATE_PAUSED, true);
}

TEST(State, OfThePipelineChangesInTheMiddle) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  for (const GstState low : {GST_STATE_READY, GST_STATE_NULL, GST_STATE_PAUSED}) {
    Line line("deidfacedetect lookahead=3 ! deidfacemask name=cover");
    ASSERT_TRUE(line.start()) << line.error();
    push(line, frames, 0, 6);
    line.await(3);
    gst_element_set_state(line.pipeline(), low);
    ASSERT_TRUE(line.start()) << line.error();
    push(line, frames, 6, count);
    line.finish();
    EXPECT_EQ(line.error(), "");
    EXPECT_GE(line.left().size(), 6U);
    report(std::string("pipeline to ") + gst_element_state_get_name(low) + " and back while frames wait",
           line, truth);
  }
}

TEST(State, IsGivenUpWhileFramesWait) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=8 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  push(line, frames, 0, 6);
  gst_element_set_state(line.pipeline(), GST_STATE_NULL);
  EXPECT_TRUE(line.left().empty());
  report("pipeline to NULL before the lookahead is full", "nothing had left", line.pushed(), truth,
         line.left());
}

TEST(Property, ChangesWhilePlaying) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect name=find lookahead=2 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  const auto set = [&line](const char* element, const char* name, const char* value) {
    gst_util_set_object_arg(G_OBJECT(line.element(element)), name, value);
  };
  push(line, frames, 0, 4);
  line.await(2);
  for (const auto& [name, value] : {std::pair{"threshold", "0.9"},
                                    {"sweep-period", "1000"},
                                    {"max-faces", "1"},
                                    {"lookahead", "30"},
                                    {"model-mesh", "/nonexistent"},
                                    {"precision", "f32"},
                                    {"threads", "2"},
                                    {"updates", "none"}})
    set("find", name, value);
  set("cover", "margin", "0.5");
  set("cover", "color", "0x040404");
  push(line, frames, 4, 8);
  line.await(6);
  set("cover", "margin", "0");
  set("cover", "on-doubt", "drop");
  set("find", "hold-time", "0");
  push(line, frames, 8, count);
  line.finish();
  EXPECT_EQ(line.error(), "");
  EXPECT_EQ(line.left().size(), static_cast<std::size_t>(count));
  report("every property changed while playing", line, truth);
}

TEST(Covers, TwoInARow) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  for (const char* middle :
       {"deidfacemask shape=ellipse ! deidfacemask name=cover", "deidfacemask ! deidfaceblur name=cover",
        "deidfaceblur ! deidfacemask name=cover",
        "deidfacemask ! deidfacedetect lookahead=0 ! deidfacemask name=cover"}) {
    Line line(std::string("deidfacedetect lookahead=0 ! ") + middle);
    ASSERT_TRUE(line.start()) << line.error();
    push(line, frames, 0, 6);
    line.finish();
    EXPECT_EQ(line.left().size(), 6U) << line.error();
    report(std::string("covers in a row: ") + middle, line, truth);
  }
}

} // namespace
} // namespace deid::test
