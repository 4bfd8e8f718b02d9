#include "elements/measures/kinematics/tremor.hpp"
#include "elements/measures/kinematics/signal.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace deid::kinematics {
namespace {

using cv::Point2d;
constexpr double around = 1;      // Hz on both sides of the frequency that belong to it
constexpr double least = 1e-6;    // px; smaller amplitudes are rounding
constexpr double max_rate = 1000; // Hz; faster clocks are broken ones

/// Times and places of one run without gaps, on which spectra can be made.
struct Piece {
  std::vector<double> t{};
  std::array<std::vector<double>, 2> original{}, deidentified{}; // x, y
};

/// The way from frames to spectra: everything that depends on the rate.
struct Chain {
  double rate;
  std::size_t window;  ///< samples
  std::size_t padding; ///< samples, in which the start of a drift rings out
  BandPass band;
};

std::vector<Piece> pieces(const Track& track, const Chain& chain, const Settings& settings) {
  std::vector<double> times;
  times.reserve(track.size());
  for (const Sample& sample : track)
    times.push_back(sample.t);
  std::vector<Piece> found;
  for (const auto& [first, last] : runs(times, settings.max_gap)) {
    if ((times[last - 1] - times[first]) * chain.rate + 1 < static_cast<double>(chain.window))
      continue;
    Piece piece;
    for (std::size_t i = first; i < last; ++i) {
      piece.t.push_back(times[i]);
      piece.original[0].push_back(track[i].original.x);
      piece.original[1].push_back(track[i].original.y);
      piece.deidentified[0].push_back(track[i].deidentified.x);
      piece.deidentified[1].push_back(track[i].deidentified.y);
    }
    found.push_back(std::move(piece));
  }
  return found;
}

std::vector<double> filtered(const Chain& chain, const std::vector<double>& t, const std::vector<double>& x) {
  const auto even = resample(t, x, chain.rate);
  return chain.band(even, std::min(chain.padding, even.size() - 1));
}

/// The pieces, resampled and filtered.
std::vector<Piece> through(const Chain& chain, const std::vector<Piece>& raw) {
  std::vector<Piece> out;
  for (const Piece& piece : raw) {
    Piece made;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      made.original[axis] = filtered(chain, piece.t, piece.original[axis]);
      made.deidentified[axis] = filtered(chain, piece.t, piece.deidentified[axis]);
    }
    out.push_back(std::move(made));
  }
  return out;
}

/// Returns the main axis of both streams' movement together: it is common to both, and also shows a tremor
/// that only one of them has.
Point2d main_axis(const std::vector<Piece>& filtered_pieces) {
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (const Piece& piece : filtered_pieces)
    for (const auto* stream : {&piece.original, &piece.deidentified})
      for (std::size_t i = 0; i < (*stream)[0].size(); ++i) {
        const double x = (*stream)[0][i];
        const double y = (*stream)[1][i];
        xx += x * x;
        yy += y * y;
        xy += x * y;
      }
  const double turn = .5 * std::atan2(2 * xy, xx - yy);
  return {std::cos(turn), std::sin(turn)};
}

std::vector<double> along(const Point2d& axis, const std::array<std::vector<double>, 2>& xy) {
  std::vector<double> line(xy[0].size());
  for (std::size_t i = 0; i < line.size(); ++i)
    line[i] = axis.x * xy[0][i] + axis.y * xy[1][i];
  return line;
}

double power_near(const Spectra& spectra, const std::vector<double>& density, double frequency) {
  const auto [first, last] = spectra.lines(frequency - around, frequency + around);
  double sum = 0;
  for (std::size_t i = first; i < last; ++i)
    sum += density[i];
  return sum * (spectra.frequency[1] - spectra.frequency[0]);
}

/// Returns the chain's gain for a sinusoid of this frequency at these times.
double gain(const Chain& chain, const std::vector<Piece>& raw, double frequency) {
  Welch welch(chain.window, chain.rate);
  for (const Piece& piece : raw) {
    std::vector<double> sine;
    std::vector<double> cosine;
    for (const double t : piece.t) {
      sine.push_back(std::sin(2 * std::numbers::pi * frequency * t));
      cosine.push_back(std::cos(2 * std::numbers::pi * frequency * t));
    }
    welch.add(filtered(chain, piece.t, sine), filtered(chain, piece.t, cosine));
  }
  const Spectra spectra = welch.mean();
  return std::sqrt(power_near(spectra, spectra.first, frequency) +
                   power_near(spectra, spectra.second, frequency));
}

