// faceswap on a clip of a talking man: no pixel of his face leaves except the intended ones.
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/video/planes.hpp"
#include "tests/elements/cover/stamped.hpp"
#include "tests/elements/faceswap/made_target.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gst/app/gstappsink.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid {
namespace {

class FaceSwapClip : public testing::Test {
protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    gst_element_register(nullptr, "deidtestdetect", GST_RANK_NONE, gst_deid_face_detect_get_type());
  }
  void SetUp() override {
    if (!std::filesystem::exists(clip_))
      GTEST_SKIP() << "set-up has not fetched " << clip_;
    if (!std::filesystem::exists(test::bank_file(1)))
      GTEST_SKIP() << "set-up has not made " << test::bank_file(1);
    target_ = test::bank_file(1).string();
  }
  /// use(frame with its stamp, caps) for every frame of the clip.
  template <class Use> void each(Use&& use) { each(clip_, std::forward<Use>(use)); }
  template <class Use> static void each(const std::filesystem::path& clip, Use&& use) {
    const std::string line = "filesrc location=\"" + clip.string() +
                             "\" ! decodebin ! deidtestdetect ! appsink name=out sync=false max-buffers=4";
    GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
    ASSERT_NE(pipeline, nullptr);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    while (GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 60 * GST_SECOND)) {
      use(gst_sample_get_buffer(sample), gst_sample_get_caps(sample));
      gst_sample_unref(sample);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(sink);
    gst_object_unref(pipeline);
  }
  static GstBuffer* through(test::Bench& bench, GstBuffer* in) {
    EXPECT_EQ(bench.push(gst_buffer_copy_deep(in)), GST_FLOW_OK);
    return bench.pull();
  }
  /// The skin of a face well within its contour.
  static cv::Mat skin(const FaceRegion& face, cv::Size size) {
    const auto filled = [&](const std::vector<int>& which) {
      std::vector<cv::Point> outline;
      for (const cv::Point2f& p : faceswap::pick(face.landmarks, which))
        outline.emplace_back(p);
      cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
      cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(255));
      return mask;
    };
    const int rim = cvRound(face.box.width / 12);
    const cv::Mat kernel = cv::Mat::ones(2 * rim + 1, 2 * rim + 1, CV_8U);
    cv::Mat inner;
    cv::erode(filled(faceswap::part::oval()), inner, kernel);
    for (const auto* own :
         {&faceswap::part::right_eye(), &faceswap::part::left_eye(), &faceswap::part::inner_lips()}) {
      cv::Mat part;
      cv::dilate(filled(*own), part, kernel);
      inner &= ~part;
    }
    return inner;
  }

  const std::filesystem::path clip_ = test::footage_dir() / "single_face.mp4";
  const test::Scratch scratch_;
  std::string target_;
};

TEST_F(FaceSwapClip, NoSkinOfTheManIsLeftInAnyFrame) {
  test::Bench bench(gst_deid_face_swap_get_type(), "target", target_);
  int frames = 0, meshes = 0;
  each([&](GstBuffer* in, GstCaps* caps) {
    if (frames++ == 0)
      gst_harness_set_src_caps(bench.harness.get(), gst_caps_copy(caps));
    GstVideoInfo info;
    gst_video_info_from_caps(&info, caps);
    GstBuffer* out = through(bench, in);
    ASSERT_NE(out, nullptr);
    const FaceFrame* stamp = find_faces(in);
    ASSERT_NE(stamp, nullptr);
    for (const FaceRegion& face : stamp->faces) {
      if (face.landmarks.empty())
        continue;
      ++meshes;
      MappedFrame left(in, info, GST_MAP_READ), right(out, info, GST_MAP_READ);
      cv::Mat away;
      cv::absdiff(video::plane(left.view(), 0), video::plane(right.view(), 0), away);
      const cv::Mat where = skin(face, {info.width, info.height});
      const int pixels = cv::countNonZero(where);
      ASSERT_GT(pixels, 1000);
      const int same = cv::countNonZero((away <= 2) & where); // equal by chance
      EXPECT_LT(same, 0.25 * pixels) << "frame " << frames;
      EXPECT_GT(cv::mean(away, where)[0], 6) << "frame " << frames;
    }
    gst_buffer_unref(out);
  });
  EXPECT_GE(frames, 60);
  EXPECT_GE(meshes, frames * 97 / 100);
  EXPECT_GE(test::stat(bench.element, "faces-swapped"), static_cast<std::uint64_t>(frames * 97 / 100));
}

