// The program itself, with the real elements, on a clip with one face.
#include "tests/pipelines/clip.hpp"
#include "tests/support/scratch.hpp"
#include <array>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;

struct CommandTest : ClipTest {
  const fs::path footage = fs::path(DEID_DEPS_DIR) / "footage";
  const fs::path clip = footage / "single_face.mp4";
  const fs::path long_clip = footage / "WolfgangLanger_Pexels.mp4";

  void SetUp() override {
    ClipTest::SetUp();
    if (!fs::exists(clip) || !fs::exists(long_clip))
      GTEST_SKIP() << "the clips that set-up fetches are not there";
  }
  bool one_processor = false; ///< for start()
  static void bind_to_one_processor() {
    cpu_set_t all, one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof all, &all);
    for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i)
      if (CPU_ISSET(i, &all))
        CPU_SET(i, &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  pid_t start(std::vector<std::string> args) {
    args.insert(args.begin(), DEID_PROGRAM);
    std::vector<char*> argv;
    for (auto& a : args)
      argv.push_back(a.data());
    argv.push_back(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
      if (one_processor)
        bind_to_one_processor();
      execv(DEID_PROGRAM, argv.data());
      _exit(127);
    }
    return pid;
  }
  static int wait(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int deid(const std::vector<std::string>& args) { return wait(start(args)); }
  nlohmann::json summary() {
    std::ifstream in(dir / "s.json");
    return nlohmann::json::parse(in);
  }
  /// Mean luma of a part of one frame.
  int luma(const fs::path& file, int frame, int x, int y, int w, int h) {
    const std::string text = output_of(
        "ffmpeg -nostdin -v error -i '" + file.string() + "' -vf \"select=eq(n\\," + std::to_string(frame) +
        "),crop=" + std::to_string(w) + ":" + std::to_string(h) + ":" + std::to_string(x) + ":" +
        std::to_string(y) + ",scale=1:1:flags=area,format=gray\" -frames:v 1 -f rawvideo -");
    return text.empty() ? -1 : static_cast<unsigned char>(text[0]);
  }
};

TEST_F(CommandTest, TheNumberOfProcessorsDoesNotChangeTheResult) {
  if (std::thread::hardware_concurrency() < 2)
    GTEST_SKIP() << "This computer has one processor.";
  std::array<std::string, 2> results;
  for (const bool one : {false, true}) {
    one_processor = one;
    ASSERT_EQ(deid({"run", clip, "-o", dir / "out.mp4", "-q", "--overwrite", "--method", "mask"}), 0);
    results.at(one ? 1 : 0) = read(dir / "out.mp4");
  }
  EXPECT_GT(results[0].size(), 10'000U);
  EXPECT_TRUE(results[0] == results[1]) << "the parts of a batch differ between computers";
}

TEST_F(CommandTest, EqualFilesOfABatchGiveEqualResults) {
  fs::create_directory(dir / "in");
  if (make("in/0.mp4", "-f lavfi -i testsrc2=size=320x240:rate=25:duration=2.4 -c:v libx264 -pix_fmt yuv420p")
          .empty())
    GTEST_SKIP() << "ffmpeg is not there";
  constexpr int copies = 6;
  for (int i = 1; i < copies; ++i)
    fs::copy_file(dir / "in/0.mp4", dir / "in" / (std::to_string(i) + ".mp4"));
  ASSERT_EQ(deid({"run", dir / "in", "-o", dir / "out", "-q", "--method", "mask", "--crf", "30"}), 0);
  const std::string first = read(dir / "out/0.mp4");
  EXPECT_GT(first.size(), 10'000U);
  for (int i = 1; i < copies; ++i)
    EXPECT_TRUE(read(dir / "out" / (std::to_string(i) + ".mp4")) == first) << i;
}

TEST_F(CommandTest, CoversTheFaceInEveryFrame) {
  ASSERT_EQ(deid({"run", clip, "-o", dir / "out.mp4", "-q", "--method", "mask", "--audit", dir / "a.jsonl",
                  "--json-summary", dir / "s.json"}),
            0);
  const auto s = summary();
  EXPECT_EQ(s["frames"], 72);
  EXPECT_EQ(s["facedetect"]["frames-with-faces"], 72);
  EXPECT_EQ(s["cover"]["frames-dropped"], 0);
  if (!have("ffprobe"))
    return;
  const auto in = times_of(clip), out = times_of(dir / "out.mp4");
  EXPECT_EQ(in, out);
  std::ifstream audit(dir / "a.jsonl");
  std::string line;
  int frame = 0;
  while (std::getline(audit, line)) {
    const auto entry = nlohmann::json::parse(line);
    if (!entry.contains("faces"))
      continue;
    if (frame % 24 == 5) {
      const auto box = entry["faces"].at(0)["box"].get<std::vector<double>>();
      const int x = static_cast<int>(box[0] + box[2] / 4), y = static_cast<int>(box[1] + box[3] / 4);
      const int w = static_cast<int>(box[2] / 2), h = static_cast<int>(box[3] / 2);
      EXPECT_LT(luma(dir / "out.mp4", frame, x, y, w, h), 24);
      EXPECT_GT(luma(clip, frame, x, y, w, h), 60);
    }
    ++frame;
  }
  EXPECT_EQ(frame, 72);
}

TEST_F(CommandTest, OptionsAreTakenByTheElements) {
  EXPECT_EQ(deid({"run",         clip,          "-o",
                  dir / "a.mkv", "-q",          "--method",
                  "pixelate",    "--shape",     "head",
                  "--margin",    "0.2",         "--strength",
                  "1.5",         "--lookahead", "5",
                  "--hold-time", "0.5",         "--on-doubt",
                  "error",       "--set",       "facedetect.max-faces=3"}),
            0);
  EXPECT_EQ(deid({"run", clip, "-o", dir / "b.mp4", "-q", "--method", "mask", "--color", "#102030", "--set",
                  "encoder.threads=1", "--on-doubt", "drop"}),
            0);
  EXPECT_EQ(deid({"run", clip, "-o", dir / "c.mp4", "-q", "--set", "facedetect.no-such-property=1"}), 1);
  EXPECT_EQ(files(), (std::vector<std::string>{"a.mkv", "b.mp4"}));
}

TEST_F(CommandTest, ExitStatusSaysWhatHappened) {
  EXPECT_EQ(deid({"doctor"}), 0);
  EXPECT_EQ(deid({"--version"}), 0);
  EXPECT_EQ(deid({"run"}), 2);
  EXPECT_EQ(deid({"run", dir / "none.mp4", "-o", dir / "o.mp4"}), 1);
  EXPECT_EQ(deid({"run", clip, "-o", dir / "o.mp4", "-q", "--set", "facedetect.model-centerface=/none"}), 1);
  EXPECT_TRUE(files().empty());
}

TEST_F(CommandTest, TheDoctorSeesADamagedBank) {
  fs::create_directories(dir / "data/targets");
  fs::create_directory_symlink(fs::path(DEID_DEPS_DIR) / "models", dir / "data/models");
  std::ofstream(dir / "data/targets/nobody-1.json") << "{";
  const std::string said = output_of("DEID_MODEL_DIR='" + (dir / "data/models").string() + "' '" +
                                     DEID_PROGRAM + "' doctor 2>&1; test $? = 1");
  EXPECT_NE(said.find("WRONG   --method swap: "), std::string::npos) << said;
  EXPECT_NE(said.find("nobody-1.json"), std::string::npos) << said;
}

TEST_F(CommandTest, AProgramWithoutItsPluginRefuses) {
  fs::create_directory(dir / "bin");
  fs::copy_file(DEID_PROGRAM, dir / "bin" / "deid");
  const std::string said = output_of("'" + (dir / "bin" / "deid").string() + "' run '" + clip.string() +
                                     "' -o '" + (dir / "o.mp4").string() + "' 2>&1; test $? = 1");
  EXPECT_NE(said.find("libgstdeid.so is not beside this program"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(dir / "o.mp4"));
}

TEST_F(CommandTest, KilledAtAnyTimeNothingIsLeft) {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    const pid_t pid = start({"run", long_clip, "-o", dir / "out.mp4", "-q"});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    kill(pid, signal);
    EXPECT_EQ(wait(pid), signal == SIGKILL ? -SIGKILL : 130);
    EXPECT_TRUE(files().empty()) << signal;
  }
}

TEST_F(CommandTest, ALiveRunEndsItsFile) {
  EXPECT_EQ(deid({"run", "--camera", "test", "--stop-after", "2", "-o", dir / "live.mkv", "-q",
                  "--json-summary", dir / "s.json"}),
            0);
  EXPECT_GT(summary()["frames"], 10);
}

} // namespace
} // namespace deid::test
