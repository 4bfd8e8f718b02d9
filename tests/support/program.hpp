#pragma once
#include "tests/support/scratch.hpp"
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>

// The program as a user runs it, on a few frames of the clip that set-up fetches.
namespace deid::test {

/// The end of a program: its exit status, -1 when it crashed, and its words.
struct Said {
  int status = -1;
  std::string out{}, err{};
};

class ProgramTest : public testing::Test {
protected:
  const Scratch scratch{}, said{};

  /// The clip that set-up fetches. Empty when it, or ffmpeg, is not there: then the test skips.
  static std::filesystem::path whole_clip() {
    std::filesystem::path whole = std::filesystem::path(DEID_DEPS_DIR) / "footage" / "single_face.mp4";
    if (!std::filesystem::exists(whole) || std::system("command -v ffmpeg >/dev/null") != 0)
      return {};
    return whole;
  }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return scratch.path() / name; }
  /// Makes a file with ffmpeg. how: its options for the result.
  void make(const std::string& name, const std::filesystem::path& from, const std::string& how) const {
    const std::string line =
        "ffmpeg -nostdin -v error -i '" + from.string() + "' -an " + how + " '" + file(name).string() + "'";
    ASSERT_EQ(std::system(line.c_str()), 0);
  }
  /// Runs deid in the scratch folder.
  [[nodiscard]] Said deid(const std::string& arguments) const {
    const std::string line = "cd '" + scratch.path().string() + "' && '" DEID_PROGRAM "' " + arguments +
                             " >'" + (said.path() / "out").string() + "' 2>'" +
                             (said.path() / "err").string() + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(said.path() / "out"),
            read(said.path() / "err")};
  }
};

} // namespace deid::test
