#pragma once
#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/kinematics/value.hpp"

namespace deid::kinematics {

/// The verdict on a tremor. The limits are a proposal (Settings) without a published source.
enum class Verdict : std::uint8_t {
  none,      ///< neither stream has a rhythm
  preserved, ///< frequency, amplitude and coherence within the limits
  changed,   ///< one of them is outside its limit, or the rhythm is gone
  added,     ///< the de-identified stream has a rhythm that the original lacks
  unknown,   ///< not measured
};
const char* to_string(Verdict verdict);

/// Tremor of one limb: the motion of a point relative to the next joint, along the main axis of both streams'
/// movement in the band, 2 to 10 Hz. Amplitudes hold for a sinusoid. Resampling at the frames' times, filter
/// and windows reduce its amplitude; the reduction is measured with a sinusoid of amplitude 1 and
/// compensated.
struct Tremor {
  std::string part{};      ///< "left wrist", "left index tip"
  std::size_t n = 0;       ///< frames with both points in both streams
  Value seconds{};         ///< behind the spectra
  Value rate{};            ///< Hz, of the even grid: 1 / median time between frames
  std::size_t windows = 0; ///< half overlapping
  Pair frequency{};        ///< Hz, of the strongest line
  Pair amplitude{};        ///< px, sqrt(2 integral S) within 1 Hz of the frequency
  Pair amplitude_torso{};  ///< median torso lengths of the original
  Pair prominence{};       ///< strongest line over the median of the band
  Value frequency_error{}; ///< Hz, absolute
  Value amplitude_ratio{}; ///< de-identified over original
  /// Magnitude-squared coherence, mean within 1 Hz of the original's frequency, weighted by the original's
  /// power, because lines beside a pure tone hold only noise, which the streams do not share.
  Value coherence{};
  Value coherence_mean{};   ///< the same unweighted
  Value coherence_needed{}; ///< above it the coherence is significant: 1 - alpha^(1 / (windows - 1))
  Verdict verdict = Verdict::unknown;
  std::string verdict_why{};
};

/// Both wrists against their elbows, both index tips against their wrists (n/a without hands).
std::vector<Tremor> tremors(const CleanSeries& series, const Settings& settings);
/// One limb. track: the point relative to the joint. torso: [px], 0 when unknown.
Tremor tremor(std::string part, const Track& track, double torso, const Settings& settings);

} // namespace deid::kinematics
