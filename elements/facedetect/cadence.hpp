#pragma once
#include <algorithm>
#include <cstdint>

namespace deid::facedetect {

/// The unit in which the tracker's periods are counted: one frame at thirty frames a second, in ns.
constexpr std::int64_t beat = 33'333'333;
/// ns from which two frames are apart: nobody can be followed from one into the other, so the later one is
/// searched as if it were the first. Longer than a frame of ten a second, shorter than one of eight.
constexpr std::int64_t apart_from = 115'000'000;

/// How far a frame is from the frame before it.
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
