#include "pipelines/deid/media/length.hpp"
#include "pipelines/deid/media/libav.hpp"
#include "pipelines/deid/picture/picture.hpp"
#include <algorithm>
#include <cmath>

namespace deid::cli {
namespace {

/// Frames of a track, counted by its index or estimated from duration and rate.
std::uint64_t frames_of(const AVFormatContext& file, const AVStream& track) {
  if (track.nb_frames > 0)
    return static_cast<std::uint64_t>(track.nb_frames);
  const AVRational rate = track.avg_frame_rate.num > 0 ? track.avg_frame_rate : track.r_frame_rate;
  if (rate.num <= 0 || rate.den <= 0)
    return 0;
  double seconds = 0;
  if (track.duration > 0)
    seconds = static_cast<double>(track.duration) * av_q2d(track.time_base);
  else if (file.duration > 0)
    seconds = static_cast<double>(file.duration) / AV_TIME_BASE;
  return static_cast<std::uint64_t>(std::llround(std::max(0.0, seconds * av_q2d(rate))));
}

} // namespace

archive::Length length_of(const std::filesystem::path& file) {
  av_log_set_level(AV_LOG_QUIET);
  AVFormatContext* opened = nullptr;
  if (avformat_open_input(&opened, file.c_str(), nullptr, nullptr) < 0)
    return {};
  const Av<AVFormatContext> context(opened);
  if (avformat_find_stream_info(opened, nullptr) < 0)
    return {};
  const int index = av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index < 0)
    return {};
  const AVStream& track = *opened->streams[index];
  const std::uint64_t frames = format_of_name(file) ? 1 : frames_of(*opened, track);
  return {frames, track.codecpar->width, track.codecpar->height};
}

} // namespace deid::cli
