// The cells of the report's tables, from small reports.
#include "pipelines/deid/evaluate/report/view.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace evaluate;

/// The texts of a row, with the notes in brackets.
std::string text_of(const Json& row) {
  std::string text;
  for (const Json& cell : row["cells"]) {
    text += (text.empty() ? "" : " | ") + cell["text"].get<std::string>();
    if (cell.contains("note"))
      text += " [" + cell["note"].get<std::string>() + "]";
  }
  return text;
}

TEST(AttacksTable, SaysWhoAttacksAndHowOftenRightly) {
  const Json report = Json::parse(R"({"attacks": {"swap": {
    "naive": {"gallery": 3, "faces": 10, "described": 8, "hits": 2, "rank1": 0.25, "by_people": [0.1, 0.4],
              "wilson": [0.05, 0.5], "chance": 0.333, "median_rank": 2, "true_accept": 0.125,
              "true_accept_by_people": [0, 0.25], "impostors": 2000},
    "parrot": {"gallery": 3, "faces": 10, "described": 8, "hits": 4, "rank1": 0.5, "by_people": null,
               "wilson": [0.2, 0.8], "chance": 0.333, "median_rank": 1.5, "true_accept": null,
               "true_accept_by_people": null, "impostors": 16},
    "blind": {"gallery": 3, "faces": 10, "described": 0, "hits": 0, "rank1": null, "by_people": null,
              "wilson": null, "chance": 0.333, "median_rank": null, "true_accept": null,
              "true_accept_by_people": null, "impostors": 0}}}})");
  const Json table = attacks_table(report);
  ASSERT_EQ(table["rows"].size(), 3U);
  const auto nbsp = std::string("\u00a0");
  EXPECT_EQ(text_of(table["rows"][0]), "swap | naive | 3 | 8 of 10 | 25.0" + nbsp +
                                           "% [2 of 8; other people 10.0" + nbsp + "% to 40.0" + nbsp +
                                           "%] | 33.3" + nbsp + "% | 2.0 | 12.5" + nbsp + "% [0.0" + nbsp +
                                           "% to 25.0" + nbsp + "%]");
  EXPECT_EQ(text_of(table["rows"][1]), "swap | parrot | 3 | 8 of 10 | 50.0" + nbsp +
                                           "% [4 of 8; frames 20.0" + nbsp + "% to 80.0" + nbsp +
                                           "%] | 33.3" + nbsp + "% | 1.5 | n/a [16 of 1000 pairs needed]");
  EXPECT_EQ(text_of(table["rows"][2]), "swap | blind | 3 | 0 of 10 [no face to describe] | n/a | 33.3" +
                                           nbsp + "% | n/a | n/a [0 of 1000 pairs needed]");
  EXPECT_EQ(table["rows"][0]["strong"], true);
  EXPECT_EQ(table["rows"][1]["strong"], false);
}

TEST(MovementTable, HasAColumnForEachMethodAndARowForEachMeasure) {
  const Json report = Json::parse(R"({"movement": {
    "swap": [
      {"group": "tremor", "part": "left wrist", "measure": "amplitude_ratio", "unit": "1",
       "original": {"mean": 123.4}, "deidentified": {"mean": 130},
       "agreement": {"n": 2, "bias": 0.5, "limits": [-1, 12.5], "icc": 0.987}},
      {"group": "lag", "part": "", "measure": "frames", "unit": "frames", "value": {"mean": 1}},
      {"group": "gait", "part": "", "measure": "step_time", "unit": "s",
       "original": {"mean": 0.5}, "deidentified": {"mean": 0.75},
       "agreement": {"n": 1, "bias": null, "limits": null, "icc": null}}],
    "reencoded": [
      {"group": "tremor", "part": "left wrist", "measure": "amplitude_ratio", "unit": "1",
       "original": {"mean": 5.6789}, "deidentified": {"mean": 5},
       "agreement": {"n": 3, "bias": 0.01, "limits": null, "icc": null}}]}})");
  const Json table = movement_table(report);
  std::string head;
  for (const Json& column : table["head"])
    head += column["text"].get<std::string>() + "|";
  EXPECT_EQ(head, "measure|videos|original, mean|swap|re-encoding alone|");
  ASSERT_EQ(table["rows"].size(), 2U); // a figure without agreement has no row
  EXPECT_EQ(text_of(table["rows"][0]),
            "tremor, left wrist: amplitude ratio | 3 | 5.68 | 0.500 [-1.00 to 12.5; ICC 0.99] | 0.010");
  EXPECT_EQ(text_of(table["rows"][1]), "gait: step time [s] | 1 | 0.500 | 0.250 | n/a");
}

} // namespace
} // namespace deid::test
