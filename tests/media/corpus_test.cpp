// Every clip of the corpus comes out as the same film, or is refused with a sentence. ffmpeg judges.
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/film_reader.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/media/corpus.hpp"
#include "tests/media/judge.hpp"
#include "tests/pipelines/clip.hpp"
#include <cmath>

namespace deid::test {
namespace {

struct CorpusTest : ClipTest, ::testing::WithParamInterface<Row> {
  bool make_clip() {
    for (const std::string& program : {std::string("ffmpeg"), std::string("ffprobe"), GetParam().needs})
      if (!program.empty() && !have(program)) {
        missing = program;
        return false;
      }
    const std::string picture = "-f lavfi -i testsrc2=duration=1:size=96x64:rate=25";
    const std::string sound = "-f lavfi -i aevalsrc=exp(-((t-.5)/.003)^2)*sin(2*PI*1000*t)*.8:s=48000:d=1.2";
    output_of("cd '" + dir.string() + "' && ff='ffmpeg -nostdin -v error -y' && T='" + picture + "' && S='" +
              sound + "' && " + GetParam().make);
    return true;
  }
  /// The reason why the clip cannot be made.
  [[nodiscard]] std::string absence() const {
    return missing + " is not installed; it makes the clips or judges the results";
  }
  std::string missing{};
  cli::RunOptions run_options(const std::string& out) {
    cli::RunOptions o = options(dir / GetParam().input, out);
    o.keep_audio = GetParam().sound;
    if (out.ends_with(".mkv"))
      o.codec = cli::Codec::ffv1;
    return o;
  }
};

void expect_same_times(const Seen& in, const Seen& out) {
  ASSERT_EQ(in.times.size(), out.times.size());
  ASSERT_FALSE(in.times.empty());
  // Relative times: an MP4 begins with its first frame, and transport streams begin at any time.
  const double tick = std::max(in.tick, out.tick) + 1e-6;
  const std::size_t first = std::isnan(in.times[0]) && in.times.size() > 1 ? 1 : 0;
  for (std::size_t i = 0; i < in.times.size(); ++i)
    if (const double a = in.times[i] - in.times[first], b = out.times[i] - out.times[first]; !std::isnan(a)) {
      ASSERT_NEAR(a, b, tick) << "frame " << i;
    }
}

void expect_same_pixels(const Row& row, const std::filesystem::path& in, const std::filesystem::path& result,
                        const Seen& before, const Seen& after) {
  EXPECT_EQ(before.size, after.size);
  EXPECT_EQ(before.md5s.size(), after.md5s.size());
  if (row.pixels == Pixels::equal) {
    EXPECT_EQ(before.md5s, after.md5s);
  }
  if (row.pixels == Pixels::close) {
    EXPECT_GT(least_psnr(in, result), 35.0);
  }
}

/// The input's colours as far as the result can state them. In Matroska FFV1 states all; in WebM VP8's rules
/// hold, elsewhere H.264's.
Colours sayable(const Seen& in, const std::string& extension) {
  Colours c = in.colours;
  if (extension == ".mkv")
    return c;
  const auto begins = [&](const char* with) { return in.pixel_format.starts_with(with); };
  if (begins("rgb") || begins("bgr") || begins("gbr"))
    c = {"tv", "smpte170m", c.transfer, c.primaries}; // neither codec has RGB here
  if (begins("gray"))
    c.range = "tv";           // grey becomes one of the three planes
  if (extension == ".webm") { // VP8 has one range and one matrix, which has two names
    c.range = c.range == "pc" ? "tv" : c.range;
    c.matrix = c.matrix == "unknown" || c.matrix == "bt470bg" ? c.matrix : "smpte170m";
  }
  const bool range_alone = c == Colours{c.range, "unknown", "unknown", "unknown"};
  if (range_alone && c.range == "tv" && (extension == ".mov" || extension == ".avi"))
    c.range = "unknown"; // unknown means the limited range in H.264; MOV and AVI cannot state it
  return c;
}

void expect_refused(const Row& row, cli::RunOptions o) {
  try {
    cli::run_file(o, "", stand_in);
    ADD_FAILURE() << "was not refused";
  } catch (const cli::Failure& e) {
    EXPECT_NE(std::string(e.what()).find(row.refused), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(o.output));
  if (row.missing == 0)
    return;
  o.keep_going = true;
  const cli::Summary said = cli::run_file(o, "", stand_in);
  EXPECT_GE(said.frames_missing, row.missing);
  EXPECT_EQ(look_at(o.output, false).times.size(), said.frames);
}

TEST_P(CorpusTest, IsTheSameFilmOrRefused) {
  if (!make_clip())
    GTEST_SKIP() << absence();
  const Row& row = GetParam();
  const auto in = dir / row.input;
  if (!row.refused.empty())
    return expect_refused(row, run_options(row.outputs.front()));
  const Seen before = look_at(in, true);
  const auto sounds = row.sound ? beep(in, before) : std::nullopt;
  for (const std::string& out : row.outputs) {
    SCOPED_TRACE(row.input + " -> " + out);
    const auto o = run_options(out);
    const bool lossless = o.codec == cli::Codec::ffv1;
    ASSERT_NO_THROW(cli::run_file(o, "", stand_in));
    const Seen after = look_at(o.output, lossless);
    expect_same_times(before, after);
    if (lossless)
      expect_same_pixels(row, in, o.output, before, after);
    EXPECT_EQ(sayable(before, o.output.extension().string()), after.colours);
    if (!row.sound)
      continue;
    const auto sounds_after = beep(o.output, after);
    ASSERT_TRUE(sounds && sounds_after);
    EXPECT_NEAR(*sounds, *sounds_after, .002);
  }
}

/// Times of the pictures in the graph of a reader [s].
struct Times {
  std::vector<double> all{};
  static void take(GstElement*, GstBuffer* buffer, GstPad*, gpointer self) {
    static_cast<Times*>(self)->all.push_back(1e-9 * static_cast<double>(GST_BUFFER_PTS(buffer)));
  }
};

/// The pictures that measure, evaluate and train get.
std::vector<double> times_read(const std::filesystem::path& file) {
  cli::FilmReader reader(file);
  const Ref<GstElement> pipeline(
      gst_parse_launch("filesrc name=file ! decodebin name=dec expose-all-streams=false "
                       "caps=video/x-raw(ANY) dec. ! video/x-raw ! "
                       "queue name=decoded ! fakesink name=sink signal-handoffs=true sync=false",
                       nullptr));
  const Ref<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "file")),
      sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "sink"));
  g_object_set(source.get(), "location", file.c_str(), nullptr);
  Times times;
  g_signal_connect(sink.get(), "handoff", G_CALLBACK(Times::take), &times);
  reader.attach(pipeline.get(), "file", "decoded");
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const Ref<GstBus> bus(gst_element_get_bus(pipeline.get()));
  const auto kinds = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  const Ref<GstMessage> end(gst_bus_timed_pop_filtered(bus.get(), 60 * GST_SECOND, kinds));
  EXPECT_TRUE(end && GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_NO_THROW(reader.verify());
  return times.all;
}

TEST_P(CorpusTest, IsReadAsTheSameFilm) {
  if (!make_clip())
    GTEST_SKIP() << absence();
  const auto in = dir / GetParam().input;
  if (!GetParam().refused.empty())
    GTEST_SKIP() << "such a file is refused";
  Seen read;
  read.times = times_read(in);
  expect_same_times(look_at(in, false), read);
}

INSTANTIATE_TEST_SUITE_P(Media, CorpusTest, ::testing::ValuesIn(corpus()),
                         [](const auto& one) { return one.param.name; });

} // namespace
} // namespace deid::test
