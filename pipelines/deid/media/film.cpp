#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/media/libav.hpp"
#include "pipelines/deid/media/whole.hpp"
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

namespace deid::cli {
namespace {

constexpr std::int64_t second = 1'000'000'000;

[[noreturn]] void refuse_film(const std::filesystem::path& file, const std::string& why) {
  throw Failure(file.string() + ": " + why);
}

/// One packet or one decoded picture; times in ns.
struct Coded {
  std::int64_t pts = 0, duration = 0; ///< of a decoded picture: its presentation time, and 0
  std::int64_t place = 0;             ///< in the file [byte]
  bool shown = true;
};

enum class Edits { apply, ignore };

/// The result of one pass over a file.
struct Pass {
  std::vector<Coded> packets{};                ///< in the order of the file
  std::vector<Coded> decoded{};                ///< in order of presentation; empty when nothing was decoded
  bool timed = true;                           ///< every packet has a presentation time
  bool damaged = false;                        ///< a packet is incomplete, or cannot be decoded
  std::uint64_t listed = 0;                    ///< pictures in the file's index; 0 when it has none
  std::int64_t last_end = 0;                   ///< of all tracks [ns]
  std::map<int, std::uint64_t> other_videos{}; ///< packets of the other video tracks

  /// Pictures in a decoder's output order.
  std::vector<Coded> pictures() const {
    if (!decoded.empty())
      return decoded;
    std::vector<Coded> sorted = packets;
    std::ranges::stable_sort(sorted, {}, &Coded::pts);
    return sorted;
  }
};

class File {
public:
  File(const std::filesystem::path& file, Edits edits);
  /// Reads to the end; may be called once.
  Pass read(bool decode);
  bool is(const char* format) const { return std::strstr(context_->iformat->name, format) != nullptr; }
  /// Whether this format's clock may jump, and begins at any time.
  bool may_jump() const { return (context_->iformat->flags & AVFMT_TS_DISCONT) != 0; }
  /// Returns the duration in the file's head [ns]; 0 when it has none.
  std::int64_t declared() const;
  AVCodecID codec() const { return track()->codecpar->codec_id; }
  std::uint32_t timescale() const { return static_cast<std::uint32_t>(track()->time_base.den); }
  std::int64_t tick() const { return av_rescale_q_rnd(1, track()->time_base, nanoseconds, AV_ROUND_UP); }
  int audio_tracks() const;
  std::string direction() const;
  /// Whether the pictures need a rotation that direction() cannot express.
  bool oblique() const { return matrix() && direction().empty(); }

private:
  const std::uint8_t* matrix() const {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100) // FFmpeg 6.1 and later
    const AVCodecParameters* parameters = track()->codecpar;
    const AVPacketSideData* matrix = av_packet_side_data_get(
        parameters->coded_side_data, parameters->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return matrix == nullptr ? nullptr : matrix->data;
#else
    return av_stream_get_side_data(track(), AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
  }
  AVStream* track() const {
    return context_->streams[video_];
  }
  void open_decoder();
  void take(const AVPacket& packet, Pass& pass);
  void decode(const AVPacket* packet, Pass& pass);
  Av<AVFormatContext> context_{};
  Av<AVCodecContext> decoder_{};
  int video_ = 0;
};

std::int64_t in_ns(std::int64_t ticks, const AVStream* stream) {
  return av_rescale_q(ticks, stream->time_base, nanoseconds);
}

int first_film(const AVFormatContext* context) {
  for (unsigned i = 0; i < context->nb_streams; ++i) {
    const AVStream* s = context->streams[i];
    if (s->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !(s->disposition & AV_DISPOSITION_ATTACHED_PIC))
      return static_cast<int>(i);
  }
  return -1;
}

File::File(const std::filesystem::path& file, Edits edits) {
  av_log_set_level(AV_LOG_QUIET);
  AVDictionary* options = nullptr;
  if (edits == Edits::ignore)
    av_dict_set(&options, "ignore_editlist", "1", 0);
  AVFormatContext* context = nullptr;
  int code = avformat_open_input(&context, ("file:" + file.string()).c_str(), nullptr, &options);
  const Av<AVDictionary> owned(options);
  context_.reset(context);
  if (code >= 0)
    code = avformat_find_stream_info(context, nullptr);
  if (code < 0)
    refuse_film(file, "cannot be read as a video: " + av_reason(code) + ".");
  video_ = first_film(context);
  if (video_ < 0)
    refuse_film(file, "has no video stream.");
}

int File::audio_tracks() const {
  int n = 0;
  for (unsigned i = 0; i < context_->nb_streams; ++i)
    n += context_->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
  return n;
}

int sign(std::int32_t value) {
  return (value > 0) - (value < 0);
}

/// The matrix maps (p, q) to (a p + c q, b p + d q). GStreamer 1.22 knows seven of the eight directions.
std::string File::direction() const {
  struct Turn {
    std::array<int, 4> signs; ///< of a, b, c, d
    const char* name;
  };
  static constexpr std::array<Turn, 8> turns{{{{1, 0, 0, 1}, "identity"},
                                              {{1, 0, 0, -1}, "vert"},
                                              {{-1, 0, 0, 1}, "horiz"},
                                              {{-1, 0, 0, -1}, "180"},
                                              {{0, 1, 1, 0}, "ul-lr"},
                                              {{0, 1, -1, 0}, "90r"},
                                              {{0, -1, 1, 0}, "90l"},
                                              {{0, -1, -1, 0}, "ur-ll"}}};
  const std::uint8_t* data = matrix();
  if (!data)
    return "";
  std::array<std::int32_t, 9> m{};
  std::memcpy(m.data(), data, sizeof m);
  const std::array signs{sign(m[0]), sign(m[1]), sign(m[3]), sign(m[4])};
  const auto turn = std::ranges::find(turns, signs, &Turn::signs);
  return turn == turns.end() ? "" : turn->name;
}

std::int64_t File::declared() const {
  if (context_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM || context_->duration <= 0 ||
      may_jump())
    return 0;
  const std::int64_t start = context_->start_time == AV_NOPTS_VALUE ? 0 : context_->start_time;
  return (context_->duration + start) * 1000;
}

void File::open_decoder() {
  const AVCodec* found = avcodec_find_decoder(codec());
  Av<AVCodecContext> decoder(found ? avcodec_alloc_context3(found) : nullptr);
  if (!decoder || avcodec_parameters_to_context(decoder.get(), track()->codecpar) < 0)
    return;
  decoder->pkt_timebase = track()->time_base;
  if (avcodec_open2(decoder.get(), found, nullptr) >= 0)
    decoder_ = std::move(decoder);
}

void File::decode(const AVPacket* packet, Pass& pass) {
  if (!decoder_)
    return;
  if (avcodec_send_packet(decoder_.get(), packet) < 0 && packet && packet->size > 0)
    pass.damaged = true;
  const Av<AVFrame> frame(av_frame_alloc());
  auto& done = pass.decoded;
  while (avcodec_receive_frame(decoder_.get(), frame.get()) >= 0) {
    const std::int64_t step = done.size() > 1 ? done.back().pts - done[done.size() - 2].pts : second / 25;
    std::int64_t at = done.empty() ? 0 : done.back().pts + step;
    if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
      at = in_ns(frame->best_effort_timestamp, track());
    done.push_back({at, 0, frame->pkt_pos, true});
  }
}

void File::take(const AVPacket& packet, Pass& pass) {
  const AVStream* stream = context_->streams[packet.stream_index];
  const std::int64_t at = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (at != AV_NOPTS_VALUE)
    pass.last_end = std::max(pass.last_end, in_ns(at + packet.duration, stream));
  if (packet.stream_index != video_ && stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
      !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
    ++pass.other_videos[packet.stream_index];
  if (packet.stream_index != video_ || packet.size == 0)
    return;
  pass.damaged = pass.damaged || (packet.flags & AV_PKT_FLAG_CORRUPT) != 0;
  pass.timed = pass.timed && packet.pts != AV_NOPTS_VALUE;
  pass.packets.push_back({at == AV_NOPTS_VALUE ? 0 : in_ns(at, stream), in_ns(packet.duration, stream),
                          packet.pos, !(packet.flags & AV_PKT_FLAG_DISCARD)});
  decode(&packet, pass);
}

Pass File::read(bool decoding) {
  Pass pass;
  if (decoding)
    open_decoder();
  const Av<AVPacket> packet(av_packet_alloc());
  int code = 0;
  while ((code = av_read_frame(context_.get(), packet.get())) >= 0) {
    take(*packet, pass);
    av_packet_unref(packet.get());
  }
  if (decoding)
    decode(nullptr, pass);
  pass.damaged = pass.damaged || code != AVERROR_EOF || context_->pb->error < 0;
  if (is("mov"))
    pass.listed = static_cast<std::uint64_t>(std::max(0, avformat_index_get_entries_count(track())));
  return pass;
}

/// Packets of these codecs may hold no picture or several. Only decoding gives the number of pictures.
bool hides_pictures(AVCodecID codec) {
  return codec == AV_CODEC_ID_VP8 || codec == AV_CODEC_ID_VP9 || codec == AV_CODEC_ID_AV1 ||
         codec == AV_CODEC_ID_MPEG4;
}

/// Removes jumps of the clock, as in joined recordings.
void smooth(std::vector<FilmFrame>& frames) {
  constexpr std::int64_t most = 10 * second;
  std::int64_t shift = 0, step = second / 25;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const std::int64_t passed = frames[i].stream + shift - frames[i - 1].time;
    if (passed < 0 || passed > most)
      shift += step - passed;
    else if (passed > 0)
      step = passed;
    frames[i].time = frames[i].stream + shift;
  }
}

/// The pictures of a file without an edit list.
std::vector<FilmFrame> plain(const Pass& pass) {
  std::vector<FilmFrame> frames;
  for (const Coded& c : pass.pictures())
    frames.push_back({c.pts, c.pts, c.shown});
  return frames;
}

/// The pictures of a file with an edit list. `raw` has all pictures; `edited` has the shown ones and those
/// that they are decoded from.
std::vector<FilmFrame> edited_frames(const std::filesystem::path& file, const Pass& raw, const Pass& edited) {
  std::map<std::int64_t, std::int64_t> shown; // place in the file, time
  for (const Coded& c : edited.packets)
    if (c.shown && !shown.emplace(c.place, c.pts).second)
      refuse_film(
          file, "its edit list shows a part of the film more than once; cut it again with another program.");
  std::vector<FilmFrame> frames;
  for (const Coded& c : raw.pictures()) {
    const auto found = shown.find(c.place);
    frames.push_back({c.pts, found == shown.end() ? 0 : found->second, found != shown.end()});
  }
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const FilmFrame& f : frames)
    if (f.shown && std::exchange(last, f.time) > f.time)
      refuse_film(
          file, "its edit list shows parts of the film in another order; cut it again with another program.");
  return frames;
}

std::int64_t last_duration(const Pass& pass, const std::vector<std::int64_t>& times) {
  const auto last =
      std::ranges::max_element(pass.packets, {}, [](const Coded& c) { return c.shown ? c.pts : -1; });
  if (last != pass.packets.end() && last->duration > 0)
    return last->duration;
  return times.size() > 1 ? times.back() - times[times.size() - 2] : second / 25;
}

std::string seconds_text(std::int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", 1e-9 * static_cast<double>(ns));
  return text;
}

void judge(const std::filesystem::path& path, const File& file, const Pass& pass, Film& film) {
  constexpr std::int64_t tolerance = second / 2;
  const std::uint64_t there = pass.packets.size();
  const std::int64_t declared = file.declared();
  if (pass.listed > there) {
    film.missing = pass.listed - there;
    film.damage = "It is cut off or damaged: " + std::to_string(film.missing) + " of the " +
                  std::to_string(pass.listed) + " pictures in its index are missing.";
  } else if (declared > pass.last_end + tolerance) {
    film.damage = "It is cut off or damaged: its header gives a length of " + seconds_text(declared) +
                  ", but it ends after " + seconds_text(pass.last_end) + ".";
  } else if (is_cut_off(path)) {
    film.damage = "It is cut off: the file ends in the middle of its data.";
  } else if (pass.damaged) {
    film.damage = "It is damaged: not all of its data can be read.";
  }
}

/// Refuses a first track that is a cover or a slide without being marked as one.
void refuse_still(const std::filesystem::path& file, const Pass& pass) {
  for (const auto& [track, pictures] : pass.other_videos)
    if (pass.packets.size() <= 1 && pictures > 1)
      refuse_film(file,
                  "its first video track is a still picture. `ffmpeg -i IN -map 0:" + std::to_string(track) +
                      " -map '0:a?' -c copy OUT.mkv` copies the film to a file of its own.");
}

Film gif_film(const std::filesystem::path& file) {
  const auto times = gif_times(file);
  if (times.size() < 2)
    refuse_film(file, "the GIF is cut short or damaged.");
  Film film;
  for (std::size_t i = 0; i + 1 < times.size(); ++i)
    film.frames.push_back({times[i], times[i], true});
  film.end = times.back();
  return film;
}

} // namespace

std::vector<std::int64_t> Film::shown_times() const {
  std::vector<std::int64_t> times;
  for (const FilmFrame& f : frames)
    if (f.shown)
      times.push_back(f.time);
  return times;
}

Film read_film(const std::filesystem::path& path, Look look) {
  if (is_gif(path))
    return gif_film(path);
  const bool decode = look == Look::decoded;
  File file(path, Edits::apply);
  const bool boxes = file.is("mov");
  Pass pass = file.read(!boxes && (decode || hides_pictures(file.codec())));
  if (!pass.timed && pass.decoded.empty() && !boxes)
    pass = File(path, Edits::apply).read(true);
  refuse_still(path, pass);
  Film film;
  film.frames = boxes ? edited_frames(path, File(path, Edits::ignore).read(decode), pass) : plain(pass);
  if (file.may_jump())
    smooth(film.frames);
  const std::vector<std::int64_t> times = film.shown_times();
  if (times.empty())
    refuse_film(path, "has no visible picture.");
  film.origin = file.may_jump() ? times.front() : std::min<std::int64_t>(0, times.front());
  film.end = times.back() + last_duration(pass, times) - film.origin;
  for (FilmFrame& f : film.frames)
    f.time -= film.origin;
  film.tick = file.tick();
  film.audio_tracks = file.audio_tracks();
  film.direction = file.direction();
  film.oblique = file.oblique();
  film.timescale = boxes ? file.timescale() : 0;
  judge(path, file, pass, film);
  return film;
}

} // namespace deid::cli
