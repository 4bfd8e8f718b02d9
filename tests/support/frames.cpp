#include "tests/support/frames.hpp"
#include <algorithm>
#include <cstdlib>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

namespace deid::test {
namespace {

struct Unref {
  void operator()(gpointer object) const { gst_object_unref(object); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
};

struct Stop {
  void operator()(GstElement* pipeline) const {
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
};

cv::Mat to_rgb(GstSample* sample) {
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      !gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
    throw std::runtime_error("cannot map a decoded frame");
  const int width = info.width;
  const int height = info.height;
  cv::Mat rgb;
  if (GST_VIDEO_INFO_FORMAT(&info) == GST_VIDEO_FORMAT_RGB) {
    cv::Mat(height, width, CV_8UC3, GST_VIDEO_FRAME_PLANE_DATA(&frame, 0),
            GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0))
        .copyTo(rgb);
  } else {
    cv::Mat planar(height * 3 / 2, width, CV_8UC1);
    auto* out = planar.data;
    for (guint plane = 0; plane < 3; ++plane) {
      const auto* in = static_cast<const guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane));
      const int columns = GST_VIDEO_FRAME_COMP_WIDTH(&frame, plane);
      for (int row = 0; row < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane); ++row, out += columns)
        std::copy_n(in + static_cast<std::ptrdiff_t>(row) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane),
                    columns, out);
    }
    cv::cvtColor(planar, rgb, cv::COLOR_YUV2RGB_I420);
  }
  gst_video_frame_unmap(&frame);
  return rgb;
}

} // namespace

void each_frame(const std::filesystem::path& clip, const std::function<bool(int, const cv::Mat&)>& use) {
  gst_init(nullptr, nullptr);
  const bool picture = clip.extension() == ".png";
  const std::string line =
      std::string("filesrc name=source ! decodebin ! ") + (picture ? "videoconvert ! " : "") +
      "video/x-raw,format=" + (picture ? "RGB" : "I420") + " ! appsink name=sink sync=false";
  const std::unique_ptr<GstElement, Stop> pipeline(gst_parse_launch(line.c_str(), nullptr));
  if (!pipeline)
    throw std::runtime_error("cannot build " + line);
  const std::unique_ptr<GstElement, Unref> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "source"));
  const std::unique_ptr<GstElement, Unref> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "sink"));
  g_object_set(source.get(), "location", clip.c_str(), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);

  for (int index = 0;; ++index) {
    const std::unique_ptr<GstSample, Unref> sample(
        gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), 20 * GST_SECOND));
    if (!sample || !use(index, to_rgb(sample.get())))
      return;
  }
}

std::vector<cv::Mat> decode(const std::filesystem::path& clip, const std::vector<int>& wanted) {
  std::vector<cv::Mat> frames;
  each_frame(clip, [&](int index, const cv::Mat& rgb) {
    if (frames.size() < wanted.size() && index == wanted[frames.size()])
      frames.push_back(rgb);
    return frames.size() < wanted.size();
  });
  if (frames.size() < wanted.size())
    throw std::runtime_error("no frame " + std::to_string(wanted[frames.size()]) + " in " + clip.string());
  return frames;
}

std::filesystem::path footage_dir() {
  return std::filesystem::path(DEID_DEPS_DIR) / "footage";
}

std::filesystem::path shared_dir() {
  const char* chosen = std::getenv("DEID_SHARED");
  return chosen != nullptr ? std::filesystem::path(chosen)
                           : std::filesystem::path(DEID_SOURCE_DIR) / "../shared";
}

} // namespace deid::test
