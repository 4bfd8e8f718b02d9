#pragma once
#include "elements/oksmeter/meter.hpp"
#include "elements/oksmeter/options.hpp"
#include "elements/posefile/read.hpp"
#include <condition_variable>
#include <memory>
#include <mutex>

namespace deid::oks {

/// What stands behind the element: one measurement from the first frame to the end. All of it may be called
/// from any thread; what it waits for, interrupt() ends.
class Measurement {
public:
  /// Reads the reference, if there is one. Throws posefile::FileError, std::invalid_argument.
  explicit Measurement(const MeterOptions& options);

  /// A reference stream is connected: frames of the original come with original().
  void expect_original(bool expected);
  /// One frame of the element's own stream. own: keypoints of the picture as it is; inside: those of the
  /// original that it carries, if any. Throws std::runtime_error when nobody says what the original showed.
  void frame(Seen own, std::optional<Seen> inside);
  void original(Seen seen);
  void original_ended();
  /// Waits until the original has ended as well, then settles everything. False when interrupted.
  bool end();
  void interrupt(bool on);
  /// Forgets all frames: after a seek the measurement begins anew.
  void restart();

  [[nodiscard]] Summary summary() const;
  /// Writes the files that were asked for, each whole or not at all. Once: later calls do nothing unless
  /// frames came. Throws std::runtime_error when one cannot be written.
  void write();

private:
  void settle();
  Seen next_of_file(std::int64_t untimed);
  void bring_reference_to(std::int64_t time);

  MeterOptions options_;
  MeterRule rule_;
  std::vector<posefile::TimedPose> reference_{};
  std::size_t next_reference_ = 0;
  bool reference_timed_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Meter> meter_;
  Pairing pairing_{};
  bool expected_ = false, original_done_ = false, interrupted_ = false, written_ = false;
  std::int64_t frames_ = 0; ///< of the own stream
};

} // namespace deid::oks
