#include "elements/base/gstdeidvideo.hpp"
#include "elements/base/one_thread.hpp"
#include "models/session/session.hpp"
#include "tests/elements/base/gst_support.hpp"
#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <new>
#include <set>
#include <thread>

namespace {

/// A tiny element on the base; each test sets its behaviour.
struct Hooks {
  std::function<GstFlowReturn(GstBuffer*, deid::video::FrameView&)> process =
      [](GstBuffer*, deid::video::FrameView&) { return GST_FLOW_OK; };
  std::function<bool(const GstVideoInfo&)> set_info = [](const GstVideoInfo&) { return true; };
  std::function<bool()> start = [] { return true; };
  std::vector<std::string> events;
};
struct TestVideo {
  GstDeidVideo parent;
  Hooks* hooks;
};
Hooks& hooks(gpointer object) {
  return *static_cast<TestVideo*>(object)->hooks;
}

void class_init(gpointer klass, gpointer) {
  auto* video = static_cast<GstDeidVideoClass*>(klass);
  video->process = [](GstDeidVideo* self, GstBuffer* buffer, deid::video::FrameView& frame) {
    return hooks(self).process(buffer, frame);
  };
  video->set_info = [](GstDeidVideo* self, const GstVideoInfo& info) { return hooks(self).set_info(info); };
  video->start = [](GstDeidVideo* self) { return hooks(self).start(); };
  video->event = [](GstDeidVideo* self, GstEvent* event) {
    hooks(self).events.emplace_back(GST_EVENT_TYPE_NAME(event));
  };
  G_OBJECT_CLASS(klass)->finalize = [](GObject* object) {
    delete reinterpret_cast<TestVideo*>(object)->hooks;
    G_OBJECT_CLASS(g_type_class_peek(GST_TYPE_DEID_VIDEO))->finalize(object);
  };
  gst_deid_video_add_templates(GST_ELEMENT_CLASS(klass));
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "test", "Filter/Effect/Video", "test",
                                        "test");
}

GType test_video_type() {
  static const GType type = g_type_register_static_simple(
      GST_TYPE_DEID_VIDEO, "DeidTestVideo", sizeof(GstDeidVideoClass), class_init, sizeof(TestVideo),
      [](GTypeInstance* self, gpointer) { reinterpret_cast<TestVideo*>(self)->hooks = new Hooks; },
      static_cast<GTypeFlags>(0));
  return type;
}

using deid::test::Bench;
using deid::test::error_text;
using deid::test::new_frame;
using deid::test::video_info;

class Base : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    bench_ = std::make_unique<Bench>(test_video_type());
    bench_->caps("I420", 16, 8);
  }
  Hooks& hooks() { return ::hooks(bench_->element); }
  /// Pushes a frame while `process` throws, and returns the error message. Nothing may come out.
  template <class Thrown> std::string error_of(Thrown thrown) {
    hooks().process = [thrown](GstBuffer*, deid::video::FrameView&) -> GstFlowReturn { throw thrown; };
    EXPECT_EQ(bench_->push(new_frame(info_)), GST_FLOW_ERROR);
    EXPECT_EQ(bench_->pull(), nullptr);
    return bench_->error();
  }
  GstVideoInfo info_ = video_info("I420", 16, 8);
  std::unique_ptr<Bench> bench_;
};

TEST_F(Base, WorksInPlaceAndKeepsTimesAndFlags) {
  hooks().process = [](GstBuffer*, deid::video::FrameView& frame) {
    *frame.planes[0].data = 1;
    return GST_FLOW_OK;
  };
  GstBuffer* in = new_frame(info_);
  GST_BUFFER_PTS(in) = 7;
  GST_BUFFER_DTS(in) = 6;
  GST_BUFFER_DURATION(in) = 5;
  GST_BUFFER_OFFSET(in) = 4;
  GST_BUFFER_FLAG_SET(in, GST_BUFFER_FLAG_MARKER);
  GstBuffer* same = in;
  ASSERT_EQ(bench_->push(in), GST_FLOW_OK);
  GstBuffer* out = bench_->pull();
  EXPECT_EQ(out, same) << "copied";
  EXPECT_EQ(GST_BUFFER_PTS(out), 7U);
  EXPECT_EQ(GST_BUFFER_DTS(out), 6U);
  EXPECT_EQ(GST_BUFFER_DURATION(out), 5U);
  EXPECT_EQ(GST_BUFFER_OFFSET(out), 4U);
  EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(out, GST_BUFFER_FLAG_MARKER));
  EXPECT_EQ(deid::test::bytes(out)[0], 1);
  gst_buffer_unref(out);
}