/// The figures of one stream's spectrum.
struct Rhythm {
  Value frequency{}, amplitude{}, prominence{};
};

Rhythm rhythm(const Chain& chain, const std::vector<Piece>& raw, const Spectra& spectra,
              const std::vector<double>& density, const Settings& settings) {
  const Value still = Value::none("nothing moves in the band");
  const Peak top = peak(spectra.frequency, density, settings.band_low, settings.band_high);
  if (!(top.power > 0))
    return {still, still, still};
  const double amplitude =
      std::sqrt(2 * power_near(spectra, density, top.frequency)) / gain(chain, raw, top.frequency);
  if (!(amplitude > least))
    return {still, still, still};
  const auto [first, last] = spectra.lines(settings.band_low, settings.band_high);
  const double usual = statistics::median({density.begin() + static_cast<std::ptrdiff_t>(first),
                                           density.begin() + static_cast<std::ptrdiff_t>(last)});
  return {top.frequency, amplitude, ratio(top.power, usual, "the rest of the band is empty")};
}

bool stands_out(const Value& prominence, const Value& frequency, double limit) {
  // A frequency with an otherwise empty band is a pure tone.
  return frequency.known() && (!prominence.known() || prominence.get() >= limit);
}

void judge(Tremor& t, const Settings& s) {
  const bool before = stands_out(t.prominence.original, t.frequency.original, s.prominence);
  const bool after = stands_out(t.prominence.deidentified, t.frequency.deidentified, s.prominence);
  if (!before) {
    t.verdict = after ? Verdict::added : Verdict::none;
    t.verdict_why = after ? "only the de-identified stream has a rhythm" : "no rhythm stands out";
    return;
  }
  t.verdict = Verdict::changed;
  if (!t.frequency_error.known())
    t.verdict_why = "the rhythm is gone";
  else if (t.frequency_error.get() > s.frequency_limit)
    t.verdict_why = "the frequency changed";
  else if (std::abs(t.amplitude_ratio.get() - 1) > s.amplitude_limit)
    t.verdict_why = "the amplitude changed";
  else if (t.coherence.known() && t.coherence.get() < s.coherence_limit)
    t.verdict_why = "the coherence is low";
  else {
    t.verdict = t.coherence.known() ? Verdict::preserved : Verdict::unknown;
    t.verdict_why = t.coherence.known() ? "" : t.coherence.why();
  }
}

void set_all(Tremor& t, const std::string& why) {
  const Value none = Value::none(why);
  t.seconds = t.rate = t.frequency_error = t.amplitude_ratio = t.coherence = t.coherence_mean =
      t.coherence_needed = none;
  t.frequency = t.amplitude = t.amplitude_torso = t.prominence = {none, none};
  t.verdict_why = why;
}

void set_coherence(Tremor& t, const Spectra& spectra, double alpha) {
  if (spectra.windows < 2) {
    t.coherence = t.coherence_mean = t.coherence_needed = Value::none("coherence needs at least two windows");
    return;
  }
  t.coherence_needed = 1 - std::pow(alpha, 1 / (static_cast<double>(spectra.windows) - 1));
  const auto mean = [&](auto weight) {
    return apply(t.frequency.original, [&](double frequency) {
      const auto [first, last] = spectra.lines(frequency - around, frequency + around);
      double sum = 0;
      double weights = 0;
      for (std::size_t i = first; i < last; ++i) {
        sum += weight(i) * spectra.coherence(i);
        weights += weight(i);
      }
      return sum / weights;
    });
  };
  t.coherence = mean([&](std::size_t i) { return spectra.first[i]; });
  t.coherence_mean = mean([](std::size_t) { return 1.; });
}

std::string seconds_text(double seconds) {
  return cv::format("%.3g s", seconds);
}

/// Returns the chain for these times, or the reason why there is none.
std::optional<Chain> chain_for(const Track& track, const Settings& settings, std::string& why) {
  std::vector<double> steps;
  steps.reserve(track.size());
  for (std::size_t i = 1; i < track.size(); ++i)
    steps.push_back(track[i].t - track[i - 1].t);
  const double step = statistics::median(std::move(steps));
  if (!(step > 0)) {
    why = track.empty() ? "no frame has the points in both streams" : "one frame has no rhythm";
    return std::nullopt;
  }
  const double rate = std::min(1 / step, max_rate);
  if (rate < 2.3 * settings.band_high) {
    why = cv::format("%.4g frames a second are too few for a band up to %g Hz", rate, settings.band_high);
    return std::nullopt;
  }
  return Chain{rate, static_cast<std::size_t>(std::lround(settings.window * rate)),
               static_cast<std::size_t>(std::lround(4 * rate / settings.band_low)),
               BandPass(settings.band_low, settings.band_high, rate)};
}

} // namespace

