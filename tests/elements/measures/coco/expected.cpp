#include "tests/elements/measures/coco/expected.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-9;

void expect_near(std::span<const double> got, const json& wanted, const std::string& what) {
  ASSERT_EQ(got.size(), wanted.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], wanted[i].get<double>(), tolerance) << what << " " << i;
}

template <class Number> json rows_of(const std::vector<Number>& flat, std::size_t rows) {
  json result = json::array();
  const std::size_t width = flat.size() / rows;
  for (std::size_t row = 0; row < rows; ++row) {
    result.push_back(json::array());
    for (std::size_t i = 0; i < width; ++i)
      result.back().push_back(static_cast<std::int64_t>(flat[row * width + i]));
  }
  return result;
}

json ignored_of(const std::vector<bool>& flags) {
  json result = json::array();
  for (const bool flag : flags)
    result.push_back(flag ? 1 : 0);
  return result;
}

} // namespace

void expect_as_pycocotools(const coco::Evaluation& evaluation, const json& expected) {
  const coco::Scores scores = evaluation.scores();
  expect_near(scores.stats, expected["stats"], "stats");
  EXPECT_NEAR(scores.ap95, expected["AP95"].get<double>(), tolerance);
  EXPECT_NEAR(scores.ar95, expected["AR95"].get<double>(), tolerance);
  for (const auto& [name, range] :
       {std::pair{"all", coco::all}, {"medium", coco::medium}, {"large", coco::large}}) {
    expect_near(scores.ap[range], expected["AP_per_thr"][name], std::string("AP ") + name);
    expect_near(scores.ar[range], expected["AR_per_thr"][name], std::string("AR ") + name);
  }
  const json& images = expected["oks"];
  ASSERT_EQ(evaluation.images().size(), images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const coco::ImageOks& image = evaluation.images()[i];
    EXPECT_EQ(json(image.image_id), images[i]["image_id"]);
    EXPECT_EQ(json(image.category_id), images[i]["category_id"]);
    EXPECT_EQ(json(image.detections), images[i]["dt_ids"]);
    EXPECT_EQ(json(image.truths), images[i]["gt_ids"]);
    json flat = json::array();
    for (const json& row : images[i]["oks"])
      flat.insert(flat.end(), row.begin(), row.end());
    expect_near(image.values, flat, "OKS of image " + std::to_string(image.image_id));
  }
  json got = json::array();
  for (const auto& of_category : evaluation.matches())
    for (const coco::ImageMatches& image : of_category)
      got.push_back({{"image_id", image.image_id},
                     {"category_id", image.category_id},
                     {"dt_ids", image.detections},
                     {"gt_ids", image.truths},
                     {"gt_ignore", ignored_of(image.truth_ignored)},
                     {"dt_match_gt_id", rows_of(image.matched_truth, coco::threshold_count)},
                     {"dt_ignore", rows_of(std::vector<std::int64_t>(image.detection_ignored.begin(),
                                                                     image.detection_ignored.end()),
                                           coco::threshold_count)}});
  EXPECT_EQ(got, expected["matches"]);
}

} // namespace deid::test