TEST_F(Base, SharedBuffersAreCopiedAndTheOtherHolderSeesNoChange) {
  hooks().process = [](GstBuffer*, deid::video::FrameView& frame) {
    *frame.planes[0].data = 1;
    return GST_FLOW_OK;
  };
  GstBuffer* held = new_frame(info_);
  const auto before = deid::test::bytes(held);
  ASSERT_EQ(bench_->push(gst_buffer_ref(held)), GST_FLOW_OK);
  GstBuffer* out = bench_->pull();
  EXPECT_NE(out, held);
  EXPECT_EQ(deid::test::bytes(out)[0], 1);
  EXPECT_EQ(deid::test::bytes(held), before);
  gst_buffer_unref(out);
  gst_buffer_unref(held);
}

TEST_F(Base, ExceptionsBecomeErrorsAndNothingLeaves) {
  using deid::models::ModelError;
  using Kind = ModelError::Kind;
  EXPECT_EQ(error_of(ModelError(Kind::missing, "x")),
            error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND));
  EXPECT_EQ(error_of(ModelError(Kind::damaged, "x")),
            error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ));
  EXPECT_EQ(error_of(ModelError(Kind::wrong_hash, "x")),
            error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ));
  EXPECT_EQ(error_of(ModelError(Kind::engine, "x")), error_text(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED));
  EXPECT_EQ(error_of(std::bad_alloc()), error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  EXPECT_EQ(error_of(std::runtime_error("x")), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  EXPECT_EQ(error_of(42), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  EXPECT_EQ(error_of(deid::ElementError(GST_CORE_ERROR, GST_CORE_ERROR_CLOCK, "s", "c")),
            error_text(GST_CORE_ERROR, GST_CORE_ERROR_CLOCK));
}

TEST_F(Base, OpenCvSharesNothingOfAFrameAmongThreads) {
  std::mutex lock;
  std::set<std::thread::id> used;
  hooks().process = [&](GstBuffer*, deid::video::FrameView&) {
    cv::parallel_for_(cv::Range(0, 64), [&](const cv::Range&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1)); // time for other threads to join in
      const std::lock_guard guard(lock);
      used.insert(std::this_thread::get_id());
    });
    return GST_FLOW_OK;
  };
  ASSERT_EQ(bench_->push(new_frame(info_)), GST_FLOW_OK);
  EXPECT_EQ(used.size(), 1U);
  EXPECT_EQ(deid::on_one_thread([] { return 7; }), 7);
}

TEST_F(Base, UnmappableAndShortBuffersDoNotLeave) {
  EXPECT_EQ(bench_->push(deid::test::unmappable_frame(info_)), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->error(), error_text(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE));
  EXPECT_EQ(bench_->push(gst_buffer_new_allocate(nullptr, 10, nullptr)), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->push(gst_buffer_new()), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->pull(), nullptr);
}

TEST_F(Base, PassThroughIsRefused) {
  gst_base_transform_set_passthrough(GST_BASE_TRANSFORM(bench_->element), TRUE);
  EXPECT_EQ(bench_->push(new_frame(info_)), GST_FLOW_ERROR);
  EXPECT_EQ(bench_->pull(), nullptr);
  EXPECT_EQ(bench_->error(), error_text(GST_CORE_ERROR, GST_CORE_ERROR_FAILED));
}

TEST_F(Base, GapBuffersAreProcessed) {
  int seen = 0;
  hooks().process = [&seen](GstBuffer*, deid::video::FrameView&) {
    ++seen;
    return GST_FLOW_OK;
  };
  for (const auto flag : {GST_BUFFER_FLAG_GAP, GST_BUFFER_FLAG_CORRUPTED, GST_BUFFER_FLAG_DECODE_ONLY}) {
    GstBuffer* buffer = new_frame(info_);
    GST_BUFFER_FLAG_SET(buffer, flag);
    EXPECT_EQ(bench_->push(buffer), GST_FLOW_OK);
  }
  EXPECT_EQ(seen, 3);
}

TEST_F(Base, LateFramesAreDroppedWithQosAndProcessedWithout) {
  gboolean qos = TRUE;
  g_object_get(bench_->element, "qos", &qos, nullptr);
  EXPECT_FALSE(qos) << "off unless asked for";
  for (const bool enabled : {false, true}) {
    g_object_set(bench_->element, "qos", static_cast<gboolean>(enabled), nullptr);
    gst_harness_push_upstream_event(
        bench_->harness.get(), gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 0.1, GST_SECOND, 10 * GST_SECOND));
    GstBuffer* late = new_frame(info_);
    GST_BUFFER_PTS(late) = GST_SECOND;
    EXPECT_EQ(bench_->push(late), GST_FLOW_OK);
    GstBuffer* out = bench_->pull();
    EXPECT_EQ(out == nullptr, enabled);
    gst_clear_buffer(&out);
  }
}