TEST_F(FaceSwapClip, UnderATransparentSwapIsTheBlurInEveryFrame) {
  test::Bench swap(gst_deid_face_swap_get_type(), "target", target_);
  test::Bench blur(gst_deid_face_blur_get_type());
  g_object_set(swap.element, "opacity", 0.F, nullptr);
  for (test::Bench* bench : {&swap, &blur}) {
    gst_util_set_object_arg(G_OBJECT(bench->element), "shape", "contour");
    gst_util_set_object_arg(G_OBJECT(bench->element), "margin", "0.05");
  }
  int frames = 0;
  each([&](GstBuffer* in, GstCaps* caps) {
    if (frames++ == 0)
      for (test::Bench* bench : {&swap, &blur})
        gst_harness_set_src_caps(bench->harness.get(), gst_caps_copy(caps));
    GstBuffer* swapped = through(swap, in);
    GstBuffer* blurred = through(blur, in);
    EXPECT_EQ(test::bytes(swapped) == test::bytes(blurred), true) << "frame " << frames;
    gst_buffer_unref(swapped);
    gst_buffer_unref(blurred);
  });
  EXPECT_GE(frames, 60);
}

TEST_F(FaceSwapClip, AHandStaysInFrontOfTheFace) {
  const auto crying = test::footage_dir() / "WolfgangLanger_Pexels.mp4";
  if (!std::filesystem::exists(crying))
    GTEST_SKIP() << "set-up has not fetched " << crying;
  test::Bench with(gst_deid_face_swap_get_type(), "target", target_);
  test::Bench without(gst_deid_face_swap_get_type(), [&](GstElement* element) {
    g_object_set(element, "target", target_.c_str(), "hands", FALSE, nullptr);
  });
  int frames = 0, hand_frames = 0;
  each(crying, [&](GstBuffer* in, GstCaps* caps) {
    if (frames++ == 0)
      for (test::Bench* bench : {&with, &without})
        gst_harness_set_src_caps(bench->harness.get(), gst_caps_copy(caps));
    if (frames > 200)
      return;
    GstVideoInfo info;
    gst_video_info_from_caps(&info, caps);
    GstBuffer *kept = through(with, in), *painted = through(without, in);
    const FaceFrame* stamp = find_faces(in);
    ASSERT_NE(stamp, nullptr);
    for (const FaceRegion& face : stamp->faces) {
      if (face.landmarks.empty())
        continue;
      MappedFrame left(in, info, GST_MAP_READ), middle(kept, info, GST_MAP_READ),
          right(painted, info, GST_MAP_READ);
      const auto same = [&](MappedFrame& other) {
        cv::Mat away;
        cv::absdiff(video::plane(left.view(), 0), video::plane(other.view(), 0), away);
        return cv::countNonZero((away <= 1) & skin(face, {info.width, info.height}));
      };
      const int pixels = cv::countNonZero(skin(face, {info.width, info.height}));
      const int more = same(middle) - same(right);

      hand_frames += more > pixels / 50 ? 1 : 0;
      if (frames < 50) {
        EXPECT_LT(more, pixels / 20) << "no hand yet in frame " << frames;
      }
    }
    gst_buffer_unref(kept);
    gst_buffer_unref(painted);
  });
  EXPECT_GE(hand_frames, 90) << "it is there from frame 60 on";
}

} // namespace
} // namespace deid
