// The request pad `reference`: two streams in two threads.
#include "tests/elements/oksmeter/bench.hpp"
#include <atomic>
#include <thread>

namespace deid::test {
namespace {
using ::testing::HasSubstr;

const Shown own{.original = false};

/// Sends EOS into the element's own stream from another thread, because that may have to wait.
struct Ending {
  explicit Ending(MeterBench& bench)
      : thread([this, &bench] {
          bench.end();
          done = true;
        }) {}
  ~Ending() { join(); }
  void join() {
    if (thread.joinable())
      thread.join();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  std::atomic<bool> done = false;
  std::thread thread;
};

void expect_all_matched(const Said& said, std::uint64_t frames) {
  ASSERT_EQ(said.messages.size(), 1U) << said.sentence << said.cause;
  EXPECT_EQ(count(said.messages[0], "frames"), frames);
  EXPECT_EQ(count(said.messages[0], "only-original"), 0U);
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 0U);
  EXPECT_EQ(real(said.messages[0], "ap"), 1.);
}

TEST(OksMeterReference, WhicheverIsFirstFramesArePaired) {
  for (const int ahead : {0, 1, 15, -1, -15}) {
    MeterBench bench;
    Reference reference(bench.element);
    bench.caps("I420", 64, 48);
    for (int i = 0; i < 40; ++i) {
      const int late = i - std::abs(ahead);
      if (i < 25) {
        ASSERT_EQ(ahead >= 0 ? reference.push(i) : bench.push(frame_with(i, own)), GST_FLOW_OK);
      }
      if (late >= 0 && late < 25) {
        ASSERT_EQ(ahead >= 0 ? bench.push(frame_with(late, own)) : reference.push(late), GST_FLOW_OK);
      }
    }
    reference.end();
    bench.end();
    expect_all_matched(bench.heard(), 25);
  }
}

TEST(OksMeterReference, TwoThreadsAtOnce) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  std::thread other([&] {
    for (int i = 0; i < 200; ++i)
      EXPECT_EQ(reference.push(i), GST_FLOW_OK);
    reference.end();
  });
  std::thread looks([&] {
    for (int i = 0; i < 50; ++i)
      gst_structure_free(bench.stats());
  });
  for (int i = 0; i < 200; ++i)
    EXPECT_TRUE(bench.passes(i, own));
  bench.end();
  other.join();
  looks.join();
  expect_all_matched(bench.heard(), 200);
}

TEST(OksMeterReference, FramesWithoutPartnerAreCounted) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 20; ++i)
    if (i != 4 && i != 5) {
      ASSERT_EQ(reference.push(i), GST_FLOW_OK);
    }
  reference.end();
  for (int i = 3; i < 26; ++i)
    if (i != 10) {
      ASSERT_TRUE(bench.passes(i, own));
    }
  bench.end();
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "only-original"), 4U);     // 0, 1, 2, 10
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 8U); // 4, 5, 20..25
  EXPECT_EQ(count(said.messages[0], "frames"), 26U);
  EXPECT_EQ(count(said.messages[0], "missing-people"), 4U);
  EXPECT_EQ(count(said.messages[0], "extra-people"), 8U);
}

TEST(OksMeterReference, TheEndWaitsForTheReferencesEnd) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(bench.passes(i, own));
  Ending ending(bench);
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(reference.push(i), GST_FLOW_OK);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(ending.done); // its reference may still deliver an eleventh frame
  reference.end();
  ending.join();
  expect_all_matched(bench.heard(), 10);
}

TEST(OksMeterReference, StoppingWhileItWaitsDoesNotHang) {
  const Scratch scratch;
  MeterBench bench({{"location", scratch.path() / "report.json"}});
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(bench.passes(i, own));
  for (int i = 0; i < 6; ++i)
    ASSERT_EQ(reference.push(i), GST_FLOW_OK);
  Ending ending(bench);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  gst_element_set_state(bench.element, GST_STATE_NULL);
  ending.join();
  EXPECT_NE(reference.push(6), GST_FLOW_OK);
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "frames"), 6U);
  const auto report = json_of(scratch.path() / "report.json");
  EXPECT_EQ(report["counts"]["frames"], 6);
  EXPECT_EQ(report["streams"]["waiting_when_stopped"]["deidentified"], 4); // reported, but not scored
}