TEST_F(Base, UpstreamIsToldWhatDownstreamCanDoButForCropMeta) {
  gst_harness_add_propose_allocation_meta(bench_->harness.get(), GST_VIDEO_META_API_TYPE, nullptr);
  gst_harness_add_propose_allocation_meta(bench_->harness.get(), GST_VIDEO_CROP_META_API_TYPE, nullptr);
  GstCaps* caps = gst_video_info_to_caps(&info_);
  GstQuery* query = gst_query_new_allocation(caps, TRUE);
  GstPad* pad = gst_element_get_static_pad(bench_->element, "sink");
  ASSERT_TRUE(gst_pad_query(pad, query));
  EXPECT_TRUE(gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr));
  EXPECT_FALSE(gst_query_find_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, nullptr));
  gst_object_unref(pad);
  gst_query_unref(query);
  gst_caps_unref(caps);
}

TEST_F(Base, CapsOfOtherKindsAreRefused) {
  GstPad* pad = gst_element_get_static_pad(bench_->element, "sink");
  for (const char* other :
       {"video/x-raw,format=P010_10LE,width=8,height=8,framerate=25/1",
        "video/x-raw(memory:DMABuf),format=I420,width=8,height=8,framerate=25/1", "audio/x-raw"}) {
    GstCaps* caps = gst_caps_from_string(other);
    EXPECT_FALSE(gst_pad_query_accept_caps(pad, caps)) << other;
    gst_caps_unref(caps);
  }
  gst_object_unref(pad);
}

TEST_F(Base, BuffersOfSeveralPicturesOrOfFieldsAreRefused) {
  for (const char* kind : {"multiview-mode=separated,views=2", "interlace-mode=fields"}) {
    gst_harness_set_src_caps_str(
        bench_->harness.get(),
        (std::string("video/x-raw,format=I420,width=16,height=8,framerate=25/1,") + kind).c_str());
    EXPECT_NE(bench_->push(new_frame(info_)), GST_FLOW_OK) << kind;
    EXPECT_EQ(bench_->pull(), nullptr) << kind;
    EXPECT_EQ(bench_->error(), error_text(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION)) << kind;
  }
}

TEST_F(Base, CapsMayChangeInTheMiddle) {
  EXPECT_EQ(bench_->push(new_frame(info_)), GST_FLOW_OK);
  int width = 0;
  hooks().process = [&width](GstBuffer*, deid::video::FrameView& frame) {
    width = frame.width;
    return GST_FLOW_OK;
  };
  bench_->caps("NV12", 21, 9);
  EXPECT_EQ(bench_->push(new_frame(video_info("NV12", 21, 9))), GST_FLOW_OK);
  EXPECT_EQ(width, 21);
}

TEST_F(Base, AHookThatRefusesTheFormatStopsTheFrames) {
  hooks().set_info = [](const GstVideoInfo&) -> bool { throw std::runtime_error("not this one"); };
  bench_->caps("RGB", 8, 8);
  EXPECT_NE(bench_->push(new_frame(video_info("RGB", 8, 8))), GST_FLOW_OK);
  EXPECT_EQ(bench_->error(), error_text(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED));
  EXPECT_EQ(bench_->pull(), nullptr);
}

TEST_F(Base, EventsAreSeenAndGoOn) {
  EXPECT_TRUE(gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_start()));
  EXPECT_TRUE(gst_harness_push_event(bench_->harness.get(), gst_event_new_flush_stop(TRUE)));
  EXPECT_TRUE(gst_harness_push_event(bench_->harness.get(), gst_event_new_eos()));
  const auto& seen = hooks().events;
  EXPECT_NE(std::find(seen.begin(), seen.end(), "flush-stop"), seen.end());
  EXPECT_EQ(seen.back(), "eos");
}

TEST(BaseStart, AFailingStartStopsThePipeline) {
  gst_init(nullptr, nullptr);
  auto* element = GST_ELEMENT(g_object_new(test_video_type(), nullptr));
  gst_object_ref_sink(element);
  hooks(element).start = []() -> bool {
    throw deid::models::ModelError(deid::models::ModelError::Kind::missing, "face.onnx: run ./setup");
  };
  EXPECT_EQ(gst_element_set_state(element, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  gst_element_set_state(element, GST_STATE_NULL);
  gst_object_unref(element);
}

TEST(BaseStats, AreAStructure) {
  gst_init(nullptr, nullptr);
  auto* element = GST_ELEMENT(g_object_new(test_video_type(), nullptr));
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  ASSERT_NE(stats, nullptr);
  gst_structure_free(stats);
  gst_object_unref(element);
}

} // namespace
