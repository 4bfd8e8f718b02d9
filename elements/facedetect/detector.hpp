#pragma once
#include "elements/facedetect/frame_queue.hpp"
#include "elements/facedetect/network_finder.hpp"
#include "elements/meta/face_meta.hpp"
#include <mutex>
#include <optional>

namespace deid::facedetect {

/// What the element's properties say. A copyable value; snapshotted once a frame.
struct Options {
  Settings tracking{};
  int lookahead = -1; ///< frames; -1: as many as live_delay holds when live, default_lookahead otherwise
  models::Precision precision = models::Precision::bf16;
  int threads = 1;
  NetworkFiles files{};
};

constexpr int default_lookahead = 30;
/// ns that a live frame waits for what is found after it, when nobody says how long.
constexpr std::int64_t live_delay = 100'000'000;
/// Frames that wait may take this much memory; larger frames get a shorter lookahead.
constexpr std::size_t waiting_bytes = 768U << 20U;

/// One frame that may leave: its faces are complete.
struct Detected {
  Ref<GstBuffer> buffer;
  FaceFrame faces;
};

/// What stands behind the element: networks, tracker and the queue of waiting frames. Streaming thread only,
/// except counts(). After an exception it is broken: nothing more leaves until start().
class Detector {
public:
  /// Loads the networks; throws models::ModelError.
  void start(const Options& options);
  void stop();
  /// A new format; the queue must have been drained. live: decides the automatic lookahead.
  void set_format(const GstVideoInfo& info, const Options& options, bool live);
  /// Detects in a frame. Afterwards pop() gives what may leave.
  void push(Ref<GstBuffer> buffer, const Options& options);
  /// No more frames come for now: what waits is completed and may leave.
  void finish();
  /// The oldest frame once `lookahead` newer ones are there, or any frame when `all`.
  std::optional<Detected> pop(bool all);
  /// Whether frames wait that would still wait if frames instead of nothing had come up to `time` (ns).
  [[nodiscard]] bool waits_beyond(GstClockTime time) const;
  /// Forgets waiting frames and faces (flush).
  void clear();
  /// Frames by which output lags behind input.
  [[nodiscard]] int lookahead() const { return lookahead_; }

  struct Snapshot {
    Counts counts{};
    NetworkFinder::Cost cost{};
  };
  /// Any thread.
  [[nodiscard]] Snapshot snapshot() const;

private:
  [[nodiscard]] std::int64_t time_of(GstBuffer* buffer);
  void publish();
  /// Whether the oldest frame waits for more frames. Requires: a frame in the queue.
  [[nodiscard]] bool must_wait();

  std::optional<NetworkFinder> finder_;
  std::optional<Tracker> tracker_;
  FrameQueue queue_;
  GstVideoInfo info_{};
  int lookahead_ = 0;
  std::optional<std::int64_t> waits_at_most_{}; ///< ns; a slow camera is not delayed by whole frames
  Pace pace_ = Pace::live;
  bool broken_ = true;
  std::int64_t last_time_ = 0;
  mutable std::mutex mutex_;
  Snapshot snapshot_{};
};

} // namespace deid::facedetect
