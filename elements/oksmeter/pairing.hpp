#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace deid::oks {

/// What one stream shows at one moment.
struct Seen {
  std::int64_t time = 0; ///< [ns]
  PoseFrame pose{};
  std::vector<std::vector<cv::Point2f>> faces{}; ///< 468 points of the face mesh each [px]
};

/// One moment of both streams; one of them may lack it.
struct Couple {
  std::optional<Seen> original{}, deidentified{};
  [[nodiscard]] std::int64_t time() const { return original ? original->time : deidentified->time; }
};

/// Joins the frames of two streams by time, whichever comes first: equal within half the time between
/// frames. Who has no partner comes out alone; nobody is passed over. Not thread-safe.
class Pairing {
public:
  /// Times must rise within a stream: a frame that is not later than the one before it is alone. `frame`:
  /// time between frames [ns], 0 when not known: then the shortest one seen counts.
  explicit Pairing(std::int64_t frame = 0) : frame_(frame) {}

  void original(Seen seen);
  void deidentified(Seen seen);
  /// No more frames of a stream will come; after expect_original() they may again.
  void end_original() { original_.ended = true; }
  void expect_original() { original_.ended = false; }
  void end_deidentified() { deidentified_.ended = true; }
  /// What is settled, in the order of time. The rest waits until the other stream is as far, or ended.
  std::vector<Couple> take();
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
  [[nodiscard]] std::int64_t tolerance() const { return (frame_ > 0 ? frame_ : shortest_) / 2; }
  /// Two first frames a little apart: are they one moment? Only the time between frames tells.
  [[nodiscard]] bool undecided(std::int64_t a, std::int64_t b) const {
    return a != b && frame_ <= 0 && shortest_ == 0 && !(original_.ended && deidentified_.ended);
  }

  std::int64_t frame_;
  std::int64_t shortest_ = 0; ///< between frames of either stream
  Stream original_{}, deidentified_{};
};

} // namespace deid::oks
