#include "pipelines/deid/media/sound.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/sound_track.hpp"
#include <algorithm>
#include <limits>
#include <optional>

namespace deid::cli {
namespace {

void must(int code, const char* what) {
  if (code < 0)
    throw Failure(std::string("The sound could not be added to the video: ") + what + ": " + av_reason(code) +
                  ".");
}

struct Kind {
  const char* muxer;
  AVCodecID codec;
  bool late_pictures; ///< the container allows pictures to begin after the sound
};

Kind kind_of(const std::string& extension) {
  if (extension == ".avi")
    return {"avi", AV_CODEC_ID_PCM_S16LE, false};
  if (extension == ".mkv")
    return {"matroska", AV_CODEC_ID_OPUS, true};
  if (extension == ".webm")
    return {"webm", AV_CODEC_ID_OPUS, true};
  return {extension == ".mov" ? "mov" : "mp4", AV_CODEC_ID_AAC, true};
}

/// The nearest lossless rate that the encoder accepts [Hz].
int rate_for(const AVCodec& codec, int rate) {
  if (codec.id == AV_CODEC_ID_OPUS)
    return 48000; // Opus always counts at this rate; at others the delay in Matroska would be wrong
  if (!codec.supported_samplerates)
    return rate;
  int best = 0;
  for (const int* r = codec.supported_samplerates; *r != 0; ++r)
    if (best == 0 || (best<rate&& * r> best) || (*r >= rate && *r < best))
      best = *r;
  return best;
}

Av<AVCodecContext> open_encoder(const Kind& kind, const AVFrame& like) {
  const AVCodec* codec = kind.codec == AV_CODEC_ID_OPUS ? avcodec_find_encoder_by_name("libopus")
                                                        : avcodec_find_encoder(kind.codec);
  if (!codec)
    throw Failure(
        "FFmpeg's encoder for the sound is missing. Without --audio keep the video alone is processed.");
  constexpr int bits_per_channel = 80'000;
  const int channels = like.ch_layout.nb_channels;
  for (const int n : {channels, 2}) { // rare layouts become two channels
    Av<AVCodecContext> encoder(avcodec_alloc_context3(codec));
    encoder->sample_fmt = codec->sample_fmts ? codec->sample_fmts[0] : AV_SAMPLE_FMT_S16;
    encoder->sample_rate = rate_for(*codec, like.sample_rate);
    encoder->time_base = {1, encoder->sample_rate};
    encoder->bit_rate = std::int64_t{bits_per_channel} * n;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    if (n == channels && like.ch_layout.order != AV_CHANNEL_ORDER_UNSPEC)
      av_channel_layout_copy(&encoder->ch_layout, &like.ch_layout);
    else
      av_channel_layout_default(&encoder->ch_layout, n);
    if (avcodec_open2(encoder.get(), codec, nullptr) >= 0)
      return encoder;
  }
  throw Failure("The sound's format cannot be encoded. Without --audio keep the video alone is processed.");
}

/// The output file.
class Writer {
public:
  Writer(const std::filesystem::path& file, const char* muxer) {
    must(avformat_alloc_output_context2(&context_, nullptr, muxer, nullptr), "no such container");
    context_->flags |= AVFMT_FLAG_BITEXACT; // no program name, no date
    must(avio_open(&context_->pb, ("file:" + file.string()).c_str(), AVIO_FLAG_WRITE), "cannot be written");
  }
  ~Writer() {
    avio_closep(&context_->pb);
    avformat_free_context(context_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  AVStream* add() { return avformat_new_stream(context_, nullptr); }
  void comment(const std::string& text) {
    if (!text.empty())
      av_dict_set(&context_->metadata, "comment", text.c_str(), 0);
  }
  /// video: its ticks are kept. Its colours are written only if it states any: MP4 cannot state a part of
  /// them, and unknown colours would be read as limited range.
  void begin(AVRational video_ticks, const AVCodecParameters& video) {
    AVDictionary* options = nullptr;
    av_dict_set_int(&options, "video_track_timescale", video_ticks.den, 0);
    const bool says_colours =
        video.color_range != AVCOL_RANGE_UNSPECIFIED || video.color_primaries != AVCOL_PRI_UNSPECIFIED ||
        video.color_trc != AVCOL_TRC_UNSPECIFIED || video.color_space != AVCOL_SPC_UNSPECIFIED;
    av_dict_set(&options, "movflags", says_colours ? "+write_colr" : "-write_colr", 0);
    const int code = avformat_write_header(context_, &options);
    const Av<AVDictionary> owned(options);
    must(code, "its head cannot be written");
  }
  void write(AVPacket* packet) { must(av_interleaved_write_frame(context_, packet), "cannot be written"); }
  void end() {
    must(av_write_trailer(context_), "its end cannot be written");
    must(avio_closep(&context_->pb), "cannot be written");
  }

private:
  AVFormatContext* context_ = nullptr;
};

/// Copies the finished pictures.
class Pictures {
public:
  explicit Pictures(const std::filesystem::path& file) {
    AVFormatContext* context = nullptr;
    const int code = avformat_open_input(&context, ("file:" + file.string()).c_str(), nullptr, nullptr);
    context_.reset(context);
    must(code, "the video cannot be read back");
    must(avformat_find_stream_info(context, nullptr), "the video cannot be read back");
  }
  AVStream* stream() const { return context_->streams[0]; }
  AVFormatContext* context() const { return context_.get(); }

private:
  Av<AVFormatContext> context_{};
};

class Join {
public:
  Join(const std::filesystem::path& silent, const Sound& sound, const std::filesystem::path& result)
      : kind_(kind_of(sound.extension)), mutes_(sound.mutes), pictures_(silent), reader_(sound.original),
        writer_(result, kind_.muxer) {
    const AVFrame* first = reader_.next();
    if (!first)
      throw Failure(
          sound.original.string() +
          ": nothing of its sound can be decoded. Without --audio keep the video alone is processed.");
    place(*first, sound.film);
    encoder_ = open_encoder(kind_, *first);
    // Matroska's readers subtract the delay. FFmpeg 5.1's writer does not add it, FFmpeg 7.1's does; what
    // lies between was not tried.
    const bool writer_adds = avformat_version() >= AV_VERSION_INT(61, 0, 0);
    padding_ = kind_.codec == AV_CODEC_ID_OPUS && !writer_adds ? encoder_->initial_padding : 0;
    shaper_.emplace(*first, *encoder_);
    begin(sound.comment);
    shaper_->add(*first, first_at_);
  }

  void run() {
    const Av<AVPacket> packet(av_packet_alloc());
    while (av_read_frame(pictures_.context(), packet.get()) >= 0) {
      av_packet_rescale_ts(packet.get(), pictures_.stream()->time_base, video_->time_base);
      const std::int64_t shift = av_rescale_q(video_shift_, nanoseconds, video_->time_base);
      if (packet->pts != AV_NOPTS_VALUE)
        packet->pts += shift;
      if (packet->dts != AV_NOPTS_VALUE)
        packet->dts += shift;
      packet->stream_index = video_->index;
      packet->pos = -1;
      if (packet->dts != AV_NOPTS_VALUE)
        sound_up_to(av_rescale_q(packet->dts, video_->time_base, nanoseconds));
      writer_.write(packet.get());
    }
    sound_up_to(std::numeric_limits<std::int64_t>::max());
    encode(nullptr);
    writer_.end();
  }

private:
  /// Places sound and pictures in the result, so that neither begins before 0.
  void place(const AVFrame& first, const Film& film) {
    const std::int64_t picture = film.shown_times().front();
    clock_ = -film.origin; // from the original's clock to that of its pictures
    begin_ = kind_.late_pictures ? picture : 0;
    clock_ += begin_ - picture;
    std::int64_t at = reader_.time_of(first) + clock_;
    if (at < 0 && kind_.late_pictures) {
      clock_ -= at;
      begin_ -= at;
      at = 0;
    }
    first_at_ = at;
  }

  void begin(const std::string& comment) {
    video_ = writer_.add();
    audio_ = writer_.add();
    must(avcodec_parameters_copy(video_->codecpar, pictures_.stream()->codecpar), "no memory");
    video_->codecpar->codec_tag = 0;
    video_->time_base = pictures_.stream()->time_base;
    video_->avg_frame_rate = pictures_.stream()->avg_frame_rate;
    video_->sample_aspect_ratio = pictures_.stream()->sample_aspect_ratio;
    must(avcodec_parameters_from_context(audio_->codecpar, encoder_.get()), "no memory");
    audio_->time_base = encoder_->time_base;
    writer_.comment(comment);
    writer_.begin(video_->time_base, *video_->codecpar);
    const std::int64_t start =
        pictures_.stream()->start_time == AV_NOPTS_VALUE ? 0 : pictures_.stream()->start_time;
    video_shift_ = begin_ - av_rescale_q(start, pictures_.stream()->time_base, nanoseconds);
  }

  void encode(const AVFrame* frame) {
    must(avcodec_send_frame(encoder_.get(), frame), "the encoder of the sound failed");
    const Av<AVPacket> packet(av_packet_alloc());
    while (avcodec_receive_packet(encoder_.get(), packet.get()) >= 0) {
      written_ = av_rescale_q(packet->pts, encoder_->time_base, nanoseconds);
      packet->pts += padding_;
      packet->dts += padding_;
      av_packet_rescale_ts(packet.get(), encoder_->time_base, audio_->time_base);
      packet->stream_index = audio_->index;
      writer_.write(packet.get());
    }
  }

  /// Silences the parts of a frame that lie in a muted span. A span reaches a little further on both sides,
  /// because a resampler smears.
  void mute(AVFrame& frame) const {
    constexpr std::int64_t reach = 20'000'000; // ns
    const auto sample = [&](std::int64_t time) {
      return av_rescale_q(begin_ + time, nanoseconds, encoder_->time_base) - frame.pts;
    };
    for (const SoundSpan& span : mutes_) {
      const std::int64_t from = std::clamp<std::int64_t>(sample(span.begin - reach), 0, frame.nb_samples),
                         to = std::clamp<std::int64_t>(sample(span.end + reach), 0, frame.nb_samples);
      if (to > from)
        av_samples_set_silence(frame.extended_data, static_cast<int>(from), static_cast<int>(to - from),
                               frame.ch_layout.nb_channels, static_cast<AVSampleFormat>(frame.format));
    }
  }

  /// Encodes sound up to this time [ns].
  void sound_up_to(std::int64_t time) {
    while (written_ < time) {
      if (const Av<AVFrame> frame = shaper_->take()) {
        mute(*frame);
        encode(frame.get());
        continue;
      }
      if (ended_)
        return;
      const AVFrame* piece = reader_.next();
      if (piece)
        shaper_->add(*piece, reader_.time_of(*piece) + clock_);
      else
        shaper_->finish();
      ended_ = !piece;
    }
  }

  Kind kind_;
  std::vector<SoundSpan> mutes_;
  Pictures pictures_;
  SoundReader reader_;
  Writer writer_;
  Av<AVCodecContext> encoder_{};
  std::optional<SoundShaper> shaper_{};
  AVStream *video_ = nullptr, *audio_ = nullptr;
  std::int64_t clock_ = 0;       ///< from the original's clock to the result's [ns]
  std::int64_t begin_ = 0;       ///< time of the result's first picture [ns]
  std::int64_t first_at_ = 0;    ///< beginning of the sound [ns]
  std::int64_t video_shift_ = 0; ///< shift of the silent file's times [ns]
  std::int64_t padding_ = 0;     ///< encoder delay that the muxer does not add [samples]
  std::int64_t written_ = std::numeric_limits<std::int64_t>::min();
  bool ended_ = false;
};

} // namespace

void add_sound(const std::filesystem::path& silent, const Sound& sound, const std::filesystem::path& result) {
  Join(silent, sound, result).run();
}

} // namespace deid::cli
