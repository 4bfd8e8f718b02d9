#pragma once
#include <cstdint>
#include <functional>

namespace deid::cli {

/// What a batch wants to know of the work on one file.
struct Hooks {
  /// Called several times a second in the thread of the run. total: frames of the file; 0: not known.
  std::function<void(std::uint64_t frames, std::uint64_t total)> progress{};
  /// Called once, when the results are complete and before they get their names. It throws Failure when they
  /// must not appear.
  std::function<void()> before_commit{};
};

} // namespace deid::cli
