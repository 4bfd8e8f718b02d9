#include "pipelines/deid/media/pixel_format.hpp"
#include <memory>
#include <set>
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
}

namespace deid::cli {
namespace {

struct Close {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

/// The parameters of the first video track that is no cover picture; null: there is none.
const AVCodecParameters* film_of(const AVFormatContext& context) {
  for (unsigned i = 0; i < context.nb_streams; ++i) {
    const AVStream* s = context.streams[i];
    if (s->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !(s->disposition & AV_DISPOSITION_ATTACHED_PIC))
      return s->codecpar;
  }
  return nullptr;
}

/// Codecs for which GStreamer has decoders other than libav's; these know their output formats.
bool has_another_decoder(AVCodecID codec) {
  return codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_PNG || codec == AV_CODEC_ID_VP8 ||
         codec == AV_CODEC_ID_VP9 || codec == AV_CODEC_ID_THEORA || codec == AV_CODEC_ID_AV1;
}

bool gstreamer_lacks(std::string name) {
  static const std::set<std::string> lacking{
      "gray9",      "gray10",     "gray12",     "gray14",     "grayf32",   "ya8",       "ya16",
      "monow",      "yuv440p",    "yuvj440p",   "yuv440p10",  "yuv440p12", "yuvj411p",  "yuv420p9",
      "yuv422p9",   "yuv444p9",   "yuv420p14",  "yuv422p14",  "yuv444p14", "yuv420p16", "yuv422p16",
      "yuv444p16",  "yuva422p",   "yuva444p",   "yuva420p9",  "yuva422p9", "yuva444p9", "yuva420p16",
      "yuva422p16", "yuva444p16", "yuva422p12", "yuva444p12", "gbrp9",     "gbrp14",    "gbrp16",
      "gbrap16",    "gbrpf32",    "gbrapf32",   "rgb48",      "bgr48",     "rgba64",    "bgra64",
      "xyz12"};
  if (name.ends_with("le") || name.ends_with("be"))
    name.resize(name.size() - 2);
  return lacking.contains(name) || name.starts_with("bayer_");
}

} // namespace

PixelFacts pixel_facts(const std::filesystem::path& file) {
  av_log_set_level(AV_LOG_QUIET);
  AVFormatContext* opened = nullptr;
  if (avformat_open_input(&opened, ("file:" + file.string()).c_str(), nullptr, nullptr) < 0)
    return {};
  const std::unique_ptr<AVFormatContext, Close> context(opened);
  const AVCodecParameters* film =
      avformat_find_stream_info(opened, nullptr) < 0 ? nullptr : film_of(*context);
  const char* name = film ? av_get_pix_fmt_name(static_cast<AVPixelFormat>(film->format)) : nullptr;
  PixelFacts facts;
  if (!name)
    return facts;
  if (!has_another_decoder(film->codec_id) && gstreamer_lacks(name))
    facts.lacking = name;
  facts.known = true;
  facts.colour =
      colour_from_iso(static_cast<unsigned>(film->color_space), static_cast<unsigned>(film->color_trc),
                      static_cast<unsigned>(film->color_primaries));
  if (film->color_space != AVCOL_SPC_UNSPECIFIED)
    facts.matrix = film->color_space;
  if (film->color_range == AVCOL_RANGE_JPEG || std::string(name).starts_with("yuvj"))
    facts.colour.range = colour::full;
  else if (film->color_range == AVCOL_RANGE_MPEG)
    facts.colour.range = colour::limited;
  return facts;
}

} // namespace deid::cli
