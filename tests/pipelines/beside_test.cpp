// Data beside the picture (cover pictures, names, places, dates, other tracks) does not pass any ready graph,
// example program or pasted line of `deid run --dry-run`.
#include "tests/pipelines/clip.hpp"
#include "tests/pipelines/laden.hpp"
#include "tests/support/scratch.hpp"
#include <fstream>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

/// A gst-launch-1.0 that reads a file instead of a camera, and writes one instead of a screen. The real
/// program's path is filled in.
constexpr const char* with_files = R"(#!/bin/sh
left=$#
while [ "$left" -gt 0 ]; do
  word=$1; shift; left=$((left - 1))
  case "$word" in
  v4l2src | rtspsrc) set -- "$@" filesrc ;;
  do-timestamp=true | latency=200 | sync=false) ;;
  autovideosink) set -- "$@" x264enc ! matroskamux ! filesink "location=$SCREEN" ;;
  v4l2sink) set -- "$@" videoconvert ! x264enc ! matroskamux ! filesink ;;
  device=*) set -- "$@" "location=${word#device=}" ;;
  *) set -- "$@" "$word" ;;
  esac
done
exec REAL "$@"
)";

class BesideFiles : public ClipTest {
protected:
  void SetUp() override {
    ClipTest::SetUp();
    const fs::path clip = fs::path(DEID_DEPS_DIR) / "footage" / "single_face.mp4";
    if (!fs::exists(clip) || !have("ffmpeg") || !have("exiftool") || !have("gst-launch-1.0"))
      GTEST_SKIP() << "the clip that set-up fetches, ffmpeg, exiftool or gst-launch-1.0 is not there";
    laden_.emplace(dir / "in", clip);
  }
  /// Runs a script of pipelines/graphs/ with files instead of cameras and screens. splitmuxsink of GStreamer
  /// 1.22 sometimes hangs at the end of a short stream, even with stock elements only; so it is tried again.
  void script(const std::string& name, const fs::path& in, const fs::path& out) const {
    output_of(environment() +
              "sh -c 'for try in 1 2 3; do timeout 80 \"$0\" \"$1\" \"$2\" && exit 0; done; exit 1' '" +
              (scripts_ / name).string() + "' '" + in.string() + "' '" + out.string() + "' 2>&1");
  }
  std::string environment() const {
    const fs::path folder = dir / "bin";
    if (!fs::exists(folder)) {
      std::string real = output_of("command -v gst-launch-1.0"), text = with_files;
      real.pop_back();
      text.replace(text.find("REAL"), 4, real);
      fs::create_directories(folder);
      std::ofstream(folder / "gst-launch-1.0") << text;
      fs::permissions(folder / "gst-launch-1.0", fs::perms::owner_all);
    }
    return "PATH='" + folder.string() + "':$PATH SCREEN='" + (dir / "screen.mkv").string() + "' ";
  }
  const fs::path scripts_ = fs::path(DEID_SOURCE_DIR) / "pipelines/graphs";
  std::optional<Laden> laden_{};
};

TEST_F(BesideFiles, TheInputsCarryAllOfIt) {
  for (const char* kind : {"mp4", "mov", "mkv", "webm", "avi"})
    laden_->expect_laden(laden_->video(kind));
  EXPECT_NE(output_of("exiftool -a -G1 '" + (dir / "in" / "cover.jpg").string() + "'").find("GPS"),
            std::string::npos);
}

TEST_F(BesideFiles, NoContainerGetsItPastTheMask) {
  for (const char* kind : {"mp4", "mov", "mkv", "webm", "avi"}) {
    const fs::path out = dir / (std::string(kind) + ".mp4");
    script("mask-file.sh", laden_->video(kind), out);
    laden_->expect_clean(out);
    EXPECT_EQ(probe(out, "width,height"), "640,360")
        << kind << ": the main video, not a picture or a second one";
    EXPECT_EQ(count_of(out), Laden::frames) << kind;
  }
}

