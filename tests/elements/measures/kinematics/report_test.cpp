// The whole report, in JSON and in CSV: every figure is a number or has a reason.
#include "elements/measures/kinematics/report.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include "tests/support/schema.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

namespace deid::kinematics {
namespace {

using nlohmann::json;
using test::lively;
using test::series;

/// Every null has its reason, every number is finite.
void expect_sound(const json& node, const std::string& path) {
  if (node.is_number_float()) {
    EXPECT_TRUE(std::isfinite(node.get<double>())) << path;
  }
  if (node.is_object() && node.contains("value") && node["value"].is_null()) {
    EXPECT_FALSE(node.value("why", "").empty()) << path;
    EXPECT_NE(node.value("why", ""), "not measured") << path;
  }
  for (const auto& [key, child] : node.items())
    if (node.is_structured())
      expect_sound(child, path + "/" + key);
  if (node.is_null()) {
    EXPECT_TRUE(path.ends_with("/value")) << path;
  }
}

json report_of(const PairedSeries& made) {
  const json report = report_of(assess(made));
  expect_sound(report, "");
  EXPECT_EQ(report.dump().find("\"\":"), std::string::npos); // no figure without a name
  return report;
}

/// Cells of a line; quotes are taken off.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> found{""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      found.emplace_back();
    else
      found.back() += c;
  }
  return found;
}

TEST(Report, OfAStreamWithItselfHasNoErrorAnywhere) {
  const json report = report_of(series(30, 10, lively));
  EXPECT_EQ(report["about"]["paired_frames"], 300);
  EXPECT_EQ(report["about"]["keypoint_set"], "body-25");
  EXPECT_TRUE(report["about"]["warnings"].empty());
  EXPECT_EQ(report["lag"]["frames"]["value"], 0);
  const json rmse = report["position"]["all points"]["rmse"];
  EXPECT_EQ(rmse, (json{{"unit", "px"}, {"n", 7500}, {"value", 0.}}));
  EXPECT_EQ(report["tapping"]["left thumb-index"]["value"], nullptr);
  EXPECT_EQ(report["angles"]["left knee"]["range_of_motion"]["difference"], 0);
  EXPECT_EQ(report["angles"]["left knee"]["range_of_motion"]["unit"], "deg");
  for (const Row& row : rows(assess(series(30, 10, lively))))
    if (row.streams && row.value.known()) {
      EXPECT_EQ(row.value.get(), 0) << row.group << row.part << row.measure;
    }
}

TEST(Report, OfNothingSaysWhyEverywhere) {
  for (const KeypointSet set :
       {KeypointSet::blazepose33, KeypointSet::coco17, KeypointSet::openpose18, KeypointSet::body25}) {
    const json report = report_of({.set = set, .only_original = 3, .only_deidentified = 1});
    EXPECT_EQ(report["excluded"]["frames_only_in_original"], 3);
    EXPECT_EQ(report["excluded"]["frames_only_in_deidentified"], 1);
    EXPECT_EQ(report["about"]["rate_hz"]["value"], nullptr);
    EXPECT_EQ(report["gait"]["walk"]["value"], nullptr);
    EXPECT_EQ(report["face"]["value"], nullptr);
  }
}

TEST(Report, OfHostileSeriesIsSound) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  std::vector<PairedSeries> all;
  all.push_back(series(30, 1. / 30, lively)); // one frame
  all.push_back(series(30, 2. / 30, lively));
  all.push_back(series(30, 10, [](double) { return test::standing(); })); // nothing moves
  all.push_back(series(30, 10, [](double) { return std::vector<Keypoint>(25, {0, 0, 1, true}); }));
  all.push_back(series(30, 10, [](double) { return std::vector<Keypoint>(25, {NAN, -inf, 1, true}); }));
  all.push_back(series(30, 10, [](double t) {
    return std::vector<Keypoint>(25, {std::fmod(t, .1) < .05 ? 1e6F : -1e6F, 1e-38F, inf, true});
  }));
  all.push_back(series(1000, .5, lively));
  for (PairedFrame& frame : all.back().frames)
    frame.pts /= 1'000'000; // one ns apart
  all.push_back(series(30, 10, lively));
  for (std::size_t i = 150; i < 300; ++i)
    all.back().frames[i].pts = std::numeric_limits<std::int64_t>::max() - 300 + static_cast<std::int64_t>(i);
  all.push_back(series(30, 10, lively));
  for (PairedFrame& frame : all.back().frames)
    frame.pts = std::numeric_limits<std::int64_t>::min();
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    all.push_back(series(30, 5, lively));
    for (PairedFrame& frame : all.back().frames)
      for (View* view : {&frame.original, &frame.deidentified})
        for (Keypoint& point : view->points) {
          const auto dice = random() % 40;
          point.present = dice != 0;
          point.x = dice == 1 ? NAN : dice == 2 ? inf : dice == 3 ? -3e38F : point.x;
          point.score = dice == 4 ? -1 : dice == 5 ? 1e30F : point.score;
        }
  }
  for (const PairedSeries& made : all) {
    (void)report_of(made);
    std::ostringstream csv;
    write_csv(assess(made), csv);
    EXPECT_EQ(csv.str().find("nan"), std::string::npos);
    EXPECT_EQ(csv.str().find("inf,"), std::string::npos);
  }
}

