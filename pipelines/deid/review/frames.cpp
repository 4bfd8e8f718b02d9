#include "pipelines/deid/review/frames.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/media/libav.hpp"
#include "pipelines/deid/review/padded.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
extern "C" {
#include <libavutil/display.h>
#include <libswscale/swscale.h>
}

namespace deid::review {

using cli::Av;
using cli::Failure;

namespace {

struct SwsDelete {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
using Sws = std::unique_ptr<SwsContext, SwsDelete>;

/// Turns a picture as videoflip does for this direction.
cv::Mat upright(const cv::Mat& picture, const std::string& direction) {
  static const std::map<std::string, int> rotations{
      {"90r", cv::ROTATE_90_CLOCKWISE}, {"180", cv::ROTATE_180}, {"90l", cv::ROTATE_90_COUNTERCLOCKWISE}};
  cv::Mat out;
  if (const auto rotation = rotations.find(direction); rotation != rotations.end())
    cv::rotate(picture, out, rotation->second);
  else if (direction == "horiz")
    cv::flip(picture, out, 1);
  else if (direction == "vert")
    cv::flip(picture, out, 0);
  else if (direction == "ul-lr")
    cv::transpose(picture, out);
  else if (direction == "ur-ll") {
    cv::transpose(picture, out);
    cv::flip(out, out, -1);
  } else
    return picture;
  return out;
}

} // namespace

struct Frames::Impl {
  std::filesystem::path file;
  cli::Film film;
  std::vector<int> shown{}; ///< place among the decoded pictures of each shown frame
  bool ordered = true;      ///< times of the stream increase, so that a picture is known by its time
  Av<AVFormatContext> context{};
  Av<AVCodecContext> decoder{};
  Av<AVPacket> packet{av_packet_alloc()};
  Av<AVFrame> frame{av_frame_alloc()};
  int track = -1;
  int place = -1;    ///< of the decoded picture in `frame`; -1: none
  bool lost = false; ///< after a seek the place of the next picture is found by its time
  bool drained = false;
  cv::Size upright_size{};
  Sws to_gray{}, to_rgb{};

  explicit Impl(const std::filesystem::path& path) : file(path), film(cli::read_film(path)) {
    for (std::size_t i = 0; i < film.frames.size(); ++i) {
      if (film.frames[i].shown)
        shown.push_back(static_cast<int>(i));
      ordered = ordered && (i == 0 || film.frames[i].stream > film.frames[i - 1].stream);
    }
    open();
    upright_size = luma(0).size();
  }

  [[noreturn]] void fail(const std::string& why) const { throw Failure(file.string() + ": " + why); }

  void open() {
    av_log_set_level(AV_LOG_QUIET);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "ignore_editlist", "1", 0);
    AVFormatContext* opened = nullptr;
    int code = avformat_open_input(&opened, ("file:" + file.string()).c_str(), nullptr, &options);
    const Av<AVDictionary> owned(options);
    context.reset(opened);
    if (code < 0 || avformat_find_stream_info(opened, nullptr) < 0)
      fail("cannot be read as a video.");
    track = -1;
    for (unsigned i = 0; i < opened->nb_streams && track < 0; ++i)
      if (opened->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
          !(opened->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC))
        track = static_cast<int>(i);
    if (track < 0)
      fail("has no video.");
    const AVCodec* codec = avcodec_find_decoder(stream()->codecpar->codec_id);
    decoder.reset(codec != nullptr ? avcodec_alloc_context3(codec) : nullptr);
    if (!decoder || avcodec_parameters_to_context(decoder.get(), stream()->codecpar) < 0)
      fail("has no decoder here.");
    decoder->pkt_timebase = stream()->time_base;
    decoder->thread_count = 1;
    if (avcodec_open2(decoder.get(), codec, nullptr) < 0)
      fail("its decoder does not start.");
    place = -1;
    lost = drained = false;
  }

  [[nodiscard]] AVStream* stream() const { return context->streams[track]; }

  /// Gives the decoder one packet of the video, or says that there are no more.
  void feed() {
    while (av_read_frame(context.get(), packet.get()) >= 0) {
      const bool ours = packet->stream_index == track;
      if (ours)
        avcodec_send_packet(decoder.get(), packet.get());
      av_packet_unref(packet.get());
      if (ours)
        return;
    }
    avcodec_send_packet(decoder.get(), nullptr);
    drained = true;
  }

