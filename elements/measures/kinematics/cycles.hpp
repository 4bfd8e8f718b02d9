#pragma once
#include "elements/measures/kinematics/agreement.hpp"
#include "elements/measures/kinematics/series.hpp"
#include <utility>

namespace deid::kinematics {

/// One cycle: a movement up and down again.
struct Cycle {
  double t = 0;         ///< time of the peak [s], interpolated by a parabola
  std::size_t at = 0;   ///< index of the peak's reading
  std::size_t run = 0;  ///< index of the gap-free run that contains the cycle
  double amplitude = 0; ///< peak - lowest reading since the peak before
  double rise = 0;      ///< greatest speed on the way up [1/s]
  double fall = 0;      ///< greatest speed on the way down [1/s]
  bool partial = false; ///< the run began on the way up; the amplitude is the larger of both ways
};
/// Returns the cycles of one stream that go up and down by at least `swing` > 0. A peak at the start of a
/// run, or without a way down, does not count.
std::vector<Cycle> cycles(const Readings& readings, double Reading::*stream, double swing, double max_gap);

/// The events that two streams have in common.
struct Matches {
  std::vector<std::pair<std::size_t, std::size_t>> pairs{}; ///< original, de-identified; each at most once
  std::size_t missed = 0, extra = 0;
  Value f1{};      ///< 2 both / (events of the original + events of the other)
  Value mae_ms{};  ///< of the times
  Value bias_ms{}; ///< de-identified - original
};
/// Matches event times [s]. The closest pair is matched first; a pair is at most `tolerance` s apart.
Matches match(const std::vector<double>& original, const std::vector<double>& deidentified, double tolerance);

/// A tapping movement in both streams. Amplitudes are in `unit`, speeds in `unit` per second.
struct Tapping {
  std::string part{}; ///< "left thumb-index", "left toe", "left knee"
  std::string unit{}; ///< "palm lengths" …: median length in the original
  std::size_t n = 0;  ///< frames with all points in both streams
  std::string why{};  ///< reason why all other fields are empty; else empty
  Pair count{};       ///< taps
  Pair rate{};        ///< taps a second
  Pair amplitude{}, amplitude_sd{};
  Pair opening_speed{}, closing_speed{}; ///< mean of the taps' greatest speeds
  Pair rms_velocity{};
  Pair cycle{};           ///< s from peak to peak, mean
  Pair cycle_cv{};        ///< SD (n - 1) / mean
  Pair decay{};           ///< slope of the amplitude over the taps [unit per tap]
  Pair late_early{};      ///< mean amplitude of the last third over that of the first
  Pair pauses{};          ///< cycles longer than Settings::pause median cycles
  Matches events{};       ///< within a third of the original's median cycle
  Agreement amplitudes{}; ///< of the matched taps
};
/// Thumb tip to index tip, toe above heel, knee above hip (up is positive), left and right.
std::vector<Tapping> tappings(const CleanSeries& series, const Settings& settings);
/// One movement. readings are in `unit`.
Tapping tapping(std::string part, std::string unit, const Readings& readings, const Settings& settings);

/// Mean, and standard deviation (n - 1) over mean, of durations; n/a with `why` when there are too few.
Value mean_of(const std::vector<double>& values, const std::string& why);
Value cv_of(const std::vector<double>& values, const std::string& why);

} // namespace deid::kinematics
