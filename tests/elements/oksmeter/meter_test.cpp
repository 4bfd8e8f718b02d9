#include "elements/oksmeter/meter.hpp"
#include "somebody.hpp"
#include "tests/support/schema.hpp"
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::oksmeter {
namespace {

using deid::test::seen;
using deid::test::somebody;
using nlohmann::json;

constexpr std::int64_t step = 33'333'333;

double seconds(int frame) {
  return static_cast<double>(frame) * static_cast<double>(step) * 1e-9;
}

/// `count` frames of one person; change(person, frame) is done to the de-identified one.
Meter metered(int count, const std::function<void(std::vector<Person>&, int)>& change, MeterRule rule = {}) {
  Meter meter(std::move(rule));
  for (int i = 0; i < count; ++i) {
    const Person original = somebody(1, 100, 50, seconds(i));
    std::vector<Person> deidentified{original};
    change(deidentified, i);
    meter.add(
        {seen(i * step, Stage::original, {original}), seen(i * step, Stage::deidentified, deidentified)});
  }
  return meter;
}

TEST(Meter, TheOriginalAgainstItselfIsOneEverywhere) {
  const Meter meter = metered(150, [](auto&, int) {});
  const Summary summary = meter.summary();
  EXPECT_EQ(summary.frames, 150U);
  EXPECT_EQ(summary.people, 150U);
  EXPECT_EQ(summary.scores.stats[0], 1.);
  EXPECT_EQ(summary.scores.ar95, 1.);
  EXPECT_EQ(summary.median, 1.);
  const json report = json::parse(meter.reports().json);
  for (const auto& [name, point] : report["keypoints"].items())
    EXPECT_EQ(point["min"], 1.) << name;
  EXPECT_EQ(report["scale"], "keypoint-box");
  EXPECT_EQ(report["counts"]["found"][9], 150);
  EXPECT_EQ(report["intervals"]["block_frames"], 30); // a second
  EXPECT_EQ(report["intervals"]["AP"], json({1., 1.}));
  EXPECT_EQ(report["streams"]["original"]["smoothing"], "none");
  const json& wrist = report["movement"]["tremor"]["right wrist"];
  EXPECT_NEAR(wrist["peak_frequency"]["original"].get<double>(), 5., .05) << wrist.dump(1);
  EXPECT_EQ(wrist["peak_frequency"]["difference"], 0.);
}

TEST(Meter, AMissingAndAnExtraPersonAreCounted) {
  const Meter meter = metered(20, [](std::vector<Person>& people, int frame) {
    if (frame < 4)
      people.clear();
    else if (frame < 10)
      people.push_back(somebody(7, 400, 200, 0));
  });
  EXPECT_EQ(meter.summary().missing_people, 4U);
  EXPECT_EQ(meter.summary().extra_people, 6U);
  EXPECT_NEAR(meter.summary().scores.stats[5], 16. / 20, 1e-12); // AR
}

TEST(Meter, AFrameThatOneStreamLacksIsScoredToo) {
  Meter meter;
  meter.add({seen(0, Stage::original, {somebody(1, 0, 0, 0)}), std::nullopt});
  meter.add({std::nullopt, seen(step, Stage::deidentified, {somebody(1, 0, 0, 0)})});
  const Summary summary = meter.summary();
  EXPECT_EQ(summary.only_original, 1U);
  EXPECT_EQ(summary.only_deidentified, 1U);
  EXPECT_EQ(summary.missing_people, 1U);
  EXPECT_EQ(summary.extra_people, 1U);
  EXPECT_EQ(summary.scores.stats[5], 0.);
}

TEST(Meter, NobodyAtAllIsNotAScore) {
  Meter meter;
  for (int i = 0; i < 3; ++i)
    meter.add({seen(i * step, Stage::original, {}), seen(i * step, Stage::deidentified, {})});
  EXPECT_EQ(meter.summary().scores.stats[0], -1.);
  const json report = json::parse(meter.reports().json);
  EXPECT_EQ(report["counts"]["frames_with_nobody"], 3);
  EXPECT_EQ(report["movement"]["why"], "no person was found in the original");
  EXPECT_EQ(json::parse(Meter().reports().json)["counts"]["frames"], 0);
}

TEST(Meter, ReportsAreAsTheSchemaSays) {
  DEID_NEEDS_JSONSCHEMA();
  MeterRule one;
  one.primary = primary_named("largest");
  Meter alone(one);
  alone.add({seen(0, Stage::original, {somebody(1, 0, 0, 0)}), std::nullopt});
  std::string lines;
  for (const std::string& text :
       {metered(60, [](auto&, int) {}).reports().json, Meter().reports().json, alone.reports().json})
    lines += json::parse(text).dump() + "\n";
  const deid::test::Scratch scratch;
  deid::test::write(scratch.path() / "reports.jsonl", lines);
  deid::test::expect_schema("report", scratch.path() / "reports.jsonl");
}

TEST(Meter, OnlyThePrimaryPersonIsScoredWhenAsked) {
  const auto with = [](const char* primary) {
    MeterRule rule;
    rule.primary = primary_named(primary);
    Meter meter(rule);
    for (int i = 0; i < 30; ++i) {
      Person patient = somebody(3, 100, 50, 0), visitor = somebody(9, 400, 200, 0);
      visitor.box.width = 10; // smaller
      Person moved = visitor;
      for (Keypoint& point : moved.points)
        point.x += 500;
      meter.add({seen(i * step, Stage::original, {visitor, patient}),
                 seen(i * step, Stage::deidentified, {patient, moved})});
    }
    return json::parse(meter.reports().json);
  };
  EXPECT_LT(with("all")["stats"][5].get<double>(), .6);
  EXPECT_EQ(with("largest")["stats"][5], 1.);
  EXPECT_EQ(with("largest")["primary"]["id"], 3);
  EXPECT_EQ(with("9")["stats"][5], 0.);
  for (const char* nobody : {"", "0", "-1", "3x", "patient"})
    EXPECT_THROW((void)primary_named(nobody), std::invalid_argument) << nobody;
}

TEST(Meter, APointThatIsAbsentAfterwardsCountsAsFarAway) {
  const Meter meter =
      metered(10, [](std::vector<Person>& people, int) { people[0].points[0].present = false; });
  const json report = json::parse(meter.reports().json);
  EXPECT_EQ(report["keypoints"]["nose"]["missing"], 10);
  EXPECT_NEAR(report["similarity"]["median"].get<double>(), 16. / 17, 1e-12);
}

} // namespace
} // namespace deid::oksmeter
