#pragma once
#include <array>
#include <cstdint>

namespace deid::faceswap {

/// What a live swap gives up when frames come faster than it can draw them, in this order. Each level
/// includes the levels before it. No level gives up detection, the cover, or the check of results.
enum class Economy : std::uint8_t {
  none,       ///< nothing is given up
  correction, ///< the landmarker no longer corrects the drawing
  hands,      ///< no hands are searched for: the swap may be drawn over a hand
  sharpness,  ///< the swap no longer follows the sharpness and the shading of the picture
  swap,       ///< faces are blurred, not swapped
};
constexpr std::size_t economy_count = 5;
/// Returns the word that stats and the bus use.
const char* to_string(Economy economy);

/// Decides what is given up, from the time that frames take. A level that proved too dear is tried again
/// later and later, so that the picture does not change to and fro. Not thread-safe.
class Budget {
public:
  /// Takes the time of the last frame and returns the level for the next one. spent: time that the swap of
  /// one frame took; period: time from one frame to the next. Both ns. A period of 0 or less is not known;
  /// then the level stays.
  Economy frame(std::int64_t spent, std::int64_t period);
  [[nodiscard]] Economy level() const { return level_; }
  /// Frames since the start at each level.
  [[nodiscard]] const std::array<std::uint64_t, economy_count>& frames() const { return frames_; }
  /// Forgets the load, for a new stream. The level is `none` again; frames() stays.
  void reset();

private:
  void give_up();
  void take_back();

  Economy level_ = Economy::none;
  double load_ = 0;           ///< smoothed share of the period that a frame takes
  std::int64_t at_level_ = 0; ///< ns of the stream since the level changed
  int frames_at_level_ = 0;
  std::int64_t patience_ = 0; ///< ns at this level before the level below is tried again
  bool trying_ = false;       ///< the level below a level that was needed is being tried
  std::array<std::uint64_t, economy_count> frames_{};
};

} // namespace deid::faceswap
