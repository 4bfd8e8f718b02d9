// docs/facedetect.md is true: its launch line runs unchanged on a clip, and its table has every property.
#include "tests/support/docs_page.hpp"
#include <filesystem>

namespace {

TEST(Docs, TheLaunchLineOfFacedetectRuns) {
  const auto clip = deid::test::footage_dir() / "single_face.mp4";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "set-up has not fetched " << clip;
  const deid::test::Scratch scratch;
  const auto out = scratch.path() / "out.mp4";
  std::string line = deid::test::launch_line_of("facedetect");
  deid::test::replace(line, "location=in.mp4", "location=" + clip.string());
  deid::test::replace(line, "location=out.mp4", "location=" + out.string());
  deid::test::expect_plays(line, 120);
  EXPECT_GT(std::filesystem::file_size(out), 10'000U);
}

TEST(Docs, TheTableOfFacedetectHasEveryProperty) {
  deid::test::expect_every_property_on_page("facedetect");
}

} // namespace
