// The output has the input's frames, times, size and shape, and nothing that must be removed.
#include "elements/base/scrub.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/support/turned.hpp"

namespace deid::test {
namespace {

struct ExactTest : ClipTest {
  void expect_same_times(const std::filesystem::path& a, const std::filesystem::path& b, double tolerance) {
    const auto ta = times_of(a), tb = times_of(b);
    ASSERT_EQ(ta.size(), tb.size());
    ASSERT_FALSE(ta.empty());
    for (std::size_t i = 0; i < ta.size(); ++i)
      ASSERT_NEAR(ta[i], tb[i], tolerance) << "frame " << i;
  }
  /// 24 frames with gaps of 20, 60 and 100 ms.
  std::filesystem::path make_vfr(const std::string& name, const std::string& more = "") {
    return make(
        name,
        "-f lavfi -i testsrc=duration=1:size=64x48:rate=24 "
        "-vf \"settb=1/1000,setpts='N*20+40*gt(N\\,3)+80*gt(N\\,9)+15*gt(N\\,15)*(N-15)'\" -fps_mode vfr "
        "-c:v libx264 -pix_fmt yuv420p " +
            more);
  }
};

TEST_F(ExactTest, VariableRateFromMp4ToMp4) {
  const auto in = make_vfr("in.mp4", "-video_track_timescale 12800");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  expect_same_times(in, dir / "out.mp4", 1e-6);
  EXPECT_EQ(probe(in, "time_base"), probe(dir / "out.mp4", "time_base"));
}

TEST_F(ExactTest, VariableRateThroughMatroska) {
  const auto in = make_vfr("in.mkv");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mkv"), "", stand_in);
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  cli::run_file(options(in, "out.webm"), "", stand_in);
  expect_same_times(in, dir / "out.mkv", 1e-6);
  expect_same_times(in, dir / "out.mp4", 1e-6);
  expect_same_times(in, dir / "out.webm", 1e-6);
}

TEST_F(ExactTest, AFileThatDoesNotBeginAtZero) {
  const auto in = make(
      "in.mkv", "-f lavfi -i testsrc=duration=0.8:size=64x48:rate=30 -c:v libx264 -bf 0 -pix_fmt yuv420p "
                "-output_ts_offset 0.033");
  if (IsSkipped())
    return;
  const double begin = times_of(in).front();
  ASSERT_GT(begin, 0.03);
  for (const char* out : {"out.mkv", "out.webm"}) {
    cli::run_file(options(in, out), "", stand_in);
    expect_same_times(in, dir / out, 1e-6);
  }
  cli::run_file(options(in, "out.mp4"), "", stand_in); // its muxer starts the file with the first frame
  const auto a = times_of(in), b = times_of(dir / "out.mp4");
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i] - begin, b[i], 1e-6);
}

