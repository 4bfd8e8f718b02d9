#pragma once
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/video/planes.hpp"
#include "tests/elements/base/refusal.hpp"
#include "tests/elements/faceswap/real_face.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gtest/gtest.h>

namespace deid::test {

/// The element with a frame of a man and a woman (the first frames of set-up's two clips).
class TwoPeople : public testing::Test {
protected:
  static void SetUpTestSuite() { gst_init(nullptr, nullptr); }
  void SetUp() override {
    const auto clip = footage_dir() / "single_face.mp4", other = footage_dir() / "WolfgangLanger_Pexels.mp4";
    if (!std::filesystem::exists(clip) || !std::filesystem::exists(other))
      GTEST_SKIP() << "set-up has not fetched " << clip << " and " << other;
    man_ = decode(clip, {0}).front();
    woman_ = decode(other, {0}).front();
    man_face_ = region_of(man_, 1);
    woman_face_ = region_of(woman_, 2);
  }
  void open(const Settings& settings) {
    bench_ = std::make_unique<Bench>(gst_deid_face_swap_get_type(),
                                     [&](GstElement* element) { set_all(element, settings); });
  }
  static std::string refusal(const Settings& settings) {
    return test::refusal(gst_deid_face_swap_get_type(), settings);
  }
  GstBuffer* through(const cv::Mat& rgb, const std::vector<FaceRegion>& faces) {
    if (rgb.size() != now_)
      bench_->caps("RGB", rgb.cols, rgb.rows);
    now_ = rgb.size();
    EXPECT_EQ(bench_->push(frame_with(rgb, faces)), GST_FLOW_OK);
    return bench_->pull();
  }
  /// The leaving frame as a picture.
  cv::Mat shown(const cv::Mat& rgb, const std::vector<FaceRegion>& faces) {
    GstBuffer* out = through(rgb, faces);
    if (out == nullptr)
      return {};
    cv::Mat picture;
    {
      MappedFrame mapped(out, video_info("RGB", rgb.cols, rgb.rows), GST_MAP_READ);
      picture = video::plane(mapped.view(), 0).clone();
    }
    gst_buffer_unref(out);
    return picture;
  }
  /// The expected picture when these faces are covered and not swapped.
  static cv::Mat blurred(const cv::Mat& rgb, const std::vector<FaceRegion>& faces) {
    GstBuffer* out = frame_with(rgb, faces);
    cv::Mat picture;
    {
      MappedFrame mapped(out, video_info("RGB", rgb.cols, rgb.rows), GST_MAP_READWRITE);
      cover::Style style;
      style.method = cover::Method::average;
      for (const FaceRegion& face : faces)
        cover::apply(mapped.view(), cover::rasterize(face, cover::Shape::contour, .02F, rgb.size()), style);
      picture = video::plane(mapped.view(), 0).clone();
    }
    gst_buffer_unref(out);
    return picture;
  }
  /// Largest difference of two pictures, levels.
  static double worst(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() ? cv::norm(a, b, cv::NORM_INF) : 1e9;
  }

  const Scratch scratch_{};
  cv::Mat man_{}, woman_{};
  FaceRegion man_face_{}, woman_face_{};
  std::unique_ptr<Bench> bench_{};

private:
  cv::Size now_{};
};

} // namespace deid::test
