#pragma once
#include <chrono>
#include <cstdint>

namespace deid::models {

/// Calls and time of one network.
struct Spent {
  std::uint64_t calls = 0, nanoseconds = 0;
};

/// Counts one call and adds the time of its own life.
class Stopwatch {
public:
  explicit Stopwatch(Spent& spent) : spent_(spent) { ++spent_.calls; }
  ~Stopwatch() { spent_.nanoseconds += static_cast<std::uint64_t>((clock::now() - start_).count()); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

private:
  using clock = std::chrono::steady_clock;
  Spent& spent_;
  clock::time_point start_ = clock::now();
};

} // namespace deid::models
