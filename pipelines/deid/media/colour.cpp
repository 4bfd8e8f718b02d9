#include "pipelines/deid/media/colour.hpp"
#include <gst/video/video.h>

namespace deid::cli {
namespace {

static_assert(colour::full == GST_VIDEO_COLOR_RANGE_0_255 && colour::limited == GST_VIDEO_COLOR_RANGE_16_235);
static_assert(colour::rgb == GST_VIDEO_COLOR_MATRIX_RGB && colour::bt709 == GST_VIDEO_COLOR_MATRIX_BT709 &&
              colour::bt601 == GST_VIDEO_COLOR_MATRIX_BT601);

/// x264's names by the numbers of ISO/IEC 23091-2; null: no name.
constexpr const char* primaries_names[] = {nullptr,    "bt709",     "undef",     nullptr, "bt470m",
                                           "bt470bg",  "smpte170m", "smpte240m", "film",  "bt2020",
                                           "smpte428", "smpte431",  "smpte432"};
constexpr const char* transfer_names[] = {
    nullptr,     "bt709",     "undef",     nullptr,    "bt470m",       "bt470bg", "smpte170m",
    "smpte240m", "linear",    "log100",    "log316",   "iec61966-2-4", "bt1361e", "iec61966-2-1",
    "bt2020-10", "bt2020-12", "smpte2084", "smpte428", "arib-std-b67"};
constexpr const char* matrix_names[] = {"GBR",       "bt709",     "undef", nullptr,    "fcc",    "bt470bg",
                                        "smpte170m", "smpte240m", "YCgCo", "bt2020nc", "bt2020c"};

template <std::size_t N> std::string name_at(const char* const (&names)[N], guint iso) {
  return iso < N && names[iso] ? names[iso] : "undef";
}

int x264_chroma_place(const std::string& site) {
  if (site == "jpeg")
    return 1;
  if (site == "dv")
    return 2;
  return site == "v-cosited" ? 3 : 0;
}

std::string sampling_of(const GstVideoFormatInfo* info) {
  const int across = GST_VIDEO_FORMAT_INFO_W_SUB(info, 1), down = GST_VIDEO_FORMAT_INFO_H_SUB(info, 1);
  if (across == 0)
    return down == 0 ? "4:4:4" : "4:4:0";
  if (across == 1)
    return down == 0 ? "4:2:2" : "4:2:0";
  return down == 0 ? "4:1:1" : "4:1:0";
}

} // namespace

Colour colour_of(const GstCaps* caps) {
  const GstStructure* s = caps && !gst_caps_is_empty(caps) ? gst_caps_get_structure(caps, 0) : nullptr;
  const char* text = s ? gst_structure_get_string(s, "colorimetry") : nullptr;
  GstVideoColorimetry c{};
  if (!text || !gst_video_colorimetry_from_string(&c, text))
    return {};
  return {c.range, c.matrix, c.transfer, c.primaries};
}

Colour colour_from_iso(unsigned matrix, unsigned transfer, unsigned primaries) {
  return {0, static_cast<int>(gst_video_color_matrix_from_iso(matrix)),
          static_cast<int>(gst_video_transfer_function_from_iso(transfer)),
          static_cast<int>(gst_video_color_primaries_from_iso(primaries))};
}

/// Two numbers mean the matrix of BT.601. The first one belongs to 625 lines and JPEG.
unsigned iso_matrix(const Colour& c, int known) {
  const auto number = static_cast<unsigned>(known);
  if (known > 0 && static_cast<int>(gst_video_color_matrix_from_iso(number)) == c.matrix)
    return number;
  const guint iso = gst_video_color_matrix_to_iso(static_cast<GstVideoColorMatrix>(c.matrix));
  const bool jpeg = c.range == colour::full && c.primaries == GST_VIDEO_COLOR_PRIMARIES_UNKNOWN;
  return c.matrix == colour::bt601 && (jpeg || c.primaries == GST_VIDEO_COLOR_PRIMARIES_BT470BG) ? 5 : iso;
}

std::string to_text(const Colour& c) {
  if (c == Colour{})
    return "unknown";
  return std::to_string(c.range) + ":" + std::to_string(c.matrix) + ":" + std::to_string(c.transfer) + ":" +
         std::to_string(c.primaries);
}

std::string x264_options(const Colour& c, const std::string& chroma_site, int matrix) {
  const guint primaries = gst_video_color_primaries_to_iso(static_cast<GstVideoColorPrimaries>(c.primaries));
  const guint transfer =
      gst_video_transfer_function_to_iso(static_cast<GstVideoTransferFunction>(c.transfer));
  return "colorprim=" + name_at(primaries_names, primaries) +
         ":transfer=" + name_at(transfer_names, transfer) +
         ":colormatrix=" + name_at(matrix_names, iso_matrix(c, matrix)) +
         ":fullrange=" + (c.range == colour::full ? "on" : "off") +
         ":chromaloc=" + std::to_string(x264_chroma_place(chroma_site));
}

std::string matrix_name(int matrix) {
  switch (matrix) {
  case GST_VIDEO_COLOR_MATRIX_BT601:
    return "BT.601";
  case GST_VIDEO_COLOR_MATRIX_BT709:
    return "BT.709";
  case GST_VIDEO_COLOR_MATRIX_BT2020:
    return "BT.2020";
  case GST_VIDEO_COLOR_MATRIX_SMPTE240M:
    return "SMPTE 240M";
  case GST_VIDEO_COLOR_MATRIX_FCC:
    return "FCC";
  default:
    return "no";
  }
}

PixelKind kind_of_pixels(const std::string& format) {
  const GstVideoFormat f = gst_video_format_from_string(format.c_str());
  if (f == GST_VIDEO_FORMAT_UNKNOWN || f == GST_VIDEO_FORMAT_ENCODED)
    return {};
  const GstVideoFormatInfo* info = gst_video_format_get_info(f);
  PixelKind kind;
  kind.known = true;
  kind.rgb = GST_VIDEO_FORMAT_INFO_IS_RGB(info);
  kind.gray = GST_VIDEO_FORMAT_INFO_IS_GRAY(info);
  kind.alpha = GST_VIDEO_FORMAT_INFO_HAS_ALPHA(info);
  kind.depth = static_cast<int>(GST_VIDEO_FORMAT_INFO_DEPTH(info, 0));
  if (!kind.rgb && !kind.gray)
    kind.sampling = sampling_of(info);
  return kind;
}

} // namespace deid::cli
