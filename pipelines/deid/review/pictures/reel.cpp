#include "pipelines/deid/review/pictures/reel.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/libav.hpp"
#include "pipelines/deid/review/padded.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
extern "C" {
#include <libswscale/swscale.h>
}

namespace deid::review::page {
namespace {

using cli::Av;
using cli::Failure;

constexpr std::int64_t second = 1'000'000'000;

struct ScalerDelete {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Failure(file.string() + " cannot be shown: " + why);
}

/// The colour matrix of a frame as libswscale numbers it. Files without one: by their height, as players do.
int matrix_of(const AVFrame& frame) {
  if (frame.colorspace == AVCOL_SPC_UNSPECIFIED)
    return frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  return frame.colorspace;
}

/// Turns a picture as videoflip does with a direction of this name.
cv::Mat turned(const cv::Mat& picture, const std::string& direction) {
  cv::Mat upright;
  if (direction == "90r")
    cv::rotate(picture, upright, cv::ROTATE_90_CLOCKWISE);
  else if (direction == "90l")
    cv::rotate(picture, upright, cv::ROTATE_90_COUNTERCLOCKWISE);
  else if (direction == "180")
    cv::rotate(picture, upright, cv::ROTATE_180);
  else if (direction == "horiz")
    cv::flip(picture, upright, 1);
  else if (direction == "vert")
    cv::flip(picture, upright, 0);
  else if (direction == "ul-lr")
    cv::transpose(picture, upright);
  else if (direction == "ur-ll")
    cv::rotate(picture.t(), upright, cv::ROTATE_180);
  else
    return picture;
  return upright;
}

} // namespace

struct Reel::Impl {
  const std::filesystem::path file;
  const cli::Film& film;
  std::vector<int> number;        ///< of each picture of the film among the shown ones; -1: hidden
  std::vector<std::size_t> place; ///< of each shown frame in the film
  bool ordered = true;            ///< each picture of the film has a time of its own, and they rise
  Av<AVFormatContext> context{};
  Av<AVCodecContext> decoder{};
  Av<AVPacket> packet{av_packet_alloc()};
  Av<AVFrame> frame{av_frame_alloc()};
  AVStream* track = nullptr;
  bool drained = false;    ///< the decoder knows that no packet follows
  std::size_t counted = 0; ///< pictures decoded from the start on; used when they have no order
  std::int64_t needed =
      std::numeric_limits<std::int64_t>::min(); ///< every frame from this time on is decoded [ns]
  mutable std::unique_ptr<SwsContext, ScalerDelete> scaler{};

  Impl(const std::filesystem::path& path, const cli::Film& given) : file(path), film(given) {
    for (std::size_t i = 0; i < film.frames.size(); ++i) {
      number.push_back(film.frames[i].shown ? static_cast<int>(place.size()) : -1);
      if (film.frames[i].shown)
        place.push_back(i);
      ordered = ordered && (i == 0 || film.frames[i].stream > film.frames[i - 1].stream);
    }
    open();
  }

  void open() {
    decoder.reset();
    track = nullptr;
    drained = false;
    counted = 0;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "ignore_editlist", "1", 0); // Film::frames has times before any edit list
    AVFormatContext* opened = nullptr;
    int code = avformat_open_input(&opened, ("file:" + file.string()).c_str(), nullptr, &options);
    const Av<AVDictionary> owned(options);
    context.reset(opened);
    if (code >= 0)
      code = avformat_find_stream_info(opened, nullptr);
    if (code < 0)
      refuse(file, cli::av_reason(code) + ".");
    for (unsigned i = 0; i < opened->nb_streams; ++i) {
      AVStream* stream = opened->streams[i];
      const bool wanted = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
                          (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0 && track == nullptr;
      stream->discard = wanted ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
      if (wanted)
        track = stream;
    }
    if (track == nullptr)
      refuse(file, "it has no video track.");
    open_decoder();
  }

