// Every clip of the corpus comes out as the same film, or is refused with a sentence. The judge is ffmpeg.
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/media/corpus.hpp"
#include "tests/media/judge.hpp"
#include "tests/pipelines/clip.hpp"
#include <cmath>

namespace deid::test {
namespace {

struct CorpusTest : ClipTest, ::testing::WithParamInterface<Row> {
  bool make_clip() {
    if (!have("ffmpeg") || !have("ffprobe"))
      return false;
    const std::string picture = "-f lavfi -i testsrc2=duration=1:size=96x64:rate=25";
    const std::string sound = "-f lavfi -i aevalsrc=exp(-((t-.5)/.003)^2)*sin(2*PI*1000*t)*.8:s=48000:d=1.2";
    output_of("cd '" + dir.string() + "' && ff='ffmpeg -nostdin -v error -y' && T='" + picture + "' && S='" +
              sound + "' && " + GetParam().make);
    return true;
  }
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
  // Relative: an MP4 begins with its first frame, and transport streams begin anywhere.
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
    GTEST_SKIP() << "ffmpeg is not installed; it makes the clips and judges the results";
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
    if (row.colours) {
      EXPECT_EQ(before.colours, after.colours);
    }
    if (!row.sound)
      continue;
    const auto sounds_after = beep(o.output, after);
    ASSERT_TRUE(sounds && sounds_after);
    EXPECT_NEAR(*sounds, *sounds_after, .002);
  }
}

INSTANTIATE_TEST_SUITE_P(Media, CorpusTest, ::testing::ValuesIn(corpus()),
                         [](const auto& one) { return one.param.name; });

} // namespace
} // namespace deid::test
