// COCO's measure against pycocotools 2.0.11: our own small cases, and the shared cases when they are present.
#include "elements/measures/coco/files.hpp"
#include "tests/elements/measures/coco/expected.hpp"
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace deid::test {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

json read_json(const fs::path& file) {
  return json::parse(std::ifstream(file));
}

TEST(CocoCases, OurOwn) {
  const json cases = read_json(fs::path(DEID_SOURCE_DIR) / "tests/elements/measures/coco/golden/cases.json");
  ASSERT_EQ(cases.size(), 12U);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const auto truth = coco::parse_ground_truth(cases[i]["gt"].dump(), "gt");
    const auto detections = coco::parse_detections(cases[i]["dt"].dump(), "dt");
    expect_as_pycocotools(coco::evaluate(truth, detections, true), cases[i]["expected"]);
  }
}

TEST(CocoCases, TheSharedOnes) {
  const fs::path shared = fs::path(DEID_SOURCE_DIR) / "../shared/oks_cases";
  if (!fs::exists(shared))
    GTEST_SKIP() << "../shared/oks_cases is not there: COCO's measure is only checked on our own 12 cases";
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(shared)) {
    if (!entry.is_directory())
      continue;
    SCOPED_TRACE(entry.path().filename().string());
    ++cases;
    const json expected = read_json(entry.path() / "expected.json");
    const auto truth = coco::read_ground_truth(entry.path() / "gt.json");
    const auto detections = coco::read_detections(entry.path() / "dt.json");
    if (expected.contains("error"))
      EXPECT_THROW((void)coco::evaluate(truth, detections, true), std::invalid_argument);
    else
      expect_as_pycocotools(coco::evaluate(truth, detections, true), expected);
  }
  EXPECT_GE(cases, 46U);
}

} // namespace
} // namespace deid::test
