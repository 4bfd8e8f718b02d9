#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace deid::coco {

/// The content of one stream at one time.
struct Seen {
  std::int64_t time = 0; ///< [ns]
  PoseFrame pose{};
  std::vector<std::vector<cv::Point2f>> faces{}; ///< 468 points of the face mesh for each face [px]
};

/// The frames of both streams at one time. One of the two may be missing.
struct FramePair {
  std::optional<Seen> original{}, deidentified{};
  [[nodiscard]] std::int64_t time() const { return original ? original->time : deidentified->time; }
};

/// Pairs the frames of two streams by time. Two times are equal when they differ by at most half a frame
/// interval. A frame without a partner comes out alone; no frame is dropped. Not thread-safe.
class Pairing {
public:
  /// frame: frame interval [ns]. 0 means unknown: then the shortest interval seen is used. Times should rise
  /// within a stream; a frame that is not later than the previous one stays alone.
  explicit Pairing(std::int64_t frame = 0) : frame_(frame) {}

  void original(Seen seen);
  void deidentified(Seen seen);
  /// Marks the end of a stream. expect_original() reverts it.
  void end_original() { original_.ended = true; }
  void expect_original() { original_.ended = false; }
  void end_deidentified() { deidentified_.ended = true; }
  /// Returns the pairs that are final, in order of time. Other frames wait until the other stream has reached
  /// their time or has ended.
  std::vector<FramePair> take();
  [[nodiscard]] std::size_t waiting() const { return original_waiting() + deidentified_waiting(); }
  [[nodiscard]] std::size_t original_waiting() const { return original_.queue.size(); }
  [[nodiscard]] std::size_t deidentified_waiting() const { return deidentified_.queue.size(); }

private:
  struct Stream {
    std::deque<Seen> queue{};
    std::optional<std::int64_t> last{};
    bool ended = false;
  };
  void enter(Stream& stream, Seen seen);
  /// Fills a pair with the earliest frames when they are final. Requires: a frame waits.
  bool settle(FramePair& pair);
  /// The same when only one stream has a frame that waits.
  bool settle_alone(FramePair& pair);
  [[nodiscard]] std::int64_t tolerance() const { return (frame_ > 0 ? frame_ : shortest_) / 2; }
  /// True when the frame interval is needed to compare the times and is not known yet.
  [[nodiscard]] bool undecided(std::int64_t a, std::int64_t b) const {
    return a != b && frame_ <= 0 && shortest_ == 0 && !(original_.ended && deidentified_.ended);
  }

  std::int64_t frame_;
  std::int64_t shortest_ = 0; ///< shortest frame interval of either stream [ns]
  Stream original_{}, deidentified_{};
};

} // namespace deid::coco