const char* to_string(Verdict verdict) {
  switch (verdict) {
  case Verdict::none:
    return "none";
  case Verdict::preserved:
    return "preserved";
  case Verdict::changed:
    return "changed";
  case Verdict::added:
    return "added";
  case Verdict::unknown:
    break;
  }
  return "unknown";
}

Tremor tremor(std::string part, const Track& track, double torso, const Settings& settings) {
  Tremor result{.part = std::move(part), .n = track.size()};
  std::string why;
  const auto chain = chain_for(track, settings, why);
  const auto raw = chain ? pieces(track, *chain, settings) : std::vector<Piece>{};
  if (chain && raw.empty())
    why = "no run without a gap is as long as a window of " + seconds_text(settings.window);
  if (raw.empty()) {
    set_all(result, why);
    return result;
  }
  const std::vector<Piece> made = through(*chain, raw);
  const Point2d axis = main_axis(made);
  Welch welch(chain->window, chain->rate);
  double seconds = 0;
  for (const Piece& piece : made) {
    welch.add(along(axis, piece.original), along(axis, piece.deidentified));
    seconds += static_cast<double>(piece.original[0].size()) / chain->rate;
  }
  const Spectra spectra = welch.mean();
  const Rhythm o = rhythm(*chain, raw, spectra, spectra.first, settings);
  const Rhythm d = rhythm(*chain, raw, spectra, spectra.second, settings);
  result.seconds = seconds;
  result.rate = chain->rate;
  result.windows = spectra.windows;
  result.frequency = {o.frequency, d.frequency};
  result.amplitude = {o.amplitude, d.amplitude};
  result.prominence = {o.prominence, d.prominence};
  const auto in_torsos = [&](const Value& px) {
    return torso > 0 ? apply(px, [&](double value) { return value / torso; })
                     : Value::none("shoulders and hips were never seen together in the original");
  };
  result.amplitude_torso = {in_torsos(o.amplitude), in_torsos(d.amplitude)};
  result.frequency_error =
      apply(o.frequency, d.frequency, [](double a, double b) { return std::abs(b - a); });
  result.amplitude_ratio = apply(o.amplitude, d.amplitude, [](double a, double b) { return b / a; });
  set_coherence(result, spectra, settings.alpha);
  judge(result, settings);
  return result;
}

namespace {

/// Adds a point's place relative to its joint, when both streams have both.
void add_place(Track& track, double t, const Keypoint& o, const Keypoint& o_joint, const Keypoint& d,
               const Keypoint& d_joint) {
  if (o.present && o_joint.present && d.present && d_joint.present)
    track.push_back({t, Point2d(o.x, o.y) - Point2d(o_joint.x, o_joint.y),
                     Point2d(d.x, d.y) - Point2d(d_joint.x, d_joint.y)});
}

Tremor wrist_tremor(const CleanSeries& series, const std::string& side, const Settings& settings) {
  const std::size_t wrist = body_index(side + "_wrist");
  const std::size_t elbow = body_index(side + "_elbow");
  Track track;
  for (const auto& [t, o, d] : series.frames())
    add_place(track, t, o.body[wrist], o.body[elbow], d.body[wrist], d.body[elbow]);
  return tremor(side + " wrist", track, series.torso(), settings);
}

/// hand: 0 left, 1 right.
Tremor finger_tremor(const CleanSeries& series, std::size_t hand, const Settings& settings) {
  constexpr std::size_t wrist = 0, index_tip = 8;
  Track track;
  for (const auto& [t, original, deidentified] : series.frames()) {
    const auto &o = original.hands[hand], &d = deidentified.hands[hand];
    if (!o.empty() && !d.empty())
      add_place(track, t, o[index_tip], o[wrist], d[index_tip], d[wrist]);
  }
  const std::string part = std::string(hand == 0 ? "left" : "right") + " index tip";
  Tremor result = tremor(part, track, series.torso(), settings);
  if (track.empty())
    set_all(result, "needs the 21 points of this hand in both streams; body points have no finger tips");
  return result;
}

} // namespace

std::vector<Tremor> tremors(const CleanSeries& series, const Settings& settings) {
  std::vector<Tremor> results;
  for (const std::string side : {"left", "right"})
    results.push_back(wrist_tremor(series, side, settings));
  for (const std::size_t hand : {0U, 1U})
    results.push_back(finger_tremor(series, hand, settings));
  return results;
}

} // namespace deid::kinematics
