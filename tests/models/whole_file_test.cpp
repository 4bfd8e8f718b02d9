// A file has all of its content, or is as before.
#include "models/files/whole_file.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using files::WholeFile;
using files::WriteError;
using ::testing::HasSubstr;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(WholeFile, AppearsOnlyWhenCommitted) {
  const Scratch scratch;
  const fs::path file = scratch.path() / "report.json";
  {
    WholeFile whole(file);
    whole.write("new");
    EXPECT_FALSE(fs::exists(file));
    whole.commit();
  }
  EXPECT_EQ(content(file), "new");
  EXPECT_EQ(entries(scratch.path()), 1U);
}

TEST(WholeFile, WithoutCommitTheOldOneStays) {
  const Scratch scratch;
  const fs::path file = scratch.path() / "report.json";
  files::write_whole(file, "old");
  {
    WholeFile whole(file);
    whole.write(std::string(200'000, 'x')); // more than is collected before a write
  }
  EXPECT_EQ(content(file), "old");
  EXPECT_EQ(entries(scratch.path()), 1U);
}

TEST(WholeFile, LargeAndManySmallPiecesAreWritten) {
  const Scratch scratch;
  const fs::path file = scratch.path() / "large";
  std::string expected(300'000, 'a');
  WholeFile whole(file);
  whole.write(expected);
  for (int i = 0; i < 100'000; ++i) {
    const std::string piece(1, static_cast<char>('a' + i % 26));
    whole.write(piece);
    expected += piece;
  }
  whole.commit();
  EXPECT_TRUE(content(file) == expected);
}

TEST(WholeFile, HasTheModeWithoutTheUmask) {
  const Scratch scratch;
  const auto mode_of = [](const fs::path& file) {
    struct stat about {};
    EXPECT_EQ(stat(file.c_str(), &about), 0);
    return about.st_mode & 0777U;
  };
  const mode_t before = umask(0027);
  files::write_whole(scratch.path() / "shared", "x");
  files::write_whole(scratch.path() / "private", "x", 0600);
  umask(before);
  EXPECT_EQ(mode_of(scratch.path() / "shared"), 0640U);
  EXPECT_EQ(mode_of(scratch.path() / "private"), 0600U);
}

TEST(WholeFile, SaysWhatWentWrong) {
  const Scratch scratch;
  try {
    files::write_whole(scratch.path() / "nowhere" / "report.json", "x");
    ADD_FAILURE() << "there is no such folder";
  } catch (const WriteError& e) {
    EXPECT_EQ(e.step(), "cannot be made");
    EXPECT_EQ(e.cause(), "No such file or directory");
    EXPECT_THAT(e.what(), HasSubstr("report.json cannot be made: No such file or directory."));
  }
  fs::create_directories(scratch.path() / "folder" / "in use");
  try {
    files::write_whole(scratch.path() / "folder", "x");
    ADD_FAILURE() << "a folder has that name";
  } catch (const WriteError& e) {
    EXPECT_EQ(e.step(), "cannot be given its name");
  }
  EXPECT_EQ(entries(scratch.path()), 1U);
}

} // namespace
} // namespace deid::test
