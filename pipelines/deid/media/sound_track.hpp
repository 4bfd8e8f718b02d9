#pragma once
#include "pipelines/deid/media/libav.hpp"
#include <cstdint>
#include <filesystem>
extern "C" {
#include <libavutil/audio_fifo.h>
#include <libswresample/swresample.h>
}

namespace deid::cli {

struct SoundDelete {
  void operator()(SwrContext* resampler) const { swr_free(&resampler); }
  void operator()(AVAudioFifo* fifo) const { av_audio_fifo_free(fifo); }
};

/// Decodes a file's first sound track, in order.
class SoundReader {
public:
  /// Throws Failure: cannot be opened, no sound, no decoder.
  explicit SoundReader(const std::filesystem::path& file);
  /// Returns the next piece, or null at the end. Valid until the next call.
  const AVFrame* next();
  /// Returns a piece's beginning by the file's clock [ns].
  std::int64_t time_of(const AVFrame& frame);

private:
  bool feed();
  Av<AVFormatContext> context_{};
  Av<AVCodecContext> decoder_{};
  Av<AVPacket> packet_{};
  Av<AVFrame> frame_{};
  AVStream* track_ = nullptr;
  std::int64_t after_ = 0; ///< end of the last piece [ns]
  bool ended_ = false;
};

/// Converts sound to an encoder's format and frame length, on one clock.
class SoundShaper {
public:
  /// like: a decoded piece; all others must have its format. to: an open encoder; it must outlive this
  /// object.
  SoundShaper(const AVFrame& like, const AVCodecContext& to);
  /// Adds a piece that begins at `at` [ns from the beginning of the result]. Sound before 0 is cut off; a gap
  /// before the piece is filled with silence. Throws Failure when the format differs.
  void add(const AVFrame& piece, std::int64_t at);
  void finish();
  /// Returns one frame for the encoder, or null when there is not enough sound. After finish() it returns the
  /// rest.
  Av<AVFrame> take();

private:
  void convert(const std::uint8_t** data, int samples);
  void silence(std::int64_t samples);
  const AVCodecContext& to_;
  Av<AVFrame> like_;
  std::unique_ptr<SwrContext, SoundDelete> resampler_{};
  std::unique_ptr<AVAudioFifo, SoundDelete> fifo_{};
  std::int64_t in_ = 0;  ///< samples added, at the input's rate
  std::int64_t out_ = 0; ///< samples taken
  bool finished_ = false;
};

} // namespace deid::cli
