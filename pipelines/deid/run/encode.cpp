#include "pipelines/deid/run/encode.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>

namespace deid::cli {

void append(Tokens& to, const Tokens& more) {
  to.insert(to.end(), more.begin(), more.end());
}

namespace {

bool any_of(const std::string& what, std::initializer_list<const char*> list) {
  return std::ranges::any_of(list, [&](const char* one) { return what == one; });
}

std::string extension(const RunOptions& o) {
  const std::string e = lower_extension(o.output);
  if (!any_of(e, {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"}))
    throw Failure("'" + o.output.filename().string() +
                      "': the extension must be .mp4, .mov, .mkv, .webm or .avi.",
                  exit_usage);
  return e;
}

bool holds(const std::string& ext, Codec codec) {
  if (ext == ".mkv")
    return true;
  if (ext == ".webm")
    return codec == Codec::vp8;
  if (ext == ".mp4" || ext == ".m4v")
    return codec == Codec::h264;
  return codec == Codec::h264 || codec == Codec::mjpeg;
}

void add_notice(Encoding& e, const std::string& sentence) {
  e.notice += (e.notice.empty() || sentence.empty() ? "" : " ") + sentence;
}

/// By default x264 takes as many threads as the computer has processors and a half, and another number of
/// threads gives other bytes: the parts of a batch on several computers would differ from those of one.
constexpr int x264_threads = 4;

/// Returns the end of x264's options. Its AVX-512 code (mbtree) uses memory that nobody wrote, so that equal
/// files give other bytes from the second file of a process on. Its AVX2 code does not, and is nearly as
/// fast.
std::string without_avx512() {
  return __builtin_cpu_supports("avx512bw") != 0 ? ":asm=SSE4.2,AVX,AVX2,FMA3,BMI2,LZCNT" : "";
}

Tokens x264(const RunOptions& o, bool avi) {
  Tokens t{"x264enc",
           "name=encoder",
           "pass=qual",
           "quantizer=" + std::to_string(o.crf),
           "vbv-buf-capacity=0",
           "speed-preset=" + o.speed_preset};
  if (o.live())
    t.insert(t.end(), {"tune=zerolatency", "key-int-max=60"});
  else
    t.push_back("threads=" + std::to_string(x264_threads));
  if (avi)
    t.push_back("bframes=0");
  return t;
}

/// openh264 has no constant quality: converts the quality to a bit rate for this size and frame rate.
Tokens openh264(const RunOptions& o, const Source& s) {
  const double fps = s.fps_n > 0 ? double(s.fps_n) / s.fps_d : 30.0;
  const double bits = 0.12 * s.width * s.height * fps * std::exp2((23 - o.crf) / 6.0);
  return {"openh264enc", "name=encoder", "rate-control=quality",
          "bitrate=" + std::to_string(static_cast<long>(std::clamp(bits, 1e5, 1e8))), "complexity=medium"};
}

Tokens vp8(const RunOptions& o) {
  const int level = std::clamp(o.crf * 63 / 51, 0, 63);
  return {"vp8enc",          "name=encoder",
          "end-usage=cq",    "cq-level=" + std::to_string(level),
          "min-quantizer=0", "target-bitrate=20000000",
          "deadline=1",      "cpu-used=4",
          "threads=2",       "timebase=1/90000"};
}

void choose_h264(const RunOptions& o, const Source& s, bool have_x264, bool avi, Encoding& e) {
  if (have_x264) {
    e.encoder = x264(o, avi);
    if (!any_of(s.format, {"I420", "YV12", "NV12"}))
      e.work_format = "I420";
    if (s.odd()) {
      e.encoder_format = "Y444"; // 4:2:0 cannot express an odd size
      e.notice = "The size is odd, so the video is H.264 High 4:4:4, which some players cannot show; .mkv "
                 "with --codec vp8 or ffv1 holds odd sizes, too.";
    }
    return;
  }
  if (s.odd())
    throw Failure("H.264 with an odd size needs x264enc. Install gstreamer1.0-plugins-ugly, or use --codec "
                  "vp8 with .mkv.");
  e.encoder = openh264(o, s);
  e.work_format = s.format == "I420" ? "" : "I420";
  e.notice =
      "x264enc is not installed (gstreamer1.0-plugins-ugly); openh264enc is used, --crf is approximate.";
}

void choose_codec(const RunOptions& o, const Source& s, Codec codec, bool have_x264, bool avi, Encoding& e) {
  switch (codec) {
  case Codec::h264:
    choose_h264(o, s, have_x264, avi, e);
    return;
  case Codec::vp8:
    e.encoder = vp8(o);
    e.work_format = s.format == "I420" ? "" : "I420";
    return;
  case Codec::mjpeg:
    e.encoder = {"jpegenc", "name=encoder", "quality=" + std::to_string(100 - o.crf * 65 / 100)};
    if (!any_of(s.format, {"I420", "YV12", "NV12", "RGB", "BGR", "RGBx", "xRGB", "BGRx", "xBGR", "GRAY8"}))
      e.work_format = "I420";
    return;
  case Codec::ffv1:
    e.encoder = {"avenc_ffv1", "name=encoder"};
    if (any_of(s.format, {"I420", "BGRx", "GRAY8"}))
      return;
    const PixelKind pixels = kind_of_pixels(s.format);
    e.work_format = pixels.rgb ? "BGRx" : pixels.gray ? "GRAY8" : "I420";
  }
}

/// "10 bits, 4:2:2": the properties that a conversion changes.
std::string describe(const PixelKind& pixels) {
  return std::to_string(pixels.depth) + " bits" + (pixels.sampling.empty() ? "" : ", " + pixels.sampling) +
         (pixels.alpha ? ", transparency" : "");
}

/// A sentence when pixels lose more than the codec always loses. FFV1 promises to lose nothing. The other
/// codecs have 8 bits, 4:2:0 and no transparency; for them only lost bits are reported.
std::string loss(const Source& s, Codec codec, const std::string& work_format) {
  const PixelKind from = kind_of_pixels(s.format), to = kind_of_pixels(work_format);
  if (work_format.empty() || !from.known)
    return "";
  const bool lossy =
      from.depth > to.depth || from.alpha || from.sampling != to.sampling || from.rgb != to.rgb;
  if (codec == Codec::ffv1 && lossy)
    return "The input's " + s.format + " pixels (" + describe(from) + ") become " + work_format + " (" +
           describe(to) + "), so the result is not lossless.";
  return from.depth > to.depth
             ? "The input's " + s.format + " pixels (" + describe(from) + ") become " + work_format + " (" +
                   describe(to) + "): fine steps of brightness are lost."
             : "";
}

/// Chooses colours, and reports losses. A live camera may change its format, so the codec's own colours are
/// requested.
void choose_pixels(const RunOptions& o, const Source& s, Codec codec, Encoding& e) {
  const bool x264enc = e.encoder.front() == "x264enc", openh264 = e.encoder.front() == "openh264enc";
  e.colours = choose_colours(s, codec, e.work_format, openh264);
  if (o.live()) {
    const bool jpeg = codec == Codec::mjpeg;
    e.colours = {};
    if (jpeg || codec == Codec::vp8)
      e.colours.work = to_text({.range = jpeg ? colour::full : colour::limited, .matrix = colour::bt601});
    return;
  }
  if (!e.colours.work.empty() && e.work_format.empty())
    e.work_format = kind_of_pixels(s.format).gray ? "GRAY8" : "I420";
  if (x264enc)
    e.colour_options = {
        "insert-vui=false",
        "option-string=" +
            x264_options(e.colours.written, e.work_format.empty() ? s.chroma_site : "", s.matrix) +
            without_avx512()};
  add_notice(e, e.colours.notice);
  add_notice(e, loss(s, codec, e.work_format));
}

constexpr std::uint32_t movie_timescale = 10'000; ///< ticks per second of an MP4's header

/// Lengths in an MP4's header have 32 bits. Refuses a longer video before the run. Throws Failure.
void require_length_fits(const Source& s, const std::string& ext) {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max() / movie_timescale;
  if (const std::int64_t seconds = s.duration / 1'000'000'000; seconds >= most)
    throw Failure("The video lasts " + std::to_string(seconds) + " s, but the header of a " + ext +
                      " file cannot express " + std::to_string(most) + " s; use .mkv.",
                  exit_usage);
}

void choose_muxer(const RunOptions& o, const Source& s, const std::string& ext, Encoding& e) {
  e.constant_rate = ext == ".avi";
  if (any_of(ext, {".mp4", ".m4v", ".mov"})) {
    require_length_fits(s, ext);
    e.muxer = {ext == ".mov" ? "qtmux" : "mp4mux", "name=mux",
               "trak-timescale=" + std::to_string(output_timescale(s)),
               "movie-timescale=" + std::to_string(movie_timescale)};
    if (o.live())
      e.muxer.push_back("fragment-duration=1000");
    e.audio_encoder = {"avenc_aac", "name=audio_encoder"};
    return;
  }
  e.muxer = {ext == ".webm" ? "webmmux" : ext == ".mkv" ? "matroskamux" : "avimux", "name=mux"};
  e.audio_encoder =
      ext == ".avi" ? Tokens{"lamemp3enc", "name=audio_encoder"} : Tokens{"opusenc", "name=audio_encoder"};
}

} // namespace

std::uint32_t output_timescale(const Source& s) {
  constexpr std::uint64_t most = 1'000'000;
  if (s.timescale > 0 && s.timescale <= 10 * most)
    return s.timescale;
  const std::uint64_t rate = s.fps_n > 0 ? static_cast<std::uint64_t>(s.fps_n) : 1;
  const std::uint64_t ticks = std::lcm(std::uint64_t{90'000}, rate);
  return static_cast<std::uint32_t>(ticks <= most ? ticks : 90'000);
}

Encoding choose_encoding(const RunOptions& o, const Source& s, bool have_x264) {
  const std::string ext = extension(o);
  const Codec codec = o.codec.value_or(ext == ".webm" ? Codec::vp8 : Codec::h264);
  if (!holds(ext, codec))
    throw Failure(std::string(to_string(codec)) + " video cannot be put into a " + ext + " file; use .mkv.",
                  exit_usage);
  if (ext == ".avi" && codec == Codec::mjpeg && s.par_n != s.par_d)
    throw Failure("The pixels are not square, which MJPEG in a .avi file cannot express; use .mkv or .mov.",
                  exit_usage);
  Encoding e;
  choose_codec(o, s, codec, have_x264, ext == ".avi", e);
  choose_pixels(o, s, codec, e);
  choose_muxer(o, s, ext, e);
  return e;
}

} // namespace deid::cli
