#pragma once
#include "pipelines/deid/review/record.hpp"
#include "pipelines/deid/review/session.hpp"
#include "tests/pipelines/clip.hpp"
#include "tests/pipelines/review/made.hpp"
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace deid::test {

/// A clip of one person, its result and its audit, in a folder of the test. `deid` runs as a user runs it.
class Reviewed : public testing::Test {
protected:
  const Scratch scratch{};
  const std::filesystem::path clip = scratch.path() / "visit.mp4", result = scratch.path() / "visit.deid.mkv",
                              audit = scratch.path() / "visit.deid.jsonl";

  void SetUp() override {
    const std::filesystem::path footage =
        std::filesystem::path(DEID_DEPS_DIR) / "footage" / "single_face.mp4";
    if (!std::filesystem::exists(footage))
      GTEST_SKIP() << "set-up has not fetched " << footage;
    std::filesystem::copy_file(footage, clip);
  }

  /// Exit status of `deid ARGUMENTS`. said: what it printed.
  int deid(const std::string& arguments, std::string* said = nullptr) const {
    const auto out = scratch.path() / "said";
    const int status = std::system(
        ("cd '" + scratch.path().string() + "' && '" DEID_PROGRAM "' " + arguments + " >said 2>&1").c_str());
    if (said != nullptr)
      *said = read(out);
    std::filesystem::remove(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// A lossless result, so that pixels can be compared.
  void run(const std::string& method) const {
    std::string said;
    ASSERT_EQ(
        deid("run visit.mp4 -o visit.deid.mkv --codec ffv1 --overwrite --audit visit.deid.jsonl --method " +
                 method,
             &said),
        0)
        << said;
    std::filesystem::remove(review::beside(result).review);
  }
  std::unique_ptr<review::Session> open(bool look) const {
    review::SessionOptions options;
    options.look = look;
    options.program = DEID_PROGRAM;
    return review::Session::open({.original = clip, .result = result}, options);
  }
  /// Takes the cover from some frames of result and audit, as if no face had been found there.
  void take_away(int first, int last) const;
};

} // namespace deid::test
