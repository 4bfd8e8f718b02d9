#pragma once
#include <memory>
#include <string>
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace deid::cli {

struct AvDelete {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVDictionary* dictionary) const { av_dict_free(&dictionary); }
};
/// Owns one object of FFmpeg's libraries. An AVFormatContext must be open for reading.
template <class T> using Av = std::unique_ptr<T, AvDelete>;

constexpr AVRational nanoseconds{1, 1'000'000'000};

/// Returns the text of an error code of FFmpeg.
inline std::string av_reason(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE]{};
  av_strerror(code, text, sizeof text);
  return text;
}

} // namespace deid::cli