TEST(OksMeterReference, AFlushWhileItWaitsDoesNotHang) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  ASSERT_TRUE(bench.passes(0, own));
  Ending ending(bench);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_start());
  ending.join();
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(reference.push(i), GST_FLOW_OK);
    ASSERT_TRUE(bench.passes(i, own));
  }
  reference.end();
  bench.end();
  expect_all_matched(bench.heard(), 5);
}

TEST(OksMeterReference, AReferenceThatEndedStaysEndedWhenTheOwnStreamIsFlushed) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  ASSERT_EQ(reference.push(0), GST_FLOW_OK);
  reference.end();
  ASSERT_TRUE(bench.passes(0, own));
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  ASSERT_TRUE(bench.passes(0, own));
  bench.end(); // must not wait for ever
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 1U);
}

TEST(OksMeterReference, BothFlushedBothBeginAnew) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  ASSERT_EQ(reference.push(0), GST_FLOW_OK);
  ASSERT_TRUE(bench.passes(0, own));
  reference.end();
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(bench.harness.get(), gst_event_new_flush_stop(TRUE));
  gst_pad_push_event(reference.src, gst_event_new_flush_start());
  gst_pad_push_event(reference.src, gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(bench.harness.get(), gst_event_new_segment(&segment));
  gst_pad_push_event(reference.src, gst_event_new_segment(&segment));
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(bench.passes(i, own));
    ASSERT_EQ(reference.push(i), GST_FLOW_OK);
  }
  reference.end();
  bench.end();
  expect_all_matched(bench.heard(), 8);
}

TEST(OksMeterReference, ThereIsOneAndItCanBeGivenBack) {
  MeterBench bench;
  {
    Reference reference(bench.element);
    ASSERT_NE(reference.sink, nullptr);
    GstPadTemplate* second = gst_element_get_pad_template(bench.element, "reference");
    EXPECT_EQ(gst_element_request_pad(bench.element, second, nullptr, nullptr), nullptr);
    bench.caps("I420", 64, 48);
    ASSERT_TRUE(bench.passes(0, own));
    Ending ending(bench);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    reference.release(); // there is no reference to wait for
    ending.join();
  }
  const Said said = bench.heard();
  ASSERT_EQ(said.messages.size(), 1U);
  EXPECT_EQ(count(said.messages[0], "only-deidentified"), 1U);
  const Reference again(bench.element);
  EXPECT_NE(again.sink, nullptr);
}

TEST(OksMeterReference, WithoutKeypointsOrTimeItIsAnError) {
  for (const bool time : {true, false}) {
    MeterBench bench;
    Reference reference(bench.element);
    bench.caps("I420", 64, 48);
    GstBuffer* buffer = frame_with(0, {.original = !time, .deidentified = false});
    if (!time)
      GST_BUFFER_PTS(buffer) = GST_CLOCK_TIME_NONE;
    EXPECT_EQ(gst_pad_push(reference.src, buffer), GST_FLOW_ERROR);
    bench.end(); // does not wait: this run has no report
    const Said said = bench.heard();
    EXPECT_THAT(said.sentence,
                HasSubstr(time ? "A frame of the reference carries no keypoints" : "This frame has no time"));
    EXPECT_TRUE(said.messages.empty());
  }
}

TEST(OksMeterReference, AnotherSizeCannotBeCompared) {
  MeterBench bench;
  Reference reference(bench.element);
  bench.caps("I420", 64, 48);
  ASSERT_TRUE(bench.passes(0, own));
  EXPECT_EQ(reference.push(0, {.deidentified = false, .width = 32, .height = 24}), GST_FLOW_ERROR);
  EXPECT_EQ(bench.heard().sentence, "The two videos cannot be compared.");
}

} // namespace
} // namespace deid::test

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
