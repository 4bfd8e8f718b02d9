#include "pipelines/deid/media/picture.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include <gst/video/video.h>

namespace deid::cli {

namespace {

constexpr GstClockTime patience = 20 * GST_SECOND;
constexpr int most_side = 16384; // px; a larger size means a damaged header

cv::Mat copy_frame(GstSample* sample, const std::string& name) {
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      GST_VIDEO_INFO_WIDTH(&info) > most_side || GST_VIDEO_INFO_HEIGHT(&info) > most_side ||
      !gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
    throw Failure(name + " cannot be read as a picture.");
  const cv::Mat view(GST_VIDEO_FRAME_HEIGHT(&frame), GST_VIDEO_FRAME_WIDTH(&frame), CV_8UC3,
                     GST_VIDEO_FRAME_PLANE_DATA(&frame, 0),
                     static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0)));
  cv::Mat copy = view.clone();
  gst_video_frame_unmap(&frame);
  return copy;
}

/// The pipeline's error message; empty when it posted none.
std::string reason(GstElement* pipeline) {
  const Ref<GstBus> bus(gst_element_get_bus(pipeline));
  const Ref<GstMessage> message(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message)
    return "";
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  const Ref<GError> owned(error);
  return std::string(": ") + error->message;
}

} // namespace

cv::Mat decode_picture(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    throw Failure(file.string() + " is not a file.");
  GError* error = nullptr;
  const Ref<GstElement> pipeline(
      gst_parse_launch("filesrc name=file ! decodebin ! videoflip method=automatic ! videoconvert ! "
                       "video/x-raw,format=RGB ! fakesink name=sink enable-last-sample=true",
                       &error));
  if (error != nullptr) {
    const Ref<GError> owned(error);
    throw Failure(std::string("Pictures cannot be decoded: ") + error->message);
  }
  const Ref<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "file"));
  const Ref<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "sink"));
  g_object_set(source.get(), "location", file.c_str(), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  const bool ready =
      gst_element_get_state(pipeline.get(), nullptr, nullptr, patience) == GST_STATE_CHANGE_SUCCESS;
  GstSample* sample = nullptr;
  if (ready)
    g_object_get(sink.get(), "last-sample", &sample, nullptr);
  const std::unique_ptr<GstSample, decltype(&gst_sample_unref)> owned(sample, gst_sample_unref);
  const std::string why = sample ? "" : reason(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (!sample)
    throw Failure(file.string() + " cannot be read as a picture" + why + ".");
  return copy_frame(sample, file.string());
}

} // namespace deid::cli
