#pragma once
#include "pipelines/deid/review/session.hpp"
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct AVFrame;

namespace deid::review::page {

/// Numbers by which a lane decides.
struct LaneLimits {
  int small_side = 720;   ///< long side of a small picture [px]: half of a window of 1440 px
  int small_quality = 75; ///< of its JPEG [1..100]
  int whole_quality = 92; ///< of a picture in full size [1..100]
  std::int64_t most =
      6'000'000'000; ///< small pictures that are kept [byte]: about four hours of 30 frames a second
  int near =
      120; ///< frames: as far ahead, decoding on is cheaper than going to a key frame. Set by reasoning
  int before = 8;    ///< frames before a wanted one that are kept, too: a person steps back
  int after = 24;    ///< the same after it: a person plays on
  int patience = 30; ///< longest time that a picture is waited for [s]
  int calm = 300;    ///< time after which nobody is expected to ask for the next one [ms]
};

/// One video as pictures of its frames. A thread decodes the whole film once, and keeps small pictures
/// (Store). A frame that is asked for before is decoded first. Thread: any.
class Lane {
public:
  /// Returns at once; the thread opens the file. folder: where the store's file without a name is made.
  Lane(std::filesystem::path file, std::filesystem::path folder, const LaneLimits& limits = {});
  ~Lane(); ///< stops the thread
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// The JPEG of a frame: see Pictures::picture.
  std::string picture(int frame, bool whole);
  /// {frames, ready}; frames is 0 until the file is open
  Json progress() const;
  /// Whether a frame that was not ready is waited for, or was until a moment ago.
  bool awaited() const;

private:
  struct Work;
  struct Wish {
    int frame = 0;
    bool whole = false;
    bool operator==(const Wish&) const = default;
  };
  void run();
  void work();
  void step();
  void serve(const Wish& wish);
  using Passed = std::pair<int, std::shared_ptr<const AVFrame>>; ///< a frame and its number
  void keep_passed(std::vector<Passed> passed);
  [[nodiscard]] bool alone() const;
  void serve_or_read_on(const Wish& wish);
  /// Empty: nobody asks for anything that can be reached. wait: until somebody does, or the lane stops.
  std::optional<Wish> next_wish(bool wait);
  /// Requires: mutex_ is held.
  [[nodiscard]] std::optional<std::string> ready_picture(int frame, bool whole) const;
  void keep_small(int frame, const cv::Mat& pixels);
  [[nodiscard]] bool lacks(int frame) const;
  [[nodiscard]] bool stopped() const;
  const std::filesystem::path file_, folder_;
  const LaneLimits limits_;
  mutable std::mutex mutex_{};
  std::condition_variable asked_{}, answered_{};
  std::deque<Wish> wishes_{};          ///< the last one is the most urgent
  std::map<int, std::string> whole_{}; ///< a few pictures in full size
  std::map<int, std::string> loose_{}; ///< small pictures that the disk did not take
  std::unique_ptr<Work> work_;         ///< the store is guarded by mutex_, the rest is the thread's
  std::string failure_{};              ///< why the lane gives no pictures; empty: it does
  bool stop_ = false;
  int waiting_ = 0;                                ///< requests that wait for a frame
  std::chrono::steady_clock::time_point waited_{}; ///< when the last of them had its frame
  std::thread thread_{};
};

} // namespace deid::review::page
