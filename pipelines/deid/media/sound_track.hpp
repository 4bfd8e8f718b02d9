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

/// Decoded sound of a file's first sound track, in order.
class SoundReader {
public:
  /// Throws Failure: cannot be opened, no sound, no decoder.
  explicit SoundReader(const std::filesystem::path& file);
  /// The next piece, or null at the end. Valid until the next call.
  const AVFrame* next();
  /// When a piece begins, by the file's clock [ns].
  std::int64_t time_of(const AVFrame& frame);

private:
  bool feed();
  Av<AVFormatContext> context_{};
  Av<AVCodecContext> decoder_{};
  Av<AVPacket> packet_{};
  Av<AVFrame> frame_{};
  AVStream* track_ = nullptr;
  std::int64_t after_ = 0; ///< where the last piece ended [ns]
  bool ended_ = false;
};

/// Brings sound to an encoder's format and its length of frame, on one clock.
class SoundShaper {
public:
  /// like: a decoded piece; all others have its format. to: an open encoder, which is borrowed.
  SoundShaper(const AVFrame& like, const AVCodecContext& to);
  /// Adds a piece that has to sound at `at` [ns from the beginning of the result]; what is before 0 is cut
  /// off, a gap before the piece is filled with silence. Throws Failure: another format.
  void add(const AVFrame& piece, std::int64_t at);
  void finish();
  /// One frame for the encoder, or null when there is not enough; after finish() the rest, too.
  Av<AVFrame> take();

private:
  void convert(const std::uint8_t** data, int samples);
  void silence(std::int64_t samples);
  const AVCodecContext& to_;
  Av<AVFrame> like_;
  std::unique_ptr<SwrContext, SoundDelete> resampler_{};
  std::unique_ptr<AVAudioFifo, SoundDelete> fifo_{};
  std::int64_t in_ = 0;  ///< samples that were put in, at the input's rate
  std::int64_t out_ = 0; ///< samples that were taken
  bool finished_ = false;
};

} // namespace deid::cli
