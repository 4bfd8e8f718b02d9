// The engine fails in the middle of a stream.
#include "models/session/session.hpp"
#include "tests/faults/inference.hpp"
#include "tests/faults/truth.hpp"
#include <algorithm>
#include <atomic>
#include <gtest/gtest.h>
#include <limits>
#include <new>
#include <stdexcept>

namespace deid::test {
namespace {

constexpr int count = 10, healthy = 4;

/// Pushes `count` frames. From the first inference after frame `healthy` on, `act` replaces the engine.
Leak play(const std::string& fault, int lookahead, const std::string& cover, const InferenceFault::Act& act,
          const std::string& domain) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  std::atomic<int> frame{0};
  const InferenceFault wrapped([&](models::Session& session, const std::function<void()>& run) {
    if (frame < healthy)
      run();
    else
      act(session, run);
  });
  Line line("deidfacedetect name=find lookahead=" + std::to_string(lookahead) + " ! " + cover +
            " name=cover");
  line.at("find", "sink", [&frame, seen = 0](GstBuffer*&) mutable { frame = seen++; });
  EXPECT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_TRUE(line.error().starts_with(domain)) << line.story();
  EXPECT_EQ(line.left().size(), static_cast<std::size_t>(std::max(0, healthy - lookahead)));
  return report(fault + ", lookahead " + std::to_string(lookahead), line, truth);
}

class Inference : public ::testing::TestWithParam<int> {};

TEST_P(Inference, TheEngineThrows) {
  play(
      "inference fails at frame 4", GetParam(), "deidfacemask",
      [](models::Session&, const auto&) {
        throw models::ModelError(models::ModelError::Kind::engine, "injected");
      },
      "gst-library-error");
}

TEST_P(Inference, AnUnknownException) {
  play(
      "inference throws something that is no std::exception", GetParam(), "deidfacemask",
      [](models::Session&, const auto&) { throw 42; }, "gst-stream-error");
}

TEST_P(Inference, OutOfMemory) {
  play(
      "out of memory in inference", GetParam(), "deidfacemask",
      [](models::Session&, const auto&) { throw std::bad_alloc(); }, "gst-resource-error");
}

TEST_P(Inference, OutputsThatAreNoNumbers) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    play(
        std::string("the networks answer ") + (value != value ? "NaN" : "infinity"), GetParam(),
        "deidfacemask",
        [value](models::Session& session, const auto& run) {
          run();
          for (std::size_t i = 0; i < session.output_count(); ++i) {
            const auto values = session.output(i);
            std::fill_n(const_cast<float*>(values.data()), values.size(), value);
          }
        },
        "gst-library-error");
}

INSTANTIATE_TEST_SUITE_P(Lookahead, Inference, ::testing::Values(0, 3));

TEST(Inference, FailsAtTheVeryFirstFrame) {
  const auto frames = footage(2);
  const InferenceFault wrapped([](models::Session&, const auto&) { throw std::runtime_error("injected"); });
  Line line("deidfacedetect lookahead=0 ! deidfacemask name=cover");
  if (line.start()) {
    line.push(frame_of(frames[0], "I420", 0));
    line.push(frame_of(frames[1], "I420", time_of(1)));
    line.finish();
  }
  EXPECT_FALSE(line.error().empty());
  EXPECT_TRUE(line.left().empty());
  report("inference fails at the first frame", line, {});
}

TEST(Inference, FailsOnceAndWouldWorkAgain) {
  const auto frames = footage(count);
  const Truth truth = truth_of(frames);
  std::atomic<int> calls{0};
  const InferenceFault wrapped([&calls](models::Session&, const auto& run) {
    if (++calls == 8)
      throw std::runtime_error("injected");
    run();
  });
  Line line("deidfacedetect lookahead=2 ! deidfacemask name=cover");
  ASSERT_TRUE(line.start()) << line.error();
  for (int i = 0; i < count; ++i)
    line.push(frame_of(frames[static_cast<std::size_t>(i)], "I420", time_of(i)));
  line.finish();
  EXPECT_FALSE(line.error().empty());
  EXPECT_LT(line.left().size(), static_cast<std::size_t>(count));
  report("inference fails once", line, truth);
}

} // namespace
} // namespace deid::test
