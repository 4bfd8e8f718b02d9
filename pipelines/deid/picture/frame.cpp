#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/run.hpp"
#include <gst/video/video.h>

namespace deid::cli {
namespace {

GstVideoFormat format_of(const cv::Mat& pixels) {
  switch (pixels.type()) {
  case CV_8UC1:
    return GST_VIDEO_FORMAT_GRAY8;
  case CV_8UC3:
    return GST_VIDEO_FORMAT_RGB;
  default:
    CV_Assert(pixels.type() == CV_8UC4);
    return GST_VIDEO_FORMAT_RGBA;
  }
}

GstVideoInfo info_of(const cv::Mat& pixels) {
  GstVideoInfo info;
  if (!gst_video_info_set_format(&info, format_of(pixels), static_cast<guint>(pixels.cols),
                                 static_cast<guint>(pixels.rows)))
    throw Failure("The picture is too large for GStreamer.");
  info.fps_n = 1;
  info.fps_d = 1;
  return info;
}

/// Maps a frame while it lives.
class Mapped {
public:
  Mapped(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags) {
    if (!gst_video_frame_map(&frame_, &info, buffer, flags))
      throw Failure("A frame's memory cannot be used.");
  }
  ~Mapped() { gst_video_frame_unmap(&frame_); }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  cv::Mat view(int type) {
    return cv::Mat(GST_VIDEO_FRAME_HEIGHT(&frame_), GST_VIDEO_FRAME_WIDTH(&frame_), type,
                   GST_VIDEO_FRAME_PLANE_DATA(&frame_, 0),
                   static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, 0)));
  }

private:
  GstVideoFrame frame_{};
};

} // namespace

GstCaps* frame_caps(const cv::Mat& pixels) {
  GstVideoInfo info = info_of(pixels);
  return gst_video_info_to_caps(&info);
}

GstBuffer* to_frame(const cv::Mat& pixels) {
  const GstVideoInfo info = info_of(pixels);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  if (!buffer)
    throw Failure("There is not enough memory for the picture.");
  const Ref<GstBuffer> owned(buffer);
  {
    Mapped frame(info, buffer, GST_MAP_WRITE);
    cv::Mat view = frame.view(pixels.type());
    pixels.copyTo(view);
  }
  GST_BUFFER_PTS(buffer) = 0;
  GST_BUFFER_DURATION(buffer) = GST_SECOND;
  return gst_buffer_ref(buffer);
}

cv::Mat from_frame(GstSample* sample, const cv::Mat& like) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      GST_VIDEO_INFO_FORMAT(&info) != format_of(like) || GST_VIDEO_INFO_WIDTH(&info) != like.cols ||
      GST_VIDEO_INFO_HEIGHT(&info) != like.rows)
    throw Failure("The result is of another size or format than the picture; it is not kept.");
  Mapped frame(info, gst_sample_get_buffer(sample), GST_MAP_READ);
  return frame.view(like.type()).clone();
}

} // namespace deid::cli
