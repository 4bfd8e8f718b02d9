// The page about identitymeter: its launch line runs on a clip, its table has every property, and the README
// has the element.
#include "tests/support/docs_page.hpp"
#include <filesystem>
#include <nlohmann/json.hpp>

namespace {

TEST(Docs, TheLaunchLineOfIdentitymeterRuns) {
  if (!std::filesystem::exists(std::filesystem::path(DEID_DEPS_DIR) / "targets"))
    GTEST_SKIP() << "set-up has not made the bank of targets";
  const deid::test::Scratch scratch;
  const auto report = scratch.path() / "report.json";
  std::string line = deid::test::launch_line_of("identitymeter");
  deid::test::replace(line, "location=in.mp4",
                      "location=" + (deid::test::footage_dir() / "single_face.mp4").string());
  deid::test::replace(line, "location=report.json", "location=" + report.string());
  deid::test::expect_plays(line, 200);
  const auto said = nlohmann::json::parse(deid::test::read(report));
  EXPECT_GT(said["counts"]["measured"], 60);
  EXPECT_GT(said["distances"]["swapped"]["to_original"]["mean"], .6);
}

TEST(Docs, TheTableOfIdentitymeterKnowsEveryProperty) {
  deid::test::expect_every_property_on_page("identitymeter");
  GstElement* by_short_name = gst_element_factory_make("identitymeter", nullptr);
  EXPECT_NE(by_short_name, nullptr);
  gst_clear_object(&by_short_name);
}

} // namespace
