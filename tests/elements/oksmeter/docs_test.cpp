// The page about oksmeter: its line runs on a clip, and its table knows every property.
#include "tests/support/docs_page.hpp"
#include <filesystem>
#include <nlohmann/json.hpp>

namespace {

TEST(Docs, TheLaunchLineOfOksmeterRuns) {
  const deid::test::Scratch scratch;
  const auto report = scratch.path() / "report.json", csv = scratch.path() / "movement.csv";
  std::string line = deid::test::launch_line_of("oksmeter");
  deid::test::replace(line, "location=in.mp4",
                      "location=" + (deid::test::footage_dir() / "single_face.mp4").string());
  deid::test::replace(line, "location=report.json", "location=" + report.string());
  deid::test::replace(line, "csv=movement.csv", "csv=" + csv.string());
  deid::test::expect_plays(line, 200);
  const auto said = nlohmann::json::parse(deid::test::read(report));
  EXPECT_GT(said["counts"]["frames"], 60);
  EXPECT_GT(said["counts"]["people"], 60);
  EXPECT_GT(std::filesystem::file_size(csv), 200U);
}

TEST(Docs, TheTableOfOksmeterKnowsEveryProperty) {
  deid::test::expect_every_property_on_page("oksmeter");
}

} // namespace
