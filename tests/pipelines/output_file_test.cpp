#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "tests/pipelines/clip.hpp"
#include <fstream>
#include <sys/stat.h>

namespace deid::test {
namespace {
using cli::OutputFile;

struct OutputFileTest : ClipTest {
  void fill(const OutputFile& file, const char* text) { std::ofstream(file.path()) << text; }
  std::string read(const char* name) {
    std::ifstream in(dir / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(OutputFileTest, AppearsOnlyWhenComplete) {
  for (const auto kind : {OutputFile::Kind::nameless, OutputFile::Kind::named}) {
    const std::string name = kind == OutputFile::Kind::named ? "b" : "a";
    OutputFile file(dir / name, false, kind);
    fill(file, "hello");
    EXPECT_FALSE(std::filesystem::exists(dir / name));
    file.commit();
    EXPECT_EQ(read(name.c_str()), "hello");
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(OutputFileTest, ANameIsGivenWhereTheFileSystemCannotRefuseToReplace) {
  const auto cannot = [](const char*, const char*) {
    errno = EINVAL; // NFS, sshfs, ntfs-3g
    return -1;
  };
  std::ofstream(dir / "from") << "new";
  EXPECT_TRUE(cli::rename_new(dir / "from", dir / "to", cannot));
  EXPECT_EQ(read("to"), "new");
  EXPECT_EQ(files(), std::vector<std::string>{"to"});
  std::ofstream(dir / "from") << "newer";
  EXPECT_FALSE(cli::rename_new(dir / "from", dir / "to", cannot));
  EXPECT_EQ(errno, EEXIST);
  EXPECT_EQ(read("to"), "new");
}

TEST_F(OutputFileTest, WhatWasPublishedCanBeTakenBack) {
  OutputFile file(dir / "a", false);
  fill(file, "hello");
  file.commit();
  file.withdraw();
  EXPECT_TRUE(files().empty());
}

TEST_F(OutputFileTest, NothingIsLeftOfAnUnfinishedOne) {
  for (const auto kind : {OutputFile::Kind::nameless, OutputFile::Kind::named}) {
    OutputFile file(dir / "a", false, kind);
    fill(file, "hello");
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(OutputFileTest, NamelessHasNoNameAtAll) {
  OutputFile file(dir / "a", false);
  fill(file, "hello");
  EXPECT_TRUE(files().empty()) << "this file system cannot make nameless files";
}

TEST_F(OutputFileTest, ExistingIsReplacedOnlyWhenAsked) {
  std::ofstream(dir / "a") << "old";
  EXPECT_THROW(OutputFile(dir / "a", false), cli::Failure);
  for (const auto kind : {OutputFile::Kind::nameless, OutputFile::Kind::named}) {
    OutputFile file(dir / "a", true, kind);
    fill(file, "new");
    EXPECT_EQ(read("a"), kind == OutputFile::Kind::nameless ? "old" : "new");
    file.commit();
    EXPECT_EQ(read("a"), "new");
  }
  EXPECT_EQ(files(), (std::vector<std::string>{"a"}));
}

TEST_F(OutputFileTest, AppearedMeanwhileIsNotReplaced) {
  OutputFile file(dir / "a", false);
  fill(file, "new");
  std::ofstream(dir / "a") << "of someone else";
  EXPECT_THROW(file.commit(), cli::Failure);
  EXPECT_EQ(read("a"), "of someone else");
  EXPECT_EQ(files(), (std::vector<std::string>{"a"}));
}

TEST_F(OutputFileTest, RefusesDirectoriesAndMissingOnes) {
  EXPECT_THROW(OutputFile(dir, true), cli::Failure);
  EXPECT_THROW(OutputFile(dir / "no" / "a", false), cli::Failure);
}

TEST_F(OutputFileTest, NamedIsForItsOwnerOnly) {
  OutputFile file(dir / "a", false, OutputFile::Kind::named);
  file.commit();
  struct stat st {};
  ASSERT_EQ(stat((dir / "a").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600U);
}

TEST_F(OutputFileTest, TheWritersPathIsUtf8WhateverTheNameIs) {
  const auto folder = dir / "s\xe9jour";
  std::filesystem::create_directory(folder);
  for (const auto kind : {cli::OutputFile::Kind::named, cli::OutputFile::Kind::nameless}) {
    const auto target = folder / (kind == cli::OutputFile::Kind::named ? "caf\xe9.jsonl" : "caf\xe9.mp4");
    cli::OutputFile file(target, false, kind);
    EXPECT_TRUE(cli::is_utf8(file.path().string())) << file.path();
    std::ofstream(file.path()) << "content";
    file.commit();
    EXPECT_EQ(std::filesystem::file_size(target), 7U);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 2) << "nothing else is left";
}

} // namespace
} // namespace deid::test
