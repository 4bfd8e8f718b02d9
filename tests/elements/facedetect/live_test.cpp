// How long a camera's frames wait for later detections.
#include "tests/elements/facedetect/element.hpp"

namespace {

using namespace deid::facedetect::test;

class LiveFaceDetect : public FaceDetect {
protected:
  const cv::Mat small = portrait()(cv::Rect(0, 0, 64, 64)).clone();

  void camera(const std::string& properties, const std::string& rate, bool live = true) {
    TearDown();
    open("deidfacedetect " + properties);
    gst_harness_set_live(harness.get(), live);
    caps = caps_of("I420", small.size());
    caps.replace(caps.find("30/1"), 4, rate);
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
  }
  /// Pushes a frame with this time, ms.
  void push_at(int ms) {
    Buffer frame = buffer_of(small, caps, 0);
    GST_BUFFER_PTS(frame.get()) = static_cast<GstClockTime>(ms) * GST_MSECOND;
    ASSERT_EQ(gst_harness_push(harness.get(), frame.release()), GST_FLOW_OK);
  }
  guint left() { return gst_harness_buffers_in_queue(harness.get()); }
  std::string caps;
};

TEST_F(LiveFaceDetect, ByDefaultACamerasFramesWaitForATenthOfASecond) {
  struct Case {
    const char* rate;
    guint frames;
  };
  for (const auto& [rate, frames] : {Case{"30/1", 3}, {"25/1", 2}, {"60/1", 6}, {"10/1", 1}, {"5/1", 0}}) {
    camera("", rate);
    const int per_second = std::stoi(rate);
    for (int n = 0; n < 8; ++n)
      push_at(n * 1000 / per_second);
    EXPECT_EQ(left(), 8 - frames) << rate;
    EXPECT_EQ(gst_harness_query_latency(harness.get()), frames * (GST_SECOND / per_second)) << rate;
  }
}

TEST_F(LiveFaceDetect, AFileIsNotACamera) {
  camera("", "30/1", false);
  for (int n = 0; n < 8; ++n)
    push_at(n * 33);
  EXPECT_EQ(left(), 0U);
}

TEST_F(LiveFaceDetect, ACameraThatDropsFramesIsNotDelayedByMoreThanThat) {
  camera("", "30/1");
  push_at(0);
  EXPECT_EQ(left(), 0U);
  push_at(67); // two frames were dropped
  EXPECT_EQ(left(), 0U);
  push_at(100);
  EXPECT_EQ(left(), 1U);
  push_at(400); // and many more
  EXPECT_EQ(left(), 3U);
}

TEST_F(LiveFaceDetect, ANumberOfFramesThatIsAskedForHolds) {
  camera("lookahead=3", "30/1");
  for (const int ms : {0, 200, 400})
    push_at(ms);
  EXPECT_EQ(left(), 0U);
  push_at(600);
  EXPECT_EQ(left(), 1U);
  camera("lookahead=0", "30/1");
  push_at(0);
  EXPECT_EQ(left(), 1U);
}

} // namespace
