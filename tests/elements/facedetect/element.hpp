#pragma once
#include "elements/base/video_format.hpp"
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/meta/face_meta.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <fstream>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>
#include <memory>

// The element in a harness, and frames to push into it.
namespace deid::facedetect::test {

struct Unref {
  void operator()(GstBuffer* b) const { gst_buffer_unref(b); }
  void operator()(GstHarness* h) const { gst_harness_teardown(h); }
  void operator()(GstMessage* m) const { gst_message_unref(m); }
  void operator()(GstBus* b) const { gst_object_unref(b); }
};
using Buffer = std::unique_ptr<GstBuffer, Unref>;
using Harness = std::unique_ptr<GstHarness, Unref>;
using Message = std::unique_ptr<GstMessage, Unref>;
using Bus = std::unique_ptr<GstBus, Unref>;

inline const cv::Mat& portrait() {
  static const cv::Mat frame = deid::test::decode(deid::test::footage_dir() / "single_face.mp4", {10}).at(0);
  return frame;
}

inline std::string caps_of(const std::string& format, cv::Size size) {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(size.width) +
         ",height=" + std::to_string(size.height) + ",framerate=30/1";
}

inline GstVideoInfo info_of(const std::string& caps) {
  GstCaps* parsed = gst_caps_from_string(caps.c_str());
  GstVideoInfo info;
  EXPECT_TRUE(gst_video_info_from_caps(&info, parsed));
  gst_caps_unref(parsed);
  return info;
}

/// The RGB picture as a buffer of any format.
inline Buffer buffer_of(const cv::Mat& rgb, const std::string& caps, int number) {
  GstVideoInfo to = info_of(caps), from;
  gst_video_info_set_format(&from, GST_VIDEO_FORMAT_RGB, static_cast<guint>(rgb.cols),
                            static_cast<guint>(rgb.rows));
  from.fps_n = to.fps_n;
  from.fps_d = to.fps_d;
  Buffer source(gst_buffer_new_allocate(nullptr, from.size, nullptr));
  Buffer out(gst_buffer_new_allocate(nullptr, to.size, nullptr));
  GstVideoFrame a, b;
  gst_video_frame_map(&a, &from, source.get(), GST_MAP_WRITE);
  gst_video_frame_map(&b, &to, out.get(), GST_MAP_WRITE);
  for (int y = 0; y < rgb.rows; ++y)
    std::copy_n(rgb.ptr(y), rgb.cols * 3,
                static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&a, 0)) +
                    y * GST_VIDEO_FRAME_PLANE_STRIDE(&a, 0));
  GstVideoConverter* converter = gst_video_converter_new(&from, &to, nullptr);
  gst_video_converter_frame(converter, &a, &b);
  gst_video_converter_free(converter);
  gst_video_frame_unmap(&a);
  gst_video_frame_unmap(&b);
  GST_BUFFER_PTS(out.get()) = static_cast<GstClockTime>(number) * GST_SECOND / 30;
  GST_BUFFER_DURATION(out.get()) = GST_SECOND / 30;
  return out;
}

inline std::string bytes_of(GstBuffer* buffer) {
  GstMapInfo map;
  gst_buffer_map(buffer, &map, GST_MAP_READ);
  std::string bytes(reinterpret_cast<char*>(map.data), map.size);
  gst_buffer_unmap(buffer, &map);
  return bytes;
}

class FaceDetect : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    gst_element_register(nullptr, "deidfacedetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
  }

  void open(const std::string& launch = "deidfacedetect lookahead=0") {
    harness.reset(gst_harness_new_parse(launch.c_str()));
    element = gst_harness_find_element(harness.get(), "deidfacedetect");
    bus.reset(gst_bus_new());
    gst_element_set_bus(element, bus.get());
    gst_object_unref(element); // the harness keeps it
  }
  void TearDown() override {
    if (harness)
      gst_element_set_bus(element, nullptr);
    harness.reset();
  }
  void push_ok(const cv::Mat& rgb, const std::string& caps, int number) {
    ASSERT_EQ(gst_harness_push(harness.get(), buffer_of(rgb, caps, number).release()), GST_FLOW_OK);
  }
  Buffer pull() { return Buffer(gst_harness_try_pull(harness.get())); }
  /// Domain of the first error on the bus, 0 when there is none.
  GQuark error_domain(int* code = nullptr) {
    const Message message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    if (!message)
      return 0;
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    const GQuark domain = error->domain;
    if (code != nullptr)
      *code = error->code;
    last_error = error->message;
    g_error_free(error);
    return domain;
  }
  Bus bus;
  Harness harness;
  GstElement* element = nullptr;
  std::string last_error;
};

} // namespace deid::facedetect::test