class BesideKind : public BesideFiles, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Containers, BesideKind, ::testing::Values("mp4", "mkv"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(BesideKind, NoScriptForFilesLetsItThrough) {
  const std::string kind = GetParam();
  const fs::path in = laden_->video(kind);
  for (const auto& [name, end] : {std::pair{"blur-file.sh", "mkv"},
                                  {"swap-file.sh", "mp4"},
                                  {"measure-file.sh", "mp4"},
                                  {"four-ways.sh", "mp4"}}) {
    const fs::path out = dir / (std::string(name) + "." + kind + "." + end);
    script(name, in, out);
    laden_->expect_clean(out);
    EXPECT_GE(count_of(out), Laden::frames) << name;
    const std::string bytes = read(out);
    const auto at = bytes.find("SYNTHETIC-FACES");
    EXPECT_EQ(at != std::string::npos, std::string(name) == "swap-file.sh") << name;
    EXPECT_TRUE(at == std::string::npos || bytes.find("SYNTHETIC-FACES", at + 1) == std::string::npos)
        << "the note stands there once";
  }
}

TEST_P(BesideKind, NoScriptForCamerasLetsItThrough) {
  const fs::path in = laden_->video(GetParam());
  for (const auto& [name, out, swaps] : {std::tuple{"camera-preview.sh", "screen.mkv", true},
                                         {"camera-to-v4l2loopback.sh", "loop.mkv", true},
                                         {"record-splitmux.sh", "part%05d.mp4", true},
                                         {"rtsp-to-file.sh", "rtsp.mkv", false}}) {
    script(name, in, dir / out);
    const fs::path made = std::string(name) == "record-splitmux.sh" ? dir / "part00000.mp4" : dir / out;
    laden_->expect_clean(made);
    EXPECT_GE(count_of(made), 1U) << name;
    EXPECT_EQ(read(made).find("SYNTHETIC-FACES") != std::string::npos, swaps) << name;
    fs::remove(made);
  }
}

TEST_F(BesideFiles, EveryScriptIsTried) {
  const std::string source = read(fs::path(DEID_SOURCE_DIR) / "tests/pipelines/beside_test.cpp");
  for (const auto& entry : fs::directory_iterator(scripts_)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(!name.ends_with(".sh") || source.find('"' + name + '"') != std::string::npos) << name;
  }
}

TEST_F(BesideFiles, PicturesLoseTheirs) {
  fs::create_directories(dir / "out");
  script("images-to-images.sh", laden_->pictures(), dir / "out" / "%04d.jpg");
  for (const char* name : {"0000.jpg", "0001.jpg", "0002.jpg"})
    laden_->expect_clean(dir / "out" / name);
}

TEST_F(BesideFiles, TheExamplesLetNothingThrough) {
  std::vector<std::string> programs{DEID_EMBED_PROGRAM};
  if (std::system("/usr/bin/python3 -c 'import gi; gi.require_version(\"Gst\", \"1.0\")' 2>/dev/null") == 0)
    programs.push_back((scripts_.parent_path() / "examples" / "embed.py").string());
  for (const std::string& program : programs)
    for (const char* kind : {"mp4", "mkv"}) {
      const fs::path out = dir / "embedded.mkv";
      fs::remove(out);
      output_of("'" + program + "' '" + laden_->video(kind).string() + "' '" + out.string() + "'");
      laden_->expect_clean(out);
      EXPECT_NE(read(out).find("SYNTHETIC-FACES"), std::string::npos) << program;
    }
}

TEST_F(BesideFiles, APastedLineLetsNothingThrough) {
  struct Line {
    const char *kind, *out, *options;
    bool sound;
  };
  for (const Line& line :
       {Line{"mp4", "a.mp4", "--method mask", false}, Line{"mp4", "b.mkv", "--audio keep", true},
        Line{"mkv", "c.mp4", "--audio keep --method blur", true},
        Line{"mov", "d.avi", "--audio keep --method mask", true},
        Line{"mkv", "e.mkv", "--method pixelate --side-by-side side.mp4", false}}) {
    const std::string pasted = output_of("cd '" + dir.string() + "' && '" DEID_PROGRAM "' run '" +
                                         laden_->video(line.kind).string() + "' -o " + line.out +
                                         " --dry-run " + line.options + " 2>/dev/null");
    output_of("cd '" + dir.string() + "' && " + pasted.substr(0, pasted.find('\n')) + " 2>&1");
    laden_->expect_clean(dir / line.out, line.sound);
    EXPECT_EQ(count_of(dir / line.out), Laden::frames) << line.out;
  }
  laden_->expect_clean(dir / "side.mp4");
}

TEST_F(BesideFiles, DeidRunLetsNothingThrough) {
  for (const auto& [kind, name] :
       {std::pair{"mp4", "o.mp4"}, {"mp4", "o.mkv"}, {"mkv", "o.webm"}, {"mkv", "o.avi"}, {"mkv", "o.mov"}}) {
    output_of("'" DEID_PROGRAM "' run '" + laden_->video(kind).string() + "' -o '" + (dir / name).string() +
              "' --method mask --quiet 2>&1");
    laden_->expect_clean(dir / name);
  }
}

} // namespace
} // namespace deid::test
