#include "elements/base/video_format.hpp"
#include "elements/base/error.hpp"

namespace deid {

namespace {

void describe_packed(const GstVideoInfo& info, video::FrameView& view) {
  view.layout = video::Layout::packed;
  view.pixel_stride = GST_VIDEO_INFO_COMP_PSTRIDE(&info, GST_VIDEO_COMP_R);
  view.rgb_offset = {GST_VIDEO_INFO_COMP_POFFSET(&info, GST_VIDEO_COMP_R),
                     GST_VIDEO_INFO_COMP_POFFSET(&info, GST_VIDEO_COMP_G),
                     GST_VIDEO_INFO_COMP_POFFSET(&info, GST_VIDEO_COMP_B)};
}

/// Further pictures in a buffer would leave without being searched or covered.
void require_one_picture(const GstVideoInfo& info) {
  const char* cause = nullptr;
  if (GST_VIDEO_INFO_MULTIVIEW_MODE(&info) == GST_VIDEO_MULTIVIEW_MODE_SEPARATED)
    cause = "multiview-mode=separated";
  if (GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_FIELDS)
    cause = "interlace-mode=fields";
  if (GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_ALTERNATE)
    cause = "interlace-mode=alternate";
  if (cause != nullptr)
    throw ElementError(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
                       "Video with several pictures in a buffer, or fields instead of pictures, is not "
                       "supported.",
                       cause);
}

} // namespace

video::FrameView describe(const GstVideoInfo& info) {
  require_one_picture(info);
  video::FrameView view;
  view.width = GST_VIDEO_INFO_WIDTH(&info);
  view.height = GST_VIDEO_INFO_HEIGHT(&info);
  view.full_range = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  view.bt709 = info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT709;
  switch (GST_VIDEO_INFO_FORMAT(&info)) {
  case GST_VIDEO_FORMAT_I420:
  case GST_VIDEO_FORMAT_YV12:
    view.layout = video::Layout::planar420;
    break;
  case GST_VIDEO_FORMAT_NV12:
    view.layout = video::Layout::nv12;
    break;
  case GST_VIDEO_FORMAT_GRAY8:
    view.layout = video::Layout::gray;
    break;
  case GST_VIDEO_FORMAT_BGR:
  case GST_VIDEO_FORMAT_RGB:
  case GST_VIDEO_FORMAT_BGRx:
  case GST_VIDEO_FORMAT_RGBx:
  case GST_VIDEO_FORMAT_xBGR:
  case GST_VIDEO_FORMAT_xRGB:
  case GST_VIDEO_FORMAT_BGRA:
  case GST_VIDEO_FORMAT_RGBA:
    describe_packed(info, view);
    break;
  default:
    throw ElementError(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "This video format is not supported.",
                       GST_VIDEO_INFO_NAME(&info));
  }
  return view;
}

} // namespace deid
