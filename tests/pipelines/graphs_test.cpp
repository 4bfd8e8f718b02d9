// The ready graphs in pipelines/: all are built; those with files are run.
#include "tests/pipelines/clip.hpp"
#include <fstream>
#include <gst/gst.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

struct GraphsTest : ClipTest {
  const fs::path scripts = fs::path(DEID_SOURCE_DIR) / "pipelines/graphs";
  const fs::path clip = fs::path(DEID_DEPS_DIR) / "footage" / "single_face.mp4";
  std::vector<fs::path> all() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(scripts))
      if (entry.path().extension() == ".sh")
        found.push_back(entry.path());
    return found;
  }
};

TEST_F(GraphsTest, EachSaysInOneLineWhatItDoes) {
  ASSERT_GE(all().size(), 6U);
  for (const fs::path& script : all()) {
    std::ifstream in(script);
    std::string first, second, third;
    std::getline(in, first);
    std::getline(in, second);
    std::getline(in, third);
    EXPECT_EQ(first, "#!/bin/sh") << script;
    EXPECT_TRUE(second.starts_with("# " + script.filename().string() + " ")) << script;
    EXPECT_FALSE(third.starts_with("#")) << script;
  }
}

TEST_F(GraphsTest, EachCanBeBuilt) {
  // a gst-launch-1.0 that only prints its arguments
  std::ofstream(dir / "gst-launch-1.0") << "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\n' \"$a\"; done\n";
  fs::permissions(dir / "gst-launch-1.0", fs::perms::owner_all);
  for (const fs::path& script : all()) {
    const std::string said =
        output_of("PATH='" + dir.string() + "':$PATH '" + script.string() + "' first second");
    std::istringstream lines(said);
    std::vector<std::string> words;
    for (std::string word; std::getline(lines, word);)
      if (word != "-e" && word != "-q")
        words.push_back(word);
    std::vector<const gchar*> argv;
    for (const auto& word : words)
      argv.push_back(word.c_str());
    argv.push_back(nullptr);
    GError* error = nullptr;
    GstElement* pipeline = gst_parse_launchv_full(argv.data(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    EXPECT_EQ(error, nullptr) << script << ": " << error->message;
    EXPECT_NE(said.find("deidfacedetect"), std::string::npos) << script;
    if (pipeline)
      gst_object_unref(pipeline);
  }
}

TEST_F(GraphsTest, ThoseWithFilesRun) {
  if (!fs::exists(clip) || !have("ffmpeg") || !have("gst-launch-1.0"))
    GTEST_SKIP() << "the clip that set-up fetches, ffmpeg or gst-launch-1.0 is not there";
  const auto run = [&](const char* script, const std::string& in, const std::string& out) {
    output_of("'" + (scripts / script).string() + "' '" + in + "' '" + out + "' 2>&1");
  };
  run("mask-file.sh", clip, dir / "mask.mp4");
  EXPECT_EQ(count_of(dir / "mask.mp4"), 72U);
  run("blur-file.sh", clip, dir / "blur.mkv");
  EXPECT_EQ(count_of(dir / "blur.mkv"), 72U);
  EXPECT_TRUE(fs::exists(dir / "blur.mkv.jsonl"));
  run("swap-file.sh", clip, dir / "swap.mp4");
  EXPECT_EQ(count_of(dir / "swap.mp4"), 72U);
  EXPECT_NE(tags_of(dir / "swap.mp4").find("SYNTHETIC-FACES"), std::string::npos);
  run("four-ways.sh", clip, dir / "four.mp4");
  EXPECT_GE(count_of(dir / "four.mp4"), 72U);
  EXPECT_EQ(probe(dir / "four.mp4", "width,height"), "1280,720");
  run("measure-file.sh", clip, dir / "measured.mp4");
  EXPECT_EQ(count_of(dir / "measured.mp4"), 72U);
  EXPECT_GT(fs::file_size(dir / "measured.mp4.json"), 1000U);
  EXPECT_GT(fs::file_size(dir / "measured.mp4.csv"), 1000U);
  EXPECT_GT(fs::file_size(dir / "measured.mp4.identity.json"), 1000U);
  fs::create_directories(dir / "in");
  fs::create_directories(dir / "out");
  output_of("ffmpeg -nostdin -v error -i '" + clip.string() + "' -frames:v 3 -start_number 0 '" +
            (dir / "in").string() + "/%04d.jpg'");
  run("images-to-images.sh", (dir / "in" / "%04d.jpg").string(), (dir / "out" / "%04d.jpg").string());
  EXPECT_TRUE(fs::exists(dir / "out" / "0002.jpg"));
}

TEST_F(GraphsTest, TheExamplesOfEmbeddingReplaceFaces) {
  if (!fs::exists(clip) || !have("ffmpeg"))
    GTEST_SKIP() << "the clip that set-up fetches or ffmpeg is not there";
  std::vector<std::string> programs{DEID_EMBED_PROGRAM};
  if (std::system("/usr/bin/python3 -c 'import gi; gi.require_version(\"Gst\", \"1.0\")' 2>/dev/null") == 0)
    programs.push_back((scripts.parent_path() / "examples" / "embed.py").string());
  for (const std::string& program : programs) {
    const fs::path out = dir / "embedded.mkv";
    fs::remove(out);
    const std::string said = output_of("'" + program + "' '" + clip.string() + "' '" + out.string() + "'");
    EXPECT_NE(said.find("faces-swapped"), std::string::npos) << program << ": " << said;
    EXPECT_EQ(count_of(out), 72U) << program;
  }
}

} // namespace
} // namespace deid::test
