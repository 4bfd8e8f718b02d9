// Files of faces: written ones can be read; damaged ones are refused with a sentence.
#include "models/training/durable_file.hpp"
#include "tests/models/training/made_faces.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <sys/stat.h>

namespace deid::test {
namespace {

namespace fs = std::filesystem;
using namespace training;
using ::testing::HasSubstr;

struct FaceSetFile : ::testing::Test {
  const Scratch scratch{};
  const fs::path file = scratch.path() / "subject.faces";
  const FaceSet set = made_faces(12, rosy, 3);

  void SetUp() override { write_faces(file, set); }
  [[nodiscard]] std::string refusal() const {
    try {
      read_faces(file);
    } catch (const FileError& e) {
      return e.what();
    }
    return "";
  }
};

TEST_F(FaceSetFile, ComesBackAsItWas) {
  const FaceSet back = read_faces(file);
  EXPECT_EQ(back.clips, set.clips);
  EXPECT_EQ(back.coverage, set.coverage);
  EXPECT_EQ(back.mean, set.mean);
  EXPECT_EQ(back.report, set.report);
  ASSERT_EQ(back.faces.size(), set.faces.size());
  for (std::size_t i = 0; i < back.faces.size(); ++i) {
    const Face &a = back.faces[i], &b = set.faces[i];
    EXPECT_EQ(cv::norm(a.crop, b.crop, cv::NORM_INF), 0);
    EXPECT_EQ(a.points, b.points);
    EXPECT_EQ(a.pts, b.pts);
    EXPECT_EQ(a.track, b.track);
    EXPECT_EQ(a.held_out, b.held_out);
    EXPECT_EQ(a.pose, b.pose);
    EXPECT_EQ(a.descriptor, b.descriptor);
  }
}

TEST_F(FaceSetFile, IsReadableByItsOwnerOnly) {
  struct stat about {};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(FaceSetFile, LeavesNothingBesideItself) {
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator{}), 1);
}

TEST_F(FaceSetFile, IsRefusedWhereverItIsCut) {
  const std::string whole = read(file);
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{11}, std::size_t{40},
                                   whole.size() / 2, whole.size() - 33, whole.size() - 1}) {
    write(file, whole.substr(0, length));
    EXPECT_THAT(refusal(), HasSubstr("is damaged")) << length;
  }
}

TEST_F(FaceSetFile, IsRefusedWhereverAByteIsAnother) {
  const std::string whole = read(file);
  for (const std::size_t at :
       {std::size_t{3}, std::size_t{9}, std::size_t{30}, whole.size() / 2, whole.size() - 5}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(file, changed);
    EXPECT_THAT(refusal(), HasSubstr("is damaged")) << at;
  }
}

TEST_F(FaceSetFile, IsRefusedWhenThereIsNone) {
  fs::remove(file);
  EXPECT_THAT(refusal(), HasSubstr("cannot be read (No such file"));
}

TEST_F(FaceSetFile, KeepsTheOldOneWhenAWriteIsNotFinished) {
  {
    DurableWriter unfinished(file);
    unfinished.write(std::string("half of it"));
  }
  EXPECT_EQ(read_faces(file).faces.size(), set.faces.size());
}

TEST_F(FaceSetFile, RefusesAFaceOfAnotherShape) {
  FaceSet other = set;
  other.faces.front().points.pop_back();
  EXPECT_THROW(write_faces(scratch.path() / "other.faces", other), std::invalid_argument);
  EXPECT_FALSE(fs::exists(scratch.path() / "other.faces"));
}

TEST_F(FaceSetFile, SaysWhenTheDiskIsFull) {
  if (!fs::exists("/dev/full"))
    GTEST_SKIP() << "There is no /dev/full here.";
  // no hidden file can be made there: the sentence must still name the file
  EXPECT_THROW(write_faces("/dev/full/subject.faces", set), FileError);
}

} // namespace
} // namespace deid::test
