// deid-train as a user runs it: to its end, killed, stopped, with damaged files.
#include "models/autoencoder/file.hpp"
#include "tests/models/training/made_faces.hpp"
#include "tests/support/scratch.hpp"
#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

extern char** environ;

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Program : ::testing::Test {
  const Scratch scratch{};
  const fs::path subject = scratch.path() / "subject.faces", target = scratch.path() / "target.faces",
                 model = scratch.path() / "model.deidae", checkpoint = scratch.path() / "checkpoint",
                 said = scratch.path() / "said";

  void SetUp() override {
    training::write_faces(subject, made_faces(20, rosy, 1));
    training::write_faces(target, made_faces(20, brown, 2));
  }

  [[nodiscard]] pid_t start(const std::string& more) const {
    const std::string line = "exec '" DEID_TRAINER_PROGRAM "' --subject '" + subject.string() +
                             "' --target '" + target.string() + "' --out '" + model.string() +
                             "' --checkpoint '" + checkpoint.string() +
                             "' --batch 2 --threads 1 --precision f32 " + more + " 2>'" + said.string() + "'";
    std::string shell = "sh", flag = "-c", text = line;
    char* argv[] = {shell.data(), flag.data(), text.data(), nullptr};
    pid_t pid = -1;
    if (posix_spawn(&pid, "/bin/sh", nullptr, nullptr, argv, environ) != 0)
      throw std::runtime_error("sh cannot be started");
    return pid;
  }
  static int wait_for(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  [[nodiscard]] int run(const std::string& more) const { return wait_for(start(more)); }
  /// Waits for a file.
  static bool appeared(const fs::path& file) {
    for (int i = 0; i < 1200 && !fs::exists(file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return fs::exists(file);
  }
};

TEST_F(Program, TrainsToAModelThatCanBeRead) {
  ASSERT_EQ(run("--iterations 3 --target-name Nobody --target-status drawn --preview '" +
                scratch.path().string() + "'"),
            0)
      << read(said);
  const auto made = models::autoencoder::read_model(model);
  EXPECT_EQ(made.network.name, "light96");
  EXPECT_EQ(made.target.name, "Nobody");
  EXPECT_EQ(made.target.status, "drawn");
  struct stat about {};
  for (const fs::path& file : {model, checkpoint, scratch.path() / "preview-00000003.png"}) {
    ASSERT_EQ(stat(file.c_str(), &about), 0) << file;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << file;
  }
}

TEST_F(Program, GivesTheSameModelWhenItWasStoppedOnTheWay) {
  ASSERT_EQ(run("--iterations 6"), 0) << read(said);
  const auto whole = models::autoencoder::read_model(model);
  fs::remove(model);
  fs::remove(checkpoint);
  const pid_t pid = start("--iterations 6 --preview '" + scratch.path().string() + "'");
  ASSERT_TRUE(appeared(scratch.path() / "preview-00000002.png"));
  kill(pid, SIGTERM);
  const int status = wait_for(pid);
  ASSERT_TRUE(status == 130 || status == 0) << read(said);
  if (status == 130) {
    EXPECT_THAT(read(said), HasSubstr("--resume goes on from there"));
    EXPECT_FALSE(fs::exists(model));
    ASSERT_EQ(run("--iterations 6 --resume"), 0) << read(said);
  }
  const auto resumed = models::autoencoder::read_model(model);
  ASSERT_EQ(resumed.tensors.size(), whole.tensors.size());
  for (std::size_t i = 0; i < whole.tensors.size(); ++i)
    EXPECT_EQ(resumed.tensors[i].values, whole.tensors[i].values) << whole.tensors[i].name;
}

TEST_F(Program, LosesNothingOfBeforeWhenItIsKilled) {
  ASSERT_EQ(run("--iterations 2"), 0) << read(said);
  const std::string kept = read(checkpoint), before = read(model);
  const pid_t pid = start("--iterations 100000 --resume --preview '" + scratch.path().string() + "'");
  ASSERT_TRUE(appeared(said));
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  kill(pid, SIGKILL);
  EXPECT_EQ(wait_for(pid), -SIGKILL);
  EXPECT_EQ(read(checkpoint), kept);
  EXPECT_EQ(read(model), before);
  EXPECT_EQ(run("--iterations 3 --resume"), 0) << read(said);
}

TEST_F(Program, LosesNothingWhenItIsKilledWhileItWrites) {
  ASSERT_EQ(run("--iterations 2"), 0) << read(said);
  // killed at many moments of a run that ends at once and writes checkpoint and model
  for (int ms = 100; ms < 1500; ms += 200) {
    const pid_t pid = start("--iterations 2 --resume");
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    kill(pid, SIGKILL);
    wait_for(pid);
    EXPECT_NO_THROW(models::autoencoder::read_model(model)) << ms;
    EXPECT_EQ(run("--iterations 2 --resume"), 0) << ms << read(said);
  }
}

TEST_F(Program, RefusesDamagedFilesWithOneSentence) {
  const std::string whole = read(subject);
  write(subject, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(run("--iterations 2"), 1);
  EXPECT_THAT(read(said), HasSubstr("subject.faces is damaged"));
  write(subject, whole);
  write(checkpoint, "DEIDCP01 and no more");
  EXPECT_EQ(run("--iterations 2 --resume"), 1);
  EXPECT_THAT(read(said), HasSubstr("checkpoint is damaged"));
  EXPECT_FALSE(fs::exists(model));
}

TEST_F(Program, GoesOnWhenACheckpointCannotBeWritten) {
  const fs::path nowhere = scratch.path() / "nowhere" / "checkpoint";
  const std::string line = "'" DEID_TRAINER_PROGRAM "' --subject '" + subject.string() + "' --target '" +
                           target.string() + "' --out '" + model.string() + "' --checkpoint '" +
                           nowhere.string() + "' --batch 2 --threads 1 --iterations 2 2>'" + said.string() +
                           "'";
  EXPECT_EQ(std::system(line.c_str()), 0) << read(said);
  EXPECT_THAT(read(said), HasSubstr("The training goes on"));
  EXPECT_NO_THROW(models::autoencoder::read_model(model));
}

TEST_F(Program, WantsToKnowHowLong) {
  EXPECT_EQ(run(""), 2);
  EXPECT_THAT(read(said), HasSubstr("--hours or --iterations"));
  EXPECT_EQ(run("--hours 1 --iterations 2"), 2);
}

} // namespace
} // namespace deid::test
