#include "pipelines/deid/media/sound_track.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <utility>
#include <vector>
extern "C" {
#include <libavutil/samplefmt.h>
}

namespace deid::cli {
namespace {

[[noreturn]] void refuse_sound(const std::filesystem::path& file, const std::string& why) {
  throw Failure(file.string() + ": " + why + " Without --audio keep the video alone is processed.");
}

/// Planes of samples, freed with this object.
class Samples {
public:
  Samples(AVSampleFormat format, int channels, int count) {
    if (av_samples_alloc(planes_.data(), nullptr, channels, std::max(1, count), format, 0) < 0)
      throw Failure("There is not enough memory for the sound.");
  }
  ~Samples() { av_freep(planes_.data()); }
  Samples(const Samples&) = delete;
  Samples& operator=(const Samples&) = delete;
  std::uint8_t** planes() { return planes_.data(); }

private:
  std::array<std::uint8_t*, 64> planes_{};
};

constexpr int most_channels = 64;

} // namespace

SoundReader::SoundReader(const std::filesystem::path& file)
    : packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
  AVFormatContext* context = nullptr;
  const int code = avformat_open_input(&context, ("file:" + file.string()).c_str(), nullptr, nullptr);
  context_.reset(context);
  if (code < 0 || avformat_find_stream_info(context, nullptr) < 0)
    refuse_sound(file, "its sound cannot be read.");
  for (unsigned i = 0; i < context->nb_streams; ++i) {
    AVStream* stream = context->streams[i];
    if (!track_ && stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
      track_ = stream;
    else
      stream->discard = AVDISCARD_ALL;
  }
  const AVCodec* codec = track_ ? avcodec_find_decoder(track_->codecpar->codec_id) : nullptr;
  decoder_.reset(codec ? avcodec_alloc_context3(codec) : nullptr);
  if (!decoder_ || avcodec_parameters_to_context(decoder_.get(), track_->codecpar) < 0)
    refuse_sound(file, "there is no decoder for its sound.");
  decoder_->pkt_timebase = track_->time_base;
  if (avcodec_open2(decoder_.get(), codec, nullptr) < 0)
    refuse_sound(file, "there is no decoder for its sound.");
}

/// Gives the decoder one packet. Sound that cannot be decoded leaves a gap, which the times reveal.
bool SoundReader::feed() {
  while (av_read_frame(context_.get(), packet_.get()) >= 0) {
    const bool ours = packet_->stream_index == track_->index;
    if (ours)
      avcodec_send_packet(decoder_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (ours)
      return true;
  }
  return false;
}

const AVFrame* SoundReader::next() {
  for (;;) {
    const int code = avcodec_receive_frame(decoder_.get(), frame_.get());
    if (code >= 0 && frame_->sample_rate > 0 && frame_->ch_layout.nb_channels <= most_channels)
      return frame_.get();
    if (code == AVERROR_EOF)
      return nullptr;
    if (code != AVERROR(EAGAIN))
      continue;
    if (!feed() && !std::exchange(ended_, true))
      avcodec_send_packet(decoder_.get(), nullptr);
  }
}

std::int64_t SoundReader::time_of(const AVFrame& frame) {
  const std::int64_t at = frame.best_effort_timestamp;
  const std::int64_t begin = at == AV_NOPTS_VALUE ? after_ : av_rescale_q(at, track_->time_base, nanoseconds);
  after_ = begin + av_rescale_q(frame.nb_samples, {1, frame.sample_rate}, nanoseconds);
  return begin;
}

SoundShaper::SoundShaper(const AVFrame& like, const AVCodecContext& to)
    : to_(to), like_(av_frame_clone(&like)) {
  AVChannelLayout layout{}, wanted = to.ch_layout; // the function that borrows it takes no const pointer
  if (like.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&layout, like.ch_layout.nb_channels);
  else
    av_channel_layout_copy(&layout, &like.ch_layout);
  SwrContext* resampler = nullptr;
  const int code =
      swr_alloc_set_opts2(&resampler, &wanted, to.sample_fmt, to.sample_rate, &layout,
                          static_cast<AVSampleFormat>(like.format), like.sample_rate, 0, nullptr);
  resampler_.reset(resampler);
  av_channel_layout_uninit(&layout);
  fifo_.reset(av_audio_fifo_alloc(to.sample_fmt, to.ch_layout.nb_channels, to.sample_rate));
  if (code < 0 || !fifo_ || swr_init(resampler) < 0)
    throw Failure(
        "The sound's format cannot be converted. Without --audio keep the video alone is processed.");
}

void SoundShaper::convert(const std::uint8_t** data, int samples) {
  const int room = swr_get_out_samples(resampler_.get(), samples);
  Samples out(to_.sample_fmt, to_.ch_layout.nb_channels, room);
  const int made = swr_convert(resampler_.get(), out.planes(), room, data, samples);
  if (made < 0 || av_audio_fifo_write(fifo_.get(), reinterpret_cast<void**>(out.planes()), made) < made)
    throw Failure("The sound cannot be converted.");
  if (data)
    in_ += samples;
}

void SoundShaper::silence(std::int64_t samples) {
  const auto format = static_cast<AVSampleFormat>(like_->format);
  constexpr std::int64_t piece = 4096;
  Samples none(format, like_->ch_layout.nb_channels, piece);
  av_samples_set_silence(none.planes(), 0, piece, like_->ch_layout.nb_channels, format);
  for (; samples > 0; samples -= piece)
    convert(const_cast<const std::uint8_t**>(none.planes()), static_cast<int>(std::min(samples, piece)));
}

void SoundShaper::add(const AVFrame& piece, std::int64_t at) {
  if (piece.format != like_->format || piece.sample_rate != like_->sample_rate ||
      piece.ch_layout.nb_channels != like_->ch_layout.nb_channels)
    throw Failure(
        "The sound changes its format in the middle of the file. Without --audio keep the video alone is "
        "processed.");
  // Smaller differences are rounding in the container, not a gap.
  const std::int64_t jitter = in_ == 0 ? 0 : piece.sample_rate / 20;
  const std::int64_t place = av_rescale_q(at, nanoseconds, {1, piece.sample_rate});
  if (place - in_ > jitter)
    silence(place - in_);
  const std::int64_t late = in_ - place;
  const int skip = late > jitter ? static_cast<int>(std::min<std::int64_t>(late, piece.nb_samples)) : 0;
  const auto format = static_cast<AVSampleFormat>(piece.format);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  const int planes = planar ? piece.ch_layout.nb_channels : 1;
  const int bytes = av_get_bytes_per_sample(format) * (planar ? 1 : piece.ch_layout.nb_channels);
  std::vector<const std::uint8_t*> data;
  for (int i = 0; i < planes; ++i)
    data.push_back(piece.extended_data[i] + static_cast<std::ptrdiff_t>(skip) * bytes);
  if (skip < piece.nb_samples)
    convert(data.data(), piece.nb_samples - skip);
}

void SoundShaper::finish() {
  convert(nullptr, 0);
  finished_ = true;
}

Av<AVFrame> SoundShaper::take() {
  const int there = av_audio_fifo_size(fifo_.get());
  const int wanted = to_.frame_size > 0 ? to_.frame_size : 1024;
  if (there == 0 || (there < wanted && !finished_))
    return nullptr;
  Av<AVFrame> frame(av_frame_alloc());
  frame->format = to_.sample_fmt;
  frame->sample_rate = to_.sample_rate;
  frame->nb_samples = std::min(there, wanted);
  av_channel_layout_copy(&frame->ch_layout, &to_.ch_layout);
  if (av_frame_get_buffer(frame.get(), 0) < 0 ||
      av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->extended_data), frame->nb_samples) < 0)
    throw Failure("There is not enough memory for the sound.");
  frame->pts = out_; // in the encoder's time base, one sample
  out_ += frame->nb_samples;
  return frame;
}

} // namespace deid::cli
