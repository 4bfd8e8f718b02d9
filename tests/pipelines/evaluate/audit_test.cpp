// The audit files that the covers write, whole and damaged.
#include "elements/audit/line.hpp"
#include "pipelines/deid/evaluate/report/audit.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace evaluate;

using deid::audit::Reason;

std::string face(const deid::audit::Outcome& outcome) {
  return deid::audit::to_json(deid::audit::Frame{.faces = {{.outcome = outcome}}})["faces"][0].dump();
}

std::string swap(const std::string& target) {
  return face({.treatment = Treatment::swapped, .target = target});
}

std::string frame(const std::string& faces, const std::string& more = "") {
  return R"({"pts":0,"faces":[)" + faces + "]" + more + "}\n";
}

const std::string header =
    R"({"audit":2,"element":"faceswap","version":"0.1.0","settings":{"shape":"box"},"detector":"d"})"
    "\n";

std::string refusal(const std::string& text) {
  try {
    parse_audit(text, "a.jsonl");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Audit, CountsWhatWasDone) {
  const std::string checked = face({.treatment = Treatment::swapped,
                                    .target = "nobody-3",
                                    .geometry = .25,
                                    .distance = .712,
                                    .rank = deid::audit::Rank{4, 22}}),
                    fading = face({.treatment = Treatment::swapped, .target = "nobody-1", .weight = .5}),
                    kept = face({.treatment = Treatment::swapped, .target = "nobody-3", .kept = true}),
                    turned = face({.treatment = Treatment::blurred, .reason = Reason::turned}),
                    refused = face({.treatment = Treatment::blurred,
                                    .reason = Reason::result_too_close,
                                    .distance = .4}),
                    outside = face({.reason = Reason::outside}),
                    filled = face({.treatment = Treatment::covered});
  const Audit audit = parse_audit(
      header + frame(checked + "," + fading) + frame(kept + "," + turned + "," + filled) +
          frame(refused + "," + outside) + frame("", R"(,"doubt":"no-stamp","done":"cover-frame")") +
          frame("", R"(,"doubt":"no-stamp","done":"drop")") + "{\"summary\":{\"frames\":5}}\n",
      "audit");
  EXPECT_EQ(audit.element, "faceswap");
  EXPECT_EQ(audit.settings, R"({"shape":"box"})");
  EXPECT_EQ(audit.frames, 5U);
  EXPECT_EQ(audit.frames_with_faces, 3U);
  EXPECT_EQ(audit.faces, 7U);
  EXPECT_EQ(audit.swapped, 2U);
  EXPECT_EQ(audit.fading, 1U);
  EXPECT_EQ(audit.blurred, 2U);
  EXPECT_EQ(audit.covered, 1U);
  EXPECT_EQ(audit.whole_frames, 1U);
  EXPECT_EQ(audit.dropped_frames, 1U);
  EXPECT_EQ(audit.reasons, (std::map<std::string, std::size_t>{
                               {"turned", 1}, {"result-too-close", 1}, {"outside-frame", 1}}));
  EXPECT_EQ(audit.doubts.at("no-stamp"), 2U);
  EXPECT_EQ(audit.targets, (std::map<std::string, std::size_t>{{"nobody-3", 2}, {"nobody-1", 1}}));
  Audit sum = audit;
  sum.add(audit);
  EXPECT_EQ(sum.faces, 14U);
  EXPECT_EQ(sum.targets.at("nobody-3"), 4U);
}

TEST(Audit, CountsTargetsWhateverTheirNames) {
  const std::string quoted = "a \"b\" -> c, (50 %)";
  const Audit audit = parse_audit(
      header + frame(swap("A (B)") + "," + swap("A")) + frame(swap("A (B)") + "," + swap(quoted)), "a");
  EXPECT_EQ(audit.swapped, 4U);
  EXPECT_EQ(audit.fading, 0U);
  EXPECT_TRUE(audit.reasons.empty());
  EXPECT_EQ(audit.targets, (std::map<std::string, std::size_t>{{"A (B)", 2}, {"A", 1}, {quoted, 1}}));
}

TEST(Audit, DamageIsRefused) {
  EXPECT_EQ(refusal(""), "a.jsonl is not whole: its last line does not end.");
  EXPECT_EQ(refusal(R"({"pts":0,"fac)"), "a.jsonl is not whole: its last line does not end.");
  EXPECT_EQ(refusal(header + "{\"pts\":0}\n"), "a.jsonl, line 2: The frame has no list of faces.");
  EXPECT_EQ(refusal(header + "{\"pts\"\n"), "a.jsonl, line 2: The line is no JSON object.");
  EXPECT_THROW(read_audit("/nowhere"), std::runtime_error);
}

TEST(Audit, AnOlderFormIsRefusedAndNotCounted) {
  const std::string old =
      frame(R"x({"id":1,"box":[0,0,1,1],"score":1,"origin":"held","done":"swap nobody-3 (kept)"})x");
  EXPECT_EQ(refusal(old), "a.jsonl, line 1: A face has no treatment, as in audits of an older form. Make the "
                          "audit again with this version.");
  EXPECT_NE(refusal("{\"audit\":1}\n" + old).find("line 1: The audit has form 1"), std::string::npos);
}

} // namespace
} // namespace deid::test
