#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/encode.hpp"
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::cli {
namespace {
using ::testing::Contains;

RunOptions to(const char* output) {
  RunOptions o;
  o.output = output;
  return o;
}

Source source(const char* format, int width = 640, int height = 480) {
  Source s;
  s.format = format;
  s.width = width;
  s.height = height;
  s.fps_n = 30;
  return s;
}

TEST(Encode, NativeFormatsAreNotConverted) {
  for (const char* format : {"I420", "YV12", "NV12"}) {
    const Encoding e = choose_encoding(to("o.mp4"), source(format), true);
    EXPECT_EQ(e.work_format, "") << format;
    EXPECT_EQ(e.encoder_format, "") << format;
    EXPECT_EQ(e.encoder.front(), "x264enc");
  }
}

TEST(Encode, OthersAreConvertedOnceBeforeDetection) {
  for (const char* format : {"Y42B", "Y444", "I420_10LE", "BGRA"})
    EXPECT_EQ(choose_encoding(to("o.mp4"), source(format), true).work_format, "I420") << format;
}

TEST(Encode, OddSizesKeepTheirSize) {
  const Encoding e = choose_encoding(to("o.mp4"), source("I420", 321, 241), true);
  EXPECT_EQ(e.work_format, "");
  EXPECT_EQ(e.encoder_format, "Y444");
  EXPECT_NE(e.notice, "");
  EXPECT_THROW(choose_encoding(to("o.mp4"), source("I420", 321, 241), false), Failure);
  RunOptions vp8 = to("o.mkv");
  vp8.codec = Codec::vp8;
  EXPECT_EQ(choose_encoding(vp8, source("I420", 321, 241), false).encoder_format, "");
}

TEST(Encode, QualityHasNoHiddenBitrateLimit) {
  EXPECT_THAT(choose_encoding(to("o.mp4"), source("I420"), true).encoder, Contains("vbv-buf-capacity=0"));
}

TEST(Encode, WithoutX264AnotherEncoderStandsInAndItIsSaid) {
  const Encoding e = choose_encoding(to("o.mp4"), source("NV12"), false);
  EXPECT_EQ(e.encoder.front(), "openh264enc");
  EXPECT_EQ(e.work_format, "I420");
  EXPECT_NE(e.notice.find("openh264enc"), std::string::npos);
}

TEST(Encode, ContainersRefuseWhatTheyCannotHold) {
  RunOptions o = to("o.webm");
  o.codec = Codec::h264;
  EXPECT_THROW(choose_encoding(o, source("I420"), true), Failure);
  o = to("o.mp4");
  for (const Codec codec : {Codec::vp8, Codec::mjpeg, Codec::ffv1}) {
    o.codec = codec;
    EXPECT_THROW(choose_encoding(o, source("I420"), true), Failure);
  }
  EXPECT_THROW(choose_encoding(to("o.txt"), source("I420"), true), Failure);
  EXPECT_THROW(choose_encoding(to("o"), source("I420"), true), Failure);
}

TEST(Encode, WebmIsVp8ByItself) {
  const Encoding e = choose_encoding(to("o.WebM"), source("I420"), true);
  EXPECT_EQ(e.encoder.front(), "vp8enc");
  EXPECT_EQ(e.muxer.front(), "webmmux");
}

TEST(Encode, LosslessStaysLosslessOrSaysSo) {
  RunOptions o = to("o.mkv");
  o.codec = Codec::ffv1;
  EXPECT_EQ(choose_encoding(o, source("RGB"), true).work_format, "BGRx");
  EXPECT_EQ(choose_encoding(o, source("RGB"), true).notice, "");
  EXPECT_NE(choose_encoding(o, source("Y444"), true).notice, "");
  EXPECT_EQ(choose_encoding(o, source("I420"), true).notice, "");
}

Source coloured(const char* format, Colour colour, int height = 480) {
  Source s = source(format, 640, height);
  s.colour = colour;
  return s;
}

TEST(Colouring, KnownColoursStayAndNothingIsSaidOfUnknownOnes) {
  const Colour known{colour::limited, colour::bt709, 5, 1};
  Colouring c = choose_colours(coloured("I420", known), Codec::h264, "", false);
  EXPECT_EQ(c.written, known);
  EXPECT_EQ(c.decoded + c.work + c.encoded, "");
  c = choose_colours(coloured("I420", {}), Codec::h264, "", false);
  EXPECT_EQ(c.written, Colour{});
  EXPECT_EQ(c.decoded + c.work, "");
  EXPECT_EQ(c.encoded, "unknown");
}

TEST(Colouring, AFullRangeThatGStreamerWouldForgetIsSaidAgain) {
  const Colouring c = choose_colours(coloured("I420", {.range = colour::full}, 720), Codec::h264, "", false);
  EXPECT_EQ(c.decoded, "1:3:0:0");
  EXPECT_EQ(c.work, "");
  EXPECT_EQ(c.written, Colour{.range = colour::full});
  EXPECT_EQ(c.encoded, "1:0:0:0");
}

TEST(Colouring, CodecsThatCannotSayItGetConvertedValues) {
  const Colour full{colour::full, colour::bt709, 5, 1};
  EXPECT_EQ(choose_colours(coloured("I420", full), Codec::vp8, "", false).work, "2:4:5:1");
  EXPECT_EQ(choose_colours(coloured("I420", {}), Codec::vp8, "", false).work, "");
  EXPECT_EQ(choose_colours(coloured("I420", {}), Codec::mjpeg, "", false).work, "1:4:0:0");
  const Colouring range_only = choose_colours(coloured("I420", full), Codec::h264, "", true);
  EXPECT_EQ(range_only.work, "2:3:5:1");
  EXPECT_EQ(range_only.via, "2:4:5:1") << "GStreamer converts no range where the matrix stays";
  const Colouring unknown = choose_colours(coloured("I420", {}, 1080), Codec::mjpeg, "", false);
  EXPECT_EQ(unknown.work, "1:3:0:0") << "the range is JPEG's, and no matrix is guessed into the values";
  EXPECT_NE(unknown.notice, "");
}

TEST(Colouring, RgbBecomesWhatTheFileSays) {
  const Colouring sd = choose_colours(coloured("BGR", {}), Codec::h264, "I420", false);
  EXPECT_EQ(sd.work, "2:4:0:0");
  EXPECT_EQ(sd.written, (Colour{.range = colour::limited, .matrix = colour::bt601}));
  EXPECT_EQ(choose_colours(coloured("BGR", {}, 1080), Codec::h264, "I420", false).work, "2:3:0:0");
  EXPECT_EQ(choose_colours(coloured("BGR", {}), Codec::ffv1, "BGRx", false).work, "");
}

TEST(Colouring, H264SaysExactlyWhatIsKnown) {
  EXPECT_EQ(x264_options({}, ""),
            "colorprim=undef:transfer=undef:colormatrix=undef:fullrange=off:chromaloc=0");
  EXPECT_EQ(x264_options({colour::full, colour::bt709, 5, 1}, "jpeg"),
            "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=on:chromaloc=1");
}

TEST(Encode, TimescaleIsTheInputsOwnOrHoldsItsTimes) {
  Source s = source("I420");
  s.timescale = 15360;
  EXPECT_EQ(output_timescale(s), 15360U);
  s.timescale = 0;
  EXPECT_EQ(output_timescale(s), 90000U);
  s.fps_n = 24000;
  s.fps_d = 1001;
  EXPECT_EQ(output_timescale(s) % 24000, 0U);
  EXPECT_EQ(output_timescale(s) % 1000, 0U);
  s.fps_n = 0;
  EXPECT_EQ(output_timescale(s), 90000U);
  s.fps_n = 999'983; // a prime: no common multiple of usable size
  EXPECT_EQ(output_timescale(s), 90000U);
}

TEST(Encode, AVideoLongerThanAnMp4sHeaderCanExpressIsRefusedBeforeTheRun) {
  constexpr std::int64_t second = 1'000'000'000, most = 429'496; // 2^32 ticks of a ten thousandth of a second
  Source s = source("I420");
  for (const char* name : {"o.mp4", "o.m4v", "o.mov"}) {
    s.duration = most * second - 1;
    EXPECT_THAT(choose_encoding(to(name), s, true).muxer, Contains("movie-timescale=10000")) << name;
    s.duration = most * second;
    EXPECT_THROW(choose_encoding(to(name), s, true), Failure) << name;
  }
  EXPECT_NO_THROW(choose_encoding(to("o.mkv"), s, true));
}

TEST(Encode, LiveMp4SurvivesACrash) {
  RunOptions o = to("o.mp4");
  o.camera = "test";
  EXPECT_THAT(choose_encoding(o, source("I420"), true).muxer, Contains("fragment-duration=1000"));
}

} // namespace
} // namespace deid::cli
