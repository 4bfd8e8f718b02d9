// The audit files that the covers write, whole and damaged.
#include "pipelines/deid/evaluate/report/audit.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace evaluate;

TEST(Audit, CountsWhatWasDone) {
  const Audit audit = parse_audit(
      R"x({"audit":1,"element":"faceswap","version":"0.1.0","settings":{"shape":"box"},"detector":"d"}
{"pts":0,"faces":[{"id":1,"done":"swap nobody-3, geometry 0.25, distance 0.712, rank 4 of 23"},{"id":2,"done":"swap nobody-1 (50 % over average)"}]}
{"pts":1,"faces":[{"id":1,"done":"swap nobody-3 (kept)"},{"id":2,"done":"average (turned)"},{"id":3,"done":"fill box"}]}
{"pts":2,"faces":[],"doubt":"no-stamp","done":"cover-frame"}
{"pts":3,"faces":[],"doubt":"no-stamp","done":"drop"}
{"summary":{"frames":4}}
)x",
      "audit");
  EXPECT_EQ(audit.element, "faceswap");
  EXPECT_EQ(audit.frames, 4U);
  EXPECT_EQ(audit.frames_with_faces, 2U);
  EXPECT_EQ(audit.faces, 5U);
  EXPECT_EQ(audit.swapped, 2U);
  EXPECT_EQ(audit.fading, 1U);
  EXPECT_EQ(audit.blurred, 1U);
  EXPECT_EQ(audit.covered, 1U);
  EXPECT_EQ(audit.whole_frames, 1U);
  EXPECT_EQ(audit.dropped_frames, 1U);
  EXPECT_EQ(audit.reasons.at("turned"), 1U);
  EXPECT_EQ(audit.doubts.at("no-stamp"), 2U);
  EXPECT_EQ(audit.targets.at("nobody-3"), 2U);
  EXPECT_EQ(audit.targets.at("nobody-1"), 1U);
  Audit sum = audit;
  sum.add(audit);
  EXPECT_EQ(sum.faces, 10U);
  EXPECT_EQ(sum.targets.at("nobody-3"), 4U);
}

TEST(Audit, DamageIsRefused) {
  EXPECT_THROW(parse_audit("", "a"), std::runtime_error);
  EXPECT_THROW(parse_audit(R"({"pts":0,"fac)", "a"), std::runtime_error);
  EXPECT_THROW(parse_audit("{\"pts\":0}\n", "a"), std::runtime_error);
  EXPECT_THROW(read_audit("/nowhere"), std::runtime_error);
}

} // namespace
} // namespace deid::test