  void open_decoder() {
    const AVCodec* codec = avcodec_find_decoder(track->codecpar->codec_id);
    decoder.reset(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
    if (!decoder || avcodec_parameters_to_context(decoder.get(), track->codecpar) < 0)
      refuse(file, "there is no decoder for it.");
    decoder->pkt_timebase = track->time_base;
    decoder->thread_count = 2;
    if (const int code = avcodec_open2(decoder.get(), codec, nullptr); code < 0)
      refuse(file, cli::av_reason(code) + ".");
  }

  [[nodiscard]] bool is_needed(const AVPacket& one) const {
    return one.pts == AV_NOPTS_VALUE || av_rescale_q(one.pts, track->time_base, cli::nanoseconds) >= needed;
  }

  /// Gives the decoder one more packet; false when it wants none.
  bool feed() {
    if (drained)
      return false;
    while (av_read_frame(context.get(), packet.get()) >= 0) {
      const bool ours = packet->stream_index == track->index;
      if (ours)
        decoder->skip_frame = is_needed(*packet) ? AVDISCARD_DEFAULT : AVDISCARD_NONREF;
      if (ours)
        avcodec_send_packet(decoder.get(), packet.get()); // a damaged packet gives no frame
      av_packet_unref(packet.get());
      if (ours)
        return true;
    }
    drained = true;
    avcodec_send_packet(decoder.get(), nullptr);
    return true;
  }

  /// The number of the decoded picture among the shown ones; -1: hidden or unknown.
  int number_of_frame() {
    if (!ordered)
      return counted < number.size() ? number[counted++] : -1;
    const std::int64_t ticks = frame->pts != AV_NOPTS_VALUE ? frame->pts : frame->best_effort_timestamp;
    const std::int64_t time = av_rescale_q(ticks, track->time_base, cli::nanoseconds);
    const auto found = std::ranges::lower_bound(film.frames, time, {}, &cli::FilmFrame::stream);
    if (found == film.frames.end() || found->stream != time)
      return -1;
    return number[static_cast<std::size_t>(found - film.frames.begin())];
  }

  std::optional<int> next() {
    while (true) {
      const int code = avcodec_receive_frame(decoder.get(), frame.get());
      if (code >= 0) {
        if (const int shown = number_of_frame(); shown >= 0)
          return shown;
      } else if (code != AVERROR(EAGAIN) || !feed()) {
        return std::nullopt;
      }
    }
  }

  [[nodiscard]] cv::Mat picture(int most, const AVFrame& of) const;

  void seek(std::int64_t time) {
    const std::int64_t ticks = av_rescale_q_rnd(time, cli::nanoseconds, track->time_base, AV_ROUND_DOWN);
    if (av_seek_frame(context.get(), track->index, ticks, AVSEEK_FLAG_BACKWARD) < 0 &&
        av_seek_frame(context.get(), track->index, 0, AVSEEK_FLAG_BACKWARD | AVSEEK_FLAG_ANY) < 0)
      refuse(file, "no place in it can be found.");
    avcodec_flush_buffers(decoder.get());
    drained = false;
  }
};

Reel::Reel(const std::filesystem::path& file, const cli::Film& film)
    : impl_(std::make_unique<Impl>(file, film)) {}

Reel::~Reel() = default;

bool Reel::can_go() const {
  return impl_->ordered;
}

std::optional<int> Reel::next() {
  return impl_->next();
}

void Reel::go_to(int frame) {
  // Some demuxers go to a key frame by the time at which it is decoded, which may be after the wanted frame.
  const std::size_t place = impl_->place.at(static_cast<std::size_t>(frame));
  impl_->seek(impl_->film.frames[place].stream);
}

void Reel::leave_out_before(int frame) {
  impl_->needed = impl_->film.frames[impl_->place.at(static_cast<std::size_t>(frame))].stream;
}

void Reel::restart() {
  impl_->open();
}

Reel::Held Reel::held() const {
  AVFrame* const copy = av_frame_clone(impl_->frame.get());
  if (copy == nullptr)
    throw std::bad_alloc();
  return {copy, [](AVFrame* one) { av_frame_free(&one); }};
}

cv::Mat Reel::picture(int most) const {
  return impl_->picture(most, *impl_->frame);
}

cv::Mat Reel::picture(int most, const Held& held) const {
  return impl_->picture(most, *held);
}

cv::Mat Reel::Impl::picture(int most, const AVFrame& frame) const {
  const double scale = std::min(1., static_cast<double>(most) / std::max(frame.width, frame.height));
  const int width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
  const auto format = static_cast<AVPixelFormat>(frame.format);
  SwsContext* const made =
      sws_getCachedContext(scaler.release(), frame.width, frame.height, format, width, height,
                           AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr);
  scaler.reset(made);
  if (made == nullptr)
    refuse(file, "its pixel format is unknown.");
  const int full = frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
  sws_setColorspaceDetails(made, sws_getCoefficients(matrix_of(frame)), full,
                           sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
  cv::Mat picture = padded(height, width, CV_8UC3);
  std::uint8_t* const rows[]{picture.data, nullptr, nullptr, nullptr};
  const int strides[]{static_cast<int>(picture.step), 0, 0, 0};
  if (sws_scale(made, frame.data, frame.linesize, 0, frame.height, rows, strides) <= 0)
    refuse(file, "a frame cannot be converted.");
  return turned(picture, film.direction);
}

} // namespace deid::review::page
