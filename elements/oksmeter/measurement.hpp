#pragma once
#include "elements/oksmeter/meter.hpp"
#include "elements/oksmeter/options.hpp"
#include "elements/posefile/read.hpp"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace deid::oks {

/// Nobody says what the original showed: no second set of keypoints, no stream, no file.
class NoOriginal : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What stands behind the element: one measurement from the first frame to the end. All of it may be called
/// from any thread; what it waits for, interrupt() ends. Masks are let go at once.
class Measurement {
public:
  /// Reads the reference, if there is one. Throws posefile::FileError, std::invalid_argument.
  explicit Measurement(const MeterOptions& options);

  /// Times of own frames are then those that stand in the file (PTS); else running times. Never changes.
  [[nodiscard]] bool by_file() const { return !reference_.empty(); }

  /// A reference stream is connected: frames of the original come with original(). Or no longer: what waits
  /// is settled.
  void expect_original(bool expected);
  /// One frame of the element's own stream. own: keypoints of the picture as it is; inside: those of the
  /// original that it carries, if any. Throws NoOriginal; std::runtime_error when the two are of different
  /// size.
  void frame(Seen own, std::optional<Seen> inside);
  /// Throws std::runtime_error as frame() does.
  void original(Seen seen);
  void original_ended();
  /// Waits until the original has ended as well, then settles everything. False when interrupted, or when
  /// something went wrong before: half a measurement must not look like a whole one.
  bool end();
  /// The run is stopped before its end: what still waits for its partner is counted and not scored. False
  /// when there is nothing to report, or something went wrong before.
  bool break_off();
  /// An error was posted: no report of this run.
  void fail();
  void interrupt(bool on);
  /// Forgets all frames: after a seek the measurement begins anew. original: the reference stream was flushed
  /// and comes again; a stream that ended and was not flushed stays ended.
  void restart(bool original);

  [[nodiscard]] Summary summary() const;
  /// Writes the files that were asked for, each whole or not at all. Once: later calls do nothing and return
  /// false unless frames came. Throws std::runtime_error when one cannot be written.
  bool write();

private:
  void add(Couple couple);
  void settle();
  [[nodiscard]] std::int64_t first_number(posefile::Kind kind) const;
  Seen next_of_file(std::int64_t untimed);
  void bring_reference_to(std::int64_t time);

  MeterOptions options_;
  MeterRule rule_;
  std::vector<posefile::TimedPose> reference_{};
  std::int64_t first_number_ = 0; ///< of the reference: the number of the video's first frame
  bool reference_timed_ = false;
  mutable std::mutex mutex_; ///< guards all below
  std::condition_variable changed_;
  std::size_t next_reference_ = 0;
  std::unique_ptr<Meter> meter_;
  Pairing pairing_{};
  bool expected_ = false, original_done_ = false, interrupted_ = false, written_ = false, failed_ = false;
  std::int64_t frames_ = 0;    ///< of the own stream
  std::int64_t last_time_ = 0; ///< of the own stream [ns]
};

} // namespace deid::oks
