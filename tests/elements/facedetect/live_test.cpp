// How long a camera's frames wait for later detections.
#include "tests/elements/facedetect/element.hpp"

namespace {

using namespace deid::facedetect::test;

/// The person's columns in portrait(), and the features of his face, px.
const cv::Rect person(150, 0, 310, 360), features(235, 150, 110, 105);

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
  void push_at(int ms) { push_at_ns(static_cast<GstClockTime>(ms) * GST_MSECOND); }
  void push_at_ns(GstClockTime time) {
    Buffer frame = buffer_of(small, caps, 0);
    GST_BUFFER_PTS(frame.get()) = time;
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
  for (const auto& [rate, frames] :
       {Case{"30/1", 3}, {"30000/1001", 3}, {"25/1", 2}, {"60/1", 6}, {"10/1", 1}, {"5/1", 0}}) {
    camera("", rate);
    gint up = 0, down = 0;
    ASSERT_EQ(std::sscanf(rate, "%d/%d", &up, &down), 2);
    const GstClockTime period = gst_util_uint64_scale_int(GST_SECOND, down, up);
    for (int n = 0; n < 8; ++n)
      push_at_ns(static_cast<GstClockTime>(n) * period);
    EXPECT_EQ(left(), 8 - frames) << rate;
    EXPECT_EQ(gst_harness_query_latency(harness.get()), frames * period) << rate;
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
  push_at(102);
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

/// A grey wall, and a person who slides in from its right side. `in` is the number of his px columns in the
/// frame.
cv::Mat wall_with(int in) {
  cv::Mat frame(360, 640, CV_8UC3);
  for (int x = 0; x < frame.cols; ++x)
    frame.col(x).setTo(cv::Scalar::all(120 + x / 16));
  if (in > 0) {
    const int wide = std::min(in, person.width), at = frame.cols - in;
    portrait()(cv::Rect(person.x, 0, wide, 360)).copyTo(frame(cv::Rect(at, 0, wide, 360)));
  }
  return frame;
}

/// Least share of the visible features (eyes to mouth) that regions cover; 1 when fewer than half are
/// visible.
double covered_features(const deid::FaceFrame& found, int in) {
  const cv::Rect whole(640 - in + features.x - person.x, features.y, features.width, features.height);
  const cv::Rect shown = whole & cv::Rect(0, 0, 640, 360);
  if (2 * shown.area() < whole.area())
    return 1;
  cv::Mat covered = cv::Mat::zeros(360, 640, CV_8U);
  for (const deid::FaceRegion& face : found.faces)
    covered(cv::Rect(face.box) & cv::Rect(0, 0, 640, 360)).setTo(1);
  return 1. * cv::countNonZero(covered(shown)) / shown.area();
}

TEST_F(LiveFaceDetect, APersonWhoEntersAnEmptyPictureIsCoveredInEachFrame) {
  constexpr int empty = 60, stays = 20;
  for (const int speed : {6, 12, 24, 310}) { // px a frame; with the last the person is there at once
    SCOPED_TRACE(speed);
    TearDown();
    open("deidfacedetect");
    gst_harness_set_live(harness.get(), TRUE);
    caps = caps_of("I420", {640, 360});
    gst_harness_set_src_caps_str(harness.get(), caps.c_str());
    std::vector<int> in(empty, 0);
    for (int shown = speed; shown < 440; shown += speed)
      in.push_back(shown);
    in.insert(in.end(), stays, in.back());
    for (std::size_t n = 0; n < in.size(); ++n)
      push_ok(wall_with(in[n]), caps, static_cast<int>(n));
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    ASSERT_EQ(gst_harness_buffers_in_queue(harness.get()), in.size());
    for (std::size_t n = 0; n < in.size(); ++n) {
      const Buffer out = pull();
      const deid::FaceFrame* found = deid::find_faces(out.get());
      ASSERT_NE(found, nullptr);
      EXPECT_GE(covered_features(*found, in[n]), .9) << "frame " << n << ", " << in[n] << " px";
      EXPECT_TRUE(n >= empty || found->faces.empty()) << "frame " << n;
    }
  }
}

} // namespace
