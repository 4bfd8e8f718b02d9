#pragma once
#include <algorithm>
#include <cstdint>

namespace deid::facedetect {

/// The unit of the tracker's periods: one frame at 30 frames per second, ns.
constexpr std::int64_t beat = 33'333'333;
/// Least time between frames apart, ns: no face is followed from one into the other, and the later one is
/// searched as if it were a scene's first. Longer than a frame at 10 frames per second, shorter than a frame
/// at 8.
constexpr std::int64_t apart_from = 115'000'000;

/// The time from the previous frame to this one.
struct Step {
  int beats = 1;      ///< [1..]
  bool apart = false; ///< see apart_from
};

/// Requires: now and before in ns. A time that does not rise counts as one beat.
constexpr Step step_between(std::int64_t before, std::int64_t now) {
  constexpr std::int64_t most = 1'000'000; // beats; nine hours
  const std::int64_t passed = std::max<std::int64_t>(0, now - before);
  const std::int64_t beats = std::clamp<std::int64_t>((passed + beat / 2) / beat, 1, most);
  return {static_cast<int>(beats), passed >= apart_from};
}

} // namespace deid::facedetect
