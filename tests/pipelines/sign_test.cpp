// The signature of C2PA. What needs the library of c2pa is left out where DEID_C2PA does not name it.
#include "elements/base/scrub.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/media/sign.hpp"
#include "pipelines/deid/run/run.hpp"
#include "tests/pipelines/clip.hpp"
#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace deid::test {
namespace {
using ::testing::Contains;
using ::testing::HasSubstr;

struct SignTest : ClipTest {
  void SetUp() override {
    ClipTest::SetUp();
    swapped = stand_in_that(cli::property("tags", std::string("comment=\"") + scrub::synthetic_note + '"'));
    swapped.mask = "taginject"; // states it instead of faceswap
  }
  cli::RunOptions signed_run(const std::filesystem::path& in, const std::string& out, const std::string& key,
                             const std::string& certificates) {
    auto o = options(in, out);
    o.method = cli::Method::swap;
    o.sign = {dir / (key + ".key"), dir / (certificates + ".pem")};
    return o;
  }
  std::string why_not(const cli::RunOptions& o) {
    try {
      cli::run_file(o, "", swapped);
    } catch (const cli::Failure& failure) {
      EXPECT_FALSE(std::filesystem::exists(o.output));
      return failure.what();
    }
    return "it was done";
  }
  cli::ElementNames swapped{};
};

TEST_F(SignTest, WithoutTheLibraryNothingIsDone) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  std::ofstream(dir / "a.key") << "key";
  std::ofstream(dir / "a.pem") << "certificates";
  const char* before = std::getenv("DEID_C2PA");
  const std::string kept = before ? before : "";
  setenv("DEID_C2PA", (dir / "none.so").c_str(), 1);
  EXPECT_THAT(why_not(signed_run(in, "out.mp4", "a", "a")), HasSubstr("needs the library of c2pa"));
  EXPECT_THAT(why_not(signed_run(in, "out.mp4", "none", "a")), HasSubstr("none.key cannot be read"));
  if (before)
    setenv("DEID_C2PA", kept.c_str(), 1);
  else
    unsetenv("DEID_C2PA");
}

TEST_F(SignTest, OnlyMp4AndMovAreSigned) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped())
    return;
  EXPECT_THAT(why_not(signed_run(in, "out.mkv", "a", "a")), HasSubstr(".mp4 and .mov only"));
}

TEST_F(SignTest, TheSignatureIsValidAndAChangedPictureIsNoticed) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped() || !have_c2pa())
    GTEST_SKIP() << "DEID_C2PA names no library of c2pa, or ffmpeg or openssl is missing";
  make_key_pair(dir, "a");
  const cli::Signer judge(dir / "a.key", dir / "a.pem");
  for (const std::string out : {"out.mp4", "out.mov"}) {
    const auto o = signed_run(in, out, "a", "a");
    cli::run_file(o, "", swapped);
    EXPECT_THAT(cli::provenance_marks(o.output), Contains("C2PA manifest"));
    EXPECT_EQ(count_of(o.output), 20U);
    const char* type = out == "out.mov" ? "video/quicktime" : "video/mp4";
    const int fd = open(o.output.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    EXPECT_NO_THROW(judge.verify(fd, type));
    std::ifstream file(o.output, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const auto pictures = static_cast<off_t>(content.find("mdat") + 100);
    ASSERT_EQ(pwrite(fd, "changed", 7, pictures), 7);
    EXPECT_THROW(judge.verify(fd, type), cli::Failure);
    close(fd);
  }
}

TEST_F(SignTest, AKeyThatDoesNotFitEndsTheRunBeforeItBegins) {
  const auto in = make_plain("in.mp4");
  if (IsSkipped() || !have_c2pa())
    GTEST_SKIP() << "DEID_C2PA names no library of c2pa, or ffmpeg or openssl is missing";
  make_key_pair(dir, "a");
  make_key_pair(dir, "b");
  make_key_pair(dir, "c", "ED25519");
  EXPECT_THAT(why_not(signed_run(in, "out.mp4", "b", "a")), HasSubstr("cannot be signed"));
  std::ofstream(dir / "d.key") << "no key";
  EXPECT_THAT(why_not(signed_run(in, "out.mp4", "d", "a")), HasSubstr("is no private key"));
  EXPECT_EQ(why_not(signed_run(in, "out.mp4", "c", "c")), "it was done");
}

} // namespace
} // namespace deid::test
