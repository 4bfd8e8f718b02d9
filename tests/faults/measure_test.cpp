// Tests the measurement itself: without any cover, and without any fault.
#include "tests/faults/truth.hpp"
#include <gtest/gtest.h>

namespace deid::test {
namespace {

TEST(Measure, SeesAnUncoveredFace) {
  const auto frames = footage(6);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=0");
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < 6; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  const Leak uncovered = leak(truth, line.left());
  EXPECT_GT(uncovered.face, 6 * 5000);
  EXPECT_EQ(uncovered.original, uncovered.face);
}

TEST(Measure, SeesNoneInAHealthyPipeline) {
  const auto frames = footage(6);
  const Truth truth = truth_of(frames);
  Line line("deidfacedetect lookahead=2 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < 6; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  report("none", line, truth);
  EXPECT_EQ(line.left().size(), 6U);
  EXPECT_EQ(line.story(), "6 faces covered");
}

} // namespace
} // namespace deid::test
