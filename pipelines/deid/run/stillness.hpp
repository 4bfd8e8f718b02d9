#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace deid::cli {

/// For how long nothing moved while this process could work. A process that was stopped (SIGSTOP, a job that
/// Slurm suspends) is not asked meanwhile: of a long pause between two questions one second counts.
class Stillness {
public:
  using Clock = std::chrono::steady_clock;
  /// Asked a few times a second. moves: a count that changes when something moves.
  Clock::duration since(Clock::time_point now, std::uint64_t moves) {
    const Clock::duration pause = asked_ == Clock::time_point{} ? Clock::duration{} : now - asked_;
    still_ = moves == moves_ ? still_ + std::min<Clock::duration>(pause, std::chrono::seconds(1))
                             : Clock::duration{};
    asked_ = now;
    moves_ = moves;
    return still_;
  }

private:
  Clock::time_point asked_{};
  Clock::duration still_{};
  std::uint64_t moves_ = 0;
};

} // namespace deid::cli
