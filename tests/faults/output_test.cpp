// Outputs: full disks, a killed program, and inputs and models on which `deid run` fails.
#include "tests/faults/truth.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/scratch.hpp"
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;

/// Files of a folder, without the input.
std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!entry.path().filename().string().starts_with("in."))
      names.push_back(entry.path().filename());
  return names;
}

struct Setting {
  const char* name;
  std::string value;
};

/// Starts `deid run` without visible output. most_bytes: size of a file at which writing fails (0: no
/// limit).
pid_t start_deid(const std::vector<std::string>& arguments, std::size_t most_bytes = 0,
                 const Setting& setting = {nullptr, ""}) {
  const pid_t child = fork();
  if (child != 0)
    return child;
  std::vector<char*> words{const_cast<char*>(DEID_PROGRAM), const_cast<char*>("run")};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  if (most_bytes > 0) {
    signal(SIGXFSZ, SIG_IGN); // write() then fails, as on a full disk
    const rlimit limit{most_bytes, most_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (setting.name != nullptr)
    setenv(setting.name, setting.value.c_str(), 1);
  const int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, 1);
  dup2(nothing, 2);
  execv(DEID_PROGRAM, words.data());
  _exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

class Disk : public ::testing::Test {
protected:
  [[nodiscard]] std::string out(const char* name) const { return (scratch.path() / name).string(); }
  std::string clip = (footage_dir() / "single_face.mp4").string();
  Scratch scratch;
};

TEST_F(Disk, IsFullForTheAudit) {
  const auto frames = footage(6);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover audit=/dev/full");
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < 6; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_TRUE(line.error().starts_with("gst-resource-error")) << line.story();
  EXPECT_TRUE(line.left().empty());
  report("disk full for the audit", line, truth);
}

TEST_F(Disk, HasNoPlaceForTheAudit) {
  Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover audit=/nonexistent/audit.jsonl");
  EXPECT_FALSE(line.start());
  EXPECT_TRUE(line.error().starts_with("gst-resource-error")) << line.story();
  report("the audit's folder does not exist", line, {});
}

TEST_F(Disk, IsFullForTheVideo) {
  const auto line = Line::whole("filesrc location=" + clip +
                                " ! decodebin ! deidfacedetect ! deidfacemask name=cover ! jpegenc ! avimux "
                                "! filesink location=/dev/full");
  line->start();
  line->wait();
  EXPECT_TRUE(line->error().starts_with("gst-resource-error")) << line->story();
  report_nothing("disk full for the video", line->story());
}

TEST_F(Disk, IsFullForDeidRun) {
  for (const std::string name : {"out.mp4", "out.mkv"}) {
    const int status = wait_for(start_deid({clip, "-o", out(name.c_str()), "--quiet"}, 20'000));
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << status;
    EXPECT_TRUE(files_in(scratch.path()).empty());
    report_nothing("deid run: no room for " + name,
                   "exit status " + std::to_string(WEXITSTATUS(status)) + ", no file is left");
  }
}

TEST_F(Disk, IsFullForTheAuditOfDeidRun) {
  const int status =
      wait_for(start_deid({clip, "-o", out("out.mp4"), "--audit", out("out.jsonl"), "--quiet"}, 3'000));
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << status;
  EXPECT_TRUE(files_in(scratch.path()).empty());
  report_nothing("deid run: no room for the audit",
                 "exit status " + std::to_string(WEXITSTATUS(status)) + ", no file is left");
}

TEST_F(Disk, StaysEmptyWhenDeidRunIsKilled) {
  const std::string longer = (footage_dir() / "WolfgangLanger_Pexels.mp4").string();
  for (const char* name : {"out.mp4", "out.mkv"}) {
    const pid_t child = start_deid({longer, "-o", out(name), "--audit", out("out.jsonl"), "--quiet"});
    // killed in the middle, after the audit has recorded covered frames
    for (int waited = 0; waited < 600; ++waited) {
      std::uintmax_t written = 0;
      for (const std::string& file : files_in(scratch.path()))
        written += fs::file_size(scratch.path() / file);
      if (written > 0 || waitpid(child, nullptr, WNOHANG) != 0)
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    kill(child, SIGKILL);
    const int status = wait_for(child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the run ended before it was killed";
    EXPECT_FALSE(fs::exists(out(name)));
    EXPECT_FALSE(fs::exists(out("out.jsonl")));
    std::string rest;
    for (const std::string& file : files_in(scratch.path())) {
      rest += " " + file;
      EXPECT_TRUE(file.starts_with(".out.jsonl")) << file << " is left behind";
      fs::remove(scratch.path() / file);
    }
    report_nothing(std::string("deid run killed (kill -9) while it writes ") + name,
                   rest.empty() ? "no file is left" : "no video is left, only the hidden start of the audit");
  }
}

TEST_F(Disk, StaysEmptyWhenTheInputIsDamaged) {
  std::string bytes = read(clip);
  for (std::size_t i = bytes.size() / 3; i < bytes.size() * 2 / 3; i += 37)
    bytes[i] = 0x5a;
  write(out("in.mp4"), bytes);
  const int status = wait_for(start_deid({out("in.mp4"), "-o", out("out.mp4"), "--quiet"}));
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << status;
  EXPECT_TRUE(files_in(scratch.path()).empty());
  report_nothing("deid run: damaged input",
                 "exit status " + std::to_string(WEXITSTATUS(status)) + ", no file is left");
}

TEST_F(Disk, StaysEmptyWithoutModels) {
  const Scratch empty;
  const int status = wait_for(
      start_deid({clip, "-o", out("out.mp4"), "--quiet"}, 0, {"DEID_MODEL_DIR", empty.path().string()}));
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << status;
  EXPECT_TRUE(files_in(scratch.path()).empty());
  report_nothing("deid run: no models",
                 "exit status " + std::to_string(WEXITSTATUS(status)) + ", no file is left");
}

} // namespace
} // namespace deid::test
