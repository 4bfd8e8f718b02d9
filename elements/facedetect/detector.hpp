#pragma once
#include "elements/facedetect/frame_queue.hpp"
#include "elements/facedetect/network_finder.hpp"
#include "elements/facedetect/tracker.hpp"
#include "elements/meta/face_meta.hpp"
#include "models/session/device.hpp"
#include <mutex>
#include <optional>

namespace deid::facedetect {

/// Settings from the element's properties. A copyable value; the element copies it once a frame.
struct Options {
  Settings tracking{};
  int lookahead = -1; ///< frames; -1: as many as live_delay holds when live, default_lookahead otherwise
  models::Precision precision = models::Precision::f32; ///< bf16 costs faces: deid-bf16 in bench/leaks
  int threads = 1;
  std::string device = models::processor_device;
  NetworkFiles files{};
};

constexpr int default_lookahead = 30;
/// ns that a live frame waits for later detections, with lookahead=-1: a tenth of a second, and a
/// millisecond, so that 29.97 frames a second wait for as many frames as 30.
constexpr std::int64_t live_delay = 101'000'000;
/// Most bytes of waiting frames; larger frames get a shorter lookahead.
constexpr std::size_t waiting_bytes = 768U << 20U;

/// A frame that may leave; its faces are complete.
struct Detected {
  Ref<GstBuffer> buffer;
  FaceFrame faces;
};

/// The networks, the tracker and the queue of waiting frames behind the element. Streaming thread only,
/// except snapshot(). After an exception no frame leaves until start() and set_format().
class Detector {
public:
  /// Loads the networks. Requires: set_format() follows before the first push(). Throws models::ModelError.
  void start(const Options& options);
  void stop();
  /// Takes a new format. Requires: the queue was drained; waiting frames are dropped. live: whether the
  /// source is live, for the automatic lookahead. Throws models::ModelError.
  void set_format(const GstVideoInfo& info, const Options& options, bool live);
  /// Detects faces in a frame; then pop() returns the frames that may leave. Throws ElementError when the
  /// buffer cannot be mapped or after an earlier exception, and models::ModelError.
  void push(Ref<GstBuffer> buffer, const Options& options);
  /// Call it when no more frames follow: completes the waiting frames (Tracker::finish()). pop(true) then
  /// returns them. Throws models::ModelError.
  void finish();
  /// Returns the oldest frame once `lookahead` newer frames wait or its live delay is over, or in any case
  /// when `all`. Returns nothing when no frame may leave.
  std::optional<Detected> pop(bool all);
  /// Whether a waiting frame would still wait if frames had arrived until `time` (ns).
  [[nodiscard]] bool waits_beyond(GstClockTime time) const;
  /// Drops the waiting frames and all tracks (flush).
  void clear();
  /// Delay of the output, frames.
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
  std::optional<std::int64_t> waits_at_most_{}; ///< ns; limits the delay of a slow camera
  Pace pace_ = Pace::live;
  bool broken_ = true;
  std::int64_t last_time_ = 0;
  mutable std::mutex mutex_;
  Snapshot snapshot_{};
};

} // namespace deid::facedetect
