#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace deid::cli {

/// One progress line on stderr: a bar on a terminal, elsewhere a plain line every few seconds.
class Progress {
public:
  Progress(std::string label, bool quiet);
  ~Progress();
  /// position and total in ns; total 0: unknown. frames: finished so far.
  void update(std::uint64_t frames, std::int64_t position, std::int64_t total);
  /// Removes the bar.
  void clear();

private:
  std::string label_;
  bool quiet_, terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_plain_;
};

/// "12 s", "3 min 05 s", "1 h 02 min"
std::string human_time(double seconds);

/// The text of one line, e.g. "visit.mp4  [#####.....]  50 %  36.0 fps  12 s left".
std::string progress_line(const std::string& label, std::uint64_t frames, double seconds, double share,
                          bool bar);

} // namespace deid::cli