TEST_F(ExactTest, HoursInAFineTimeBase) {
  // more than 2^32 ticks
  const auto in =
      make("in.mp4", "-f lavfi -i testsrc=duration=9000:size=16x16:rate=1/100 -video_track_timescale 1000000 "
                     "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  expect_same_times(in, dir / "out.mp4", 1e-6);
  EXPECT_EQ(times_of(dir / "out.mp4").size(), 90U);
}

TEST_F(ExactTest, NtscRate) {
  const auto in = make(
      "in.mp4", "-f lavfi -i testsrc=duration=1:size=64x48:rate=24000/1001 -c:v libx264 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  cli::run_file(options(in, "out.mkv"), "", stand_in);
  expect_same_times(in, dir / "out.mp4", 1e-6);
  expect_same_times(in, dir / "out.mkv", 5.1e-4); // Matroska counts in milliseconds
}

TEST_F(ExactTest, AviKeepsConstantRateAndRefusesVariable) {
  const auto in = make_plain("in.mp4");
  const auto vfr = make_vfr("vfr.mp4");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.avi"), "", stand_in);
  EXPECT_EQ(count_of(dir / "out.avi"), 20U);
  EXPECT_THROW(cli::run_file(options(vfr, "vfr.avi"), "", stand_in), cli::Failure);
  EXPECT_FALSE(std::filesystem::exists(dir / "vfr.avi"));
}

TEST_F(ExactTest, OddSizeStaysOdd) {
  const auto in =
      make("in.mkv", "-f lavfi -i testsrc=duration=0.4:size=65x49:rate=25 -c:v ffv1 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  EXPECT_EQ(probe(dir / "out.mp4", "width,height"), "65,49");
  auto o = options(in, "out.webm");
  cli::run_file(o, "", stand_in);
  EXPECT_EQ(probe(dir / "out.webm", "width,height"), "65,49");
  EXPECT_EQ(times_of(dir / "out.mp4").size(), 10U);
}

TEST_F(ExactTest, EveryCodecKeepsEveryFrame) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  const std::pair<cli::Codec, const char*> codecs[] = {{cli::Codec::h264, "h264"},
                                                       {cli::Codec::vp8, "vp8"},
                                                       {cli::Codec::mjpeg, "mjpeg"},
                                                       {cli::Codec::ffv1, "ffv1"}};
  for (const auto& [codec, name] : codecs) {
    auto o = options(in, std::string(name) + ".mkv");
    o.codec = codec;
    EXPECT_EQ(cli::run_file(o, "", stand_in).frames, 20U) << name;
    EXPECT_EQ(probe(o.output, "codec_name"), name);
    EXPECT_EQ(times_of(o.output).size(), 20U) << name;
  }
}

TEST_F(ExactTest, LosslessIsLossless) {
  const auto in =
      make("in.mkv", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v ffv1 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mkv");
  o.codec = cli::Codec::ffv1;
  cli::run_file(o, "", stand_in);
  const auto hash = [](const std::filesystem::path& f) {
    return output_of("ffmpeg -v error -i '" + f.string() + "' -map 0:v -pix_fmt yuv420p -f md5 -");
  };
  EXPECT_EQ(hash(in), hash(o.output));
}

TEST_F(ExactTest, TallPixelsDeepColourAndInterlacingAreTaken) {
  const auto wide =
      make("wide.mp4",
           "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25,setsar=16/11 -c:v libx264 -pix_fmt yuv420p");
  const auto deep =
      make("deep.mkv", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v ffv1 -pix_fmt yuv422p10le");
  const auto full =
      make("full.mp4", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v libx264 -pix_fmt yuv444p");
  const auto fields = make("fields.mp4", "-f lavfi -i testsrc=duration=0.4:size=64x48:rate=25 -c:v libx264 "
                                         "-pix_fmt yuv420p -flags +ildct+ilme -x264opts tff=1");
  if (IsSkipped())
    return;
  for (const auto& in : {wide, deep, full, fields}) {
    const std::string out = in.stem().string() + ".out.mp4";
    EXPECT_EQ(cli::run_file(options(in, out), "", stand_in).frames, 10U) << in;
    EXPECT_EQ(times_of(dir / out).size(), 10U);
  }
  EXPECT_EQ(probe(dir / "wide.out.mp4", "sample_aspect_ratio"), "16:11");
}

TEST_F(ExactTest, TurnedVideosComeOutUprightWithoutTheTag) {
  const auto plain = make_plain("a.mp4", "96x48");
  const auto turned = make("t.mp4", turned_copy_of(plain));
  if (IsSkipped())
    return;
  cli::run_file(options(turned, "out.mp4"), "", stand_in);
  EXPECT_EQ(probe(dir / "out.mp4", "width,height"), "48,96");
  EXPECT_EQ(output_of("ffprobe -v error -show_entries stream_side_data=rotation -of csv=p=0 '" +
                      (dir / "out.mp4").string() + "'")
                .find("90"),
            std::string::npos);
}

TEST_F(ExactTest, GifEndsAtItsEnd) {
  const auto in = make("a.gif", "-f lavfi -i testsrc=duration=0.7:size=64x48:rate=10");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mp4"), "", stand_in);
  expect_same_times(in, dir / "out.mp4", 1e-6);
}

TEST_F(ExactTest, TagsChaptersAndDatesAreGone) {
  std::string meta = (dir / "meta.txt").string();
  output_of("printf ';FFMETADATA1\\ntitle=Jane "
            "Doe\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=0\\nEND=400\\ntitle=Jane Doe speaks\\n' > " +
            meta);
  const std::string tags =
      "-f lavfi -i testsrc=duration=0.8:size=64x48:rate=25 -f lavfi -i sine=duration=0.8 -i " + meta +
      " -map_metadata 2 -map_chapters 2 -metadata title='Jane Doe' -metadata comment='Room 7' "
      "-metadata location='+48.20+016.37/' -metadata date=2021-03-04 -metadata "
      "creation_time=2021-03-04T05:06:07 "
      "-metadata artist='Dr X' -metadata:s:v:0 title='left camera' -metadata:s:a:0 title='voice of Jane' "
      "-c:v libx264 -pix_fmt yuv420p";
  const auto mp4 = make("in.mp4", tags + " -c:a aac");
  const auto mkv = make("in.mkv", tags + " -c:a libvorbis");
  if (IsSkipped())
    return;
  ASSERT_NE(tags_of(mp4).find("Jane"), std::string::npos);
  for (const auto& in : {mp4, mkv})
    for (const std::string out : {"o.mp4", "o.mov", "o.mkv", "o.webm", "o.avi"})
      for (const bool sound : {false, true}) {
        auto o = options(in, out);
        o.overwrite = true;
        o.keep_audio = sound;
        cli::run_file(o, "", stand_in);
        const std::string left = tags_of(o.output);
        for (const char* word :
             {"Jane", "Room", "48.2", "2021", "Dr X", "camera", "voice", "T0", "creation", "20"})
          EXPECT_EQ(left.find(word), std::string::npos) << in << " -> " << out << ": " << left;
        EXPECT_EQ(output_of("ffprobe -v error -show_chapters -of csv=p=0 '" + o.output.string() + "'"), "");
        const std::string bytes = output_of("strings '" + o.output.string() + "'");
        EXPECT_EQ(bytes.find("Jane"), std::string::npos) << out;
      }
}

TEST_F(ExactTest, SwappedVideosSayThatTheirFacesAreSyntheticAndNothingElse) {
  const auto in =
      make("in.mp4", "-f lavfi -i testsrc=duration=0.8:size=64x48:rate=25 -metadata title='Jane Doe' "
                     "-metadata comment='Room 7' -metadata date=2021-03-04 -c:v libx264 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  cli::ElementNames says_so =
      stand_in_that(cli::property("tags", std::string("comment=\"") + scrub::synthetic_note + '"'));
  says_so.mask = "taginject"; // states it instead of faceswap
  for (const std::string out : {"o.mp4", "o.mov", "o.mkv", "o.webm", "o.avi"}) {
    auto o = options(in, out);
    o.method = cli::Method::swap;
    cli::run_file(o, "", says_so);
    if (have("exiftool") && (out == "o.mp4" || out == "o.mov")) {
      EXPECT_EQ(output_of("exiftool -s3 -XMP-iptcExt:DigitalSourceType '" + o.output.string() + "'"),
                "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic\n")
          << out;
    }
    const std::string tags = tags_of(o.output);
    EXPECT_NE(tags.find(scrub::synthetic_note), std::string::npos) << out << ": " << tags;
    for (const char* word : {"Jane", "Room", "2021", "creation"})
      EXPECT_EQ(tags.find(word), std::string::npos) << out << ": " << tags;
    EXPECT_EQ(output_of("strings '" + o.output.string() + "'").find("Jane"), std::string::npos) << out;
    EXPECT_EQ(count_of(o.output), 20U) << out;
  }
}

TEST_F(ExactTest, SubtitlesAndAttachmentsStayBehind) {
  output_of("printf '1\\n00:00:00,000 --> 00:00:00,500\\nJane Doe\\n' > '" + (dir / "s.srt").string() + "'");
  output_of("printf 'Jane Doe' > '" + (dir / "letter.txt").string() + "'");
  const auto in =
      make("in.mkv",
           "-f lavfi -i testsrc=duration=0.8:size=64x48:rate=25 -i '" + (dir / "s.srt").string() +
               "' -attach '" + (dir / "letter.txt").string() +
               "' -metadata:s:t mimetype=text/plain -map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:s srt");
  if (IsSkipped())
    return;
  cli::run_file(options(in, "out.mkv"), "", stand_in);
  EXPECT_EQ(output_of("ffprobe -v error -show_entries stream=codec_type -of csv=p=0 '" +
                      (dir / "out.mkv").string() + "'"),
            "video\n");
  EXPECT_EQ(output_of("strings '" + (dir / "out.mkv").string() + "'").find("Jane"), std::string::npos);
}

TEST_F(ExactTest, SoundIsDroppedUnlessKept) {
  const auto in =
      make("in.mp4",
           "-f lavfi -i testsrc=duration=0.8:size=64x48:rate=25 -f lavfi -i sine=duration=0.8 -c:v libx264 "
           "-pix_fmt yuv420p -c:a aac");
  if (IsSkipped())
    return;
  const auto kinds = [](const std::filesystem::path& f) {
    return output_of("ffprobe -v error -show_entries stream=codec_type -of csv=p=0 '" + f.string() +
                     "' | sort | tr '\\n' ' '");
  };
  EXPECT_EQ(cli::run_file(options(in, "silent.mp4"), "", stand_in).audio, "dropped");
  EXPECT_EQ(kinds(dir / "silent.mp4"), "video ");
  for (const char* out : {"a.mp4", "a.mkv", "a.webm", "a.avi", "a.mov"}) {
    auto o = options(in, out);
    o.keep_audio = true;
    EXPECT_EQ(cli::run_file(o, "", stand_in).audio, "kept");
    EXPECT_EQ(kinds(dir / out), "audio video ") << out;
    EXPECT_EQ(count_of(dir / out), 20U) << out;
  }
}

TEST_F(ExactTest, SideBySideShowsBothHalvesAtTheSameTime) {
  const auto in =
      make("in.mkv", "-f lavfi -i testsrc=duration=0.8:size=65x49:rate=25 -c:v ffv1 -pix_fmt yuv420p");
  if (IsSkipped())
    return;
  auto o = options(in, "out.mp4");
  o.side_by_side = dir / "side.mp4";
  cli::run_file(o, "", stand_in);
  EXPECT_EQ(probe(o.side_by_side, "width,height"), "132,50");
  EXPECT_EQ(times_of(o.side_by_side).size(), 20U);
  // with elements that change nothing the halves differ only by coding
  const std::string psnr = output_of(
      "ffmpeg -v info -i '" + o.side_by_side.string() +
      "' -lavfi '[0]split[a][b];[a]crop=64:48:0:0[l];[b]crop=64:48:66:0[r];[l][r]psnr' -f null - 2>&1");
  const auto at = psnr.find("average:");
  ASSERT_NE(at, std::string::npos) << psnr;
  EXPECT_GT(std::stod(psnr.substr(at + 8, 3) == "inf" ? "99" : psnr.substr(at + 8)), 30.0);
}

} // namespace
} // namespace deid::test
