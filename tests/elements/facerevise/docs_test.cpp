// docs/facerevise.md is true: its launch line runs on a clip, and its table has every property.
#include "tests/support/docs_page.hpp"
#include <filesystem>

namespace {

TEST(Docs, TheTableOfFacereviseHasEveryProperty) {
  deid::test::expect_every_property_on_page("facerevise");
}

TEST(Docs, TheLaunchLineOfFacereviseRuns) {
  const auto clip = deid::test::footage_dir() / "single_face.mp4";
  if (!std::filesystem::exists(clip))
    GTEST_SKIP() << "set-up has not fetched " << clip;
  const deid::test::Scratch scratch;
  const auto out = scratch.path() / "out.mp4", revision = scratch.path() / "revision.jsonl";
  deid::test::write(revision, R"({"revision":1,"frames":72,"width":640,"height":360})"
                              "\n"
                              R"({"frame":3,"added":[{"id":1000000000,"box":[8,8,64,48],"least":"covered"}]})"
                              "\n");
  std::string line = deid::test::launch_line_of("facerevise");
  deid::test::replace(line, "location=in.mp4", "location=" + clip.string());
  deid::test::replace(line, "location=revision.jsonl", "location=" + revision.string());
  deid::test::replace(line, "location=out.mp4", "location=" + out.string());
  deid::test::expect_plays(line, 120);
  EXPECT_GT(std::filesystem::file_size(out), 10'000U);
}

} // namespace
