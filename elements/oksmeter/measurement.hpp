#pragma once
#include "elements/measures/keypoint_files/read.hpp"
#include "elements/oksmeter/meter.hpp"
#include "elements/oksmeter/options.hpp"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace deid::oksmeter {

/// There are no keypoints of the original: no second set on the buffer, no stream, no file.
class NoOriginal : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// One measurement from the first frame to the end; the element calls it. Threads: any; interrupt() ends a
/// wait. Masks are released at once.
class Measurement {
public:
  /// Reads the reference file, if there is one. Throws keypoint_files::FileError, std::invalid_argument.
  explicit Measurement(const MeterOptions& options);

  /// Returns true when a file gives the original's keypoints. Times of own frames are then PTS, else running
  /// times. The answer never changes.
  [[nodiscard]] bool by_file() const { return !reference_.empty(); }

  /// Sets whether a reference stream is connected; its frames come with original(). false settles all waiting
  /// frames.
  void expect_original(bool expected);
  /// Takes one frame of the element's own stream. own: keypoints of the current picture. inside: the
  /// original's keypoints on the same buffer, if any. Throws NoOriginal, and std::runtime_error when the two
  /// differ in size.
  void frame(coco::Seen own, std::optional<coco::Seen> inside);
  /// Throws std::runtime_error as frame() does.
  void original(coco::Seen seen);
  void original_ended();
  /// Waits until the original has ended, then settles all frames. Returns false when it was interrupted or
  /// when an error came before, because an incomplete measurement must not look complete.
  bool end();
  /// Ends a run that is stopped before EOS. Frames that wait for a partner are counted and not scored.
  /// Returns false when there is nothing to report, or after an error.
  bool break_off();
  /// Records that an error was posted; this run then writes no report.
  void fail();
  void interrupt(bool on);
  /// Forgets all frames, as after a seek. original: the reference stream was flushed and starts again. A
  /// stream that ended and was not flushed stays ended.
  void restart(bool original);

  [[nodiscard]] Summary summary() const;
  /// Writes the requested files, each whole or not at all. A later call does nothing and returns false,
  /// unless frames came in between. Throws std::runtime_error when a file cannot be written.
  bool write();

private:
  void add(coco::FramePair pair);
  void settle();
  [[nodiscard]] std::int64_t first_number(keypoint_files::Kind kind) const;
  coco::Seen next_of_file(std::int64_t untimed);
  void bring_reference_to(std::int64_t time);

  MeterOptions options_;
  MeterRule rule_;
  std::vector<keypoint_files::TimedPose> reference_{};
  std::int64_t first_number_ = 0; ///< number of the video's first frame in the reference
  bool reference_timed_ = false;
  mutable std::mutex mutex_; ///< guards all below
  std::condition_variable changed_;
  std::size_t next_reference_ = 0;
  std::unique_ptr<Meter> meter_;
  coco::Pairing pairing_{};
  bool expected_ = false, original_done_ = false, interrupted_ = false, written_ = false, failed_ = false;
  std::int64_t frames_ = 0;    ///< of the own stream
  std::int64_t last_time_ = 0; ///< of the own stream [ns]
};

} // namespace deid::oksmeter
