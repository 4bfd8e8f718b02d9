#include "elements/base/mapped_frame.hpp"
#include "elements/base/error.hpp"
#include "elements/video/planes.hpp"

namespace deid {

namespace {

[[noreturn]] void fail(GstMapFlags flags, const char* cause) {
  const bool write = (flags & GST_MAP_WRITE) != 0;
  throw ElementError(GST_RESOURCE_ERROR, write ? GST_RESOURCE_ERROR_WRITE : GST_RESOURCE_ERROR_READ,
                     "A frame's memory cannot be used; the frame was not passed on.", cause);
}

/// A second GstVideoMeta means a second picture, which would be neither searched nor covered.
bool several_pictures(GstBuffer* buffer) {
  return gst_buffer_get_n_meta(buffer, GST_VIDEO_META_API_TYPE) > 1;
}

/// GStreamer orders planes by memory; in YV12, V comes before U.
int gst_plane(const GstVideoFrame& frame, int index) {
  return frame.info.finfo->format == GST_VIDEO_FORMAT_YV12 && index > 0 ? 3 - index : index;
}

} // namespace

MappedFrame::MappedFrame(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags)
    : frame_{}, view_(describe(info)) {
  if ((flags & GST_MAP_WRITE) != 0 && !gst_buffer_is_writable(buffer))
    fail(flags, "buffer is shared: not writable");
  // videocrop passes whole pictures with crop metadata. Positions in the caps' frame would then lie elsewhere
  // in memory.
  if (const GstVideoCropMeta* crop = gst_buffer_get_video_crop_meta(buffer);
      crop != nullptr && (crop->x != 0 || crop->y != 0 || crop->width != static_cast<guint>(info.width) ||
                          crop->height != static_cast<guint>(info.height)))
    fail(flags, "the buffer asks for cropping by metadata (GstVideoCropMeta)");
  if (several_pictures(buffer))
    fail(flags, "the buffer holds several pictures (GstVideoMeta)");
  if (const GstVideoMeta* meta = gst_buffer_get_video_meta(buffer);
      meta != nullptr &&
      (meta->width != static_cast<guint>(info.width) || meta->height != static_cast<guint>(info.height) ||
       meta->format != GST_VIDEO_INFO_FORMAT(&info)))
    fail(flags, "the buffer's video meta contradicts the caps");
  // NO_REF: the caller holds the buffer, and another reference would make it unwritable
  if (!gst_video_frame_map(
          &frame_, &info, buffer,
          static_cast<GstMapFlags>(static_cast<int>(flags) | GST_VIDEO_FRAME_MAP_FLAG_NO_REF)))
    fail(flags, "gst_video_frame_map failed");
  try {
    for (int i = 0; i < video::plane_count(view_.layout); ++i) {
      const int source = gst_plane(frame_, i);
      view_.planes.at(static_cast<std::size_t>(i)) = {
          static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, source)),
          GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, source)};
    }
    check_memory();
  } catch (const std::exception&) {
    gst_video_frame_unmap(&frame_);
    throw;
  }
}

MappedFrame::~MappedFrame() {
  gst_video_frame_unmap(&frame_);
}

/// A wrong GstVideoMeta or a short buffer must not cause access beyond the memory.
void MappedFrame::check_memory() const {
  const auto flags = frame_.map[0].flags;
  for (int i = 0; i < video::plane_count(view_.layout); ++i) {
    const cv::Mat plane = video::plane(view_, i); // throws on strides that are too small
    const GstMapInfo& map = frame_.meta != nullptr ? frame_.map[gst_plane(frame_, i)] : frame_.map[0];
    const std::size_t used = plane.step[0] * static_cast<std::size_t>(plane.rows - 1) +
                             static_cast<std::size_t>(plane.cols) * plane.elemSize();
    const std::uint8_t* begin = map.data;
    if (begin == nullptr || plane.data < begin || plane.data + used > begin + map.size)
      fail(flags, "the buffer is smaller than its frame");
  }
}

} // namespace deid