TEST(Report, OfPairsThatAreMissingCountsThem) {
  auto made = series(30, 2, lively);
  made.only_original = 4;
  made.frames[3].deidentified.points.clear();
  made.frames[5].original.points[4].x = NAN;
  const json excluded = report_of(made)["excluded"];
  EXPECT_EQ(excluded["frames_only_in_original"], 4);
  EXPECT_EQ(excluded["frames_with_nobody_deidentified"], 1);
  EXPECT_EQ(excluded["points_not_finite_original"], 1);
}

TEST(Report, WarnsOfALag) {
  auto made = series(30, 4, lively);
  for (std::size_t i = made.frames.size() - 1; i > 0; --i)
    made.frames[i].deidentified = made.frames[i - 1].deidentified;
  const json report = report_of(made);
  EXPECT_EQ(report["lag"]["frames"]["value"], 1);
  EXPECT_NEAR(report["lag"]["time"]["value"].get<double>(), 1000. / 30, .001);
  ASSERT_EQ(report["about"]["warnings"].size(), 1U);
  EXPECT_NE(report["about"]["warnings"][0].get<std::string>().find("1 frame(s) (33 ms) late"),
            std::string::npos);
}

TEST(Report, OfMovementIsAsTheSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  std::vector<PairedSeries> all{series(30, 10, lively), {.set = KeypointSet::coco17}};
  all.push_back(series(60, 8, [](double t) { return test::walking(t, 60); }));
  for (std::size_t i = 0; i < all.back().frames.size(); ++i) { // taps with one hand
    Hand hand{.left = false, .score = .9F, .points = std::vector<Keypoint>(21, {100, 100, 1, true})};
    hand.points[9].y -= 40;
    hand.points[8].x += 25 + test::wave(20, 3, static_cast<double>(i) / 60);
    all.back().frames[i].original.hands = all.back().frames[i].deidentified.hands = {hand};
  }
  std::string lines;
  for (const PairedSeries& made : all)
    lines += report_of(made).dump() + "\n";
  const deid::test::Scratch scratch;
  deid::test::write(scratch.path() / "movement.jsonl", lines);
  deid::test::expect_schema("report", scratch.path() / "movement.jsonl", "movement");
  const json walk = report_of(all.back());
  EXPECT_TRUE(walk["gait"].contains("direction") && walk["gait"].contains("left heel"));
  EXPECT_TRUE(walk["tapping"]["right thumb-index"].contains("rate"));
}

TEST(Report, GivesTheVerdictOfATremor) {
  auto made = series(30, 10, [](double t) {
    auto points = test::standing();
    points[4].x += test::wave(6, 5.13, t);
    return points;
  });
  const json tremor = report_of(made)["tremor"];
  EXPECT_NEAR(tremor["right wrist"]["peak_frequency"]["original"].get<double>(), 5.13, .02);
  EXPECT_NEAR(tremor["right wrist"]["amplitude"]["deidentified"].get<double>(), 6, .1);
  EXPECT_EQ(tremor["right wrist"]["verdict (proposal)"]["verdict"], "preserved");
  EXPECT_EQ(tremor["left wrist"]["verdict (proposal)"]["verdict"], "none");
}

TEST(Csv, HasEightCellsInEveryRow) {
  for (const PairedSeries& made : {series(30, 5, lively), PairedSeries{.set = KeypointSet::coco17}}) {
    const Results results = assess(made);
    std::ostringstream out;
    write_csv(results, out);
    std::istringstream in(out.str());
    std::string line;
    std::getline(in, line);
    EXPECT_EQ(line, "measure,part,unit,original,deidentified,difference,n,why");
    std::size_t count = 0;
    while (std::getline(in, line)) {
      const auto row = cells(line);
      ASSERT_EQ(row.size(), 8U) << line;
      EXPECT_FALSE(row[0].empty());
      EXPECT_EQ(row[5].empty(), !row[7].empty()) << line; // a row without a difference has a reason
      ++count;
    }
    EXPECT_EQ(count, rows(results).size());
  }
}

TEST(Csv, QuotesTextWithCommas) {
  std::ostringstream out;
  Results results = assess({});
  results.gait.why = "one, \"two\"";
  write_csv(results, out);
  EXPECT_NE(out.str().find(",\"one, \"\"two\"\"\"\n"), std::string::npos) << out.str();
}

} // namespace
} // namespace deid::kinematics