  /// Decodes the next picture and finds its place. Returns false at the end.
  bool next() {
    for (;;) {
      const int code = avcodec_receive_frame(decoder.get(), frame.get());
      if (code >= 0)
        break;
      if (code != AVERROR(EAGAIN) || drained)
        return false;
      feed();
    }
    if (!lost) {
      ++place;
      return true;
    }
    const std::int64_t at = av_rescale_q(frame->best_effort_timestamp, stream()->time_base, cli::nanoseconds);
    const auto& frames = film.frames;
    const auto above = std::ranges::lower_bound(frames, at, {}, &cli::FilmFrame::stream);
    auto nearest = above;
    if (above == frames.end() || (above != frames.begin() && at - (above - 1)->stream < above->stream - at))
      --nearest;
    place = static_cast<int>(nearest - frames.begin());
    lost = false;
    return true;
  }

  /// Goes to a key frame at or before a picture; to the beginning when that fails.
  void seek(int target, int before) {
    const std::int64_t at = film.frames[static_cast<std::size_t>(std::max(0, target - before))].stream;
    const bool possible =
        ordered && target > before &&
        av_seek_frame(context.get(), track, av_rescale_q(at, cli::nanoseconds, stream()->time_base),
                      AVSEEK_FLAG_BACKWARD) >= 0;
    if (!possible)
      return open();
    avcodec_flush_buffers(decoder.get());
    lost = true;
    drained = false;
    place = -1;
  }

  /// Decodes up to a picture. Returns whether it is in `frame`.
  bool decode_to(int target) {
    while (place < target || place < 0 || lost)
      if (!next())
        break;
    return place == target;
  }

  [[nodiscard]] bool is_far(int target) const {
    constexpr int far = 300; // pictures that are decoded rather than skipped by a seek
    return place < 0 ? target > far : place > target || target - place > far;
  }

  /// Brings a picture into `frame`.
  void reach(int target) {
    if (place == target)
      return;
    if (is_far(target))
      seek(target, 0);
    for (int attempt = 0; !decode_to(target); ++attempt) {
      if (attempt > 1)
        fail("picture " + std::to_string(target) + " cannot be decoded.");
      attempt == 0 ? seek(target, 250) : open(); // the key frame was no clean start
    }
  }

  cv::Mat converted(int index, AVPixelFormat format, int type, Sws& sws) {
    if (index < 0 || index >= static_cast<int>(shown.size()))
      throw Failure("There is no frame " + std::to_string(index) + ".");
    reach(shown[static_cast<std::size_t>(index)]);
    sws.reset(sws_getCachedContext(sws.release(), frame->width, frame->height,
                                   static_cast<AVPixelFormat>(frame->format), frame->width, frame->height,
                                   format, SWS_BILINEAR, nullptr, nullptr, nullptr));
    if (!sws)
      fail("its pixels cannot be converted.");
    cv::Mat picture = padded(frame->height, frame->width, type);
    std::uint8_t* const planes[4]{picture.data, nullptr, nullptr, nullptr};
    const int strides[4]{static_cast<int>(picture.step), 0, 0, 0};
    sws_scale(sws.get(), frame->data, frame->linesize, 0, frame->height, planes, strides);
    return upright(picture, film.direction);
  }
  cv::Mat luma(int index) { return converted(index, AV_PIX_FMT_GRAY8, CV_8UC1, to_gray); }
};

Frames::Frames(const std::filesystem::path& file) : impl_(std::make_unique<Impl>(file)) {}
Frames::~Frames() = default;
Frames::Frames(Frames&&) noexcept = default;

int Frames::count() const {
  return static_cast<int>(impl_->shown.size());
}

cv::Size Frames::size() const {
  return impl_->upright_size;
}

std::pair<int, int> Frames::rate() const {
  const AVRational rate = impl_->stream()->avg_frame_rate;
  return rate.num > 0 && rate.den > 0 ? std::pair(rate.num, rate.den) : std::pair(0, 1);
}

double Frames::seconds() const {
  const auto times = impl_->film.shown_times();
  return 1e-9 * static_cast<double>(impl_->film.end - times.front());
}

cv::Mat Frames::gray(int frame) {
  return impl_->luma(frame);
}

cv::Mat Frames::rgb(int frame) {
  return impl_->converted(frame, AV_PIX_FMT_RGB24, CV_8UC3, impl_->to_rgb);
}

} // namespace deid::review
