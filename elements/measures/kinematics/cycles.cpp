#include "elements/measures/kinematics/cycles.hpp"
#include "elements/measures/kinematics/signal.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <tuple>

namespace deid::kinematics {
namespace {

/// Where a parabola through reading i and its neighbours is highest.
double vertex(const Readings& r, double Reading::*x, std::size_t i) {
  const double left = (r[i].*x - r[i - 1].*x) / (r[i].t - r[i - 1].t);
  const double right = (r[i + 1].*x - r[i].*x) / (r[i + 1].t - r[i].t);
  if (!(left - right > 0))
    return r[i].t;
  // The slope falls linearly from `left` at one midpoint to `right` at the other; solve for slope 0.
  const double from = (r[i - 1].t + r[i].t) / 2;
  const double to = (r[i].t + r[i + 1].t) / 2;
  return std::clamp(from + left / (left - right) * (to - from), r[i - 1].t, r[i + 1].t);
}

/// Fastest change per second from reading `from` to reading `to`; sign 1 upwards, -1 downwards.
double fastest(const Readings& r, double Reading::*x, std::size_t from, std::size_t to, double sign) {
  double best = 0;
  for (std::size_t i = from; i < to; ++i)
    best = std::max(best, sign * (r[i + 1].*x - r[i].*x) / (r[i + 1].t - r[i].t));
  return best;
}

/// Ends the way down from a cycle's peak at reading `low`. When the run began on the way up, the height of
/// the way up is unknown, and the way down gives the amplitude.
void close(Cycle& cycle, const Readings& r, double Reading::*x, std::size_t low) {
  cycle.fall = fastest(r, x, cycle.at, low, -1);
  if (cycle.partial)
    cycle.amplitude = std::max(cycle.amplitude, r[cycle.at].*x - r[low].*x);
}

/// Walks over one run: a high point counts once the way down from it reached `swing`, and so with low points.
class RunWalk {
public:
  RunWalk(std::vector<Cycle>& found, const Readings& readings, double Reading::*stream, std::size_t first,
          double swing, std::size_t run)
      : found_(found), r_(readings), x_(stream), first_(first), swing_(swing), run_(run), high_(first),
        low_(first) {}

  /// Takes the next reading.
  void step(std::size_t i) {
    if (rising_)
      step_up(i);
    else
      step_down(i);
  }
  /// Ends the last cycle's way down.
  void end() {
    if (open_)
      close(found_.back(), r_, x_, low_);
    open_ = false;
  }

private:
  [[nodiscard]] double at(std::size_t i) const { return r_[i].*x_; }

  void step_up(std::size_t i) {
    if (at(i) > at(high_)) {
      high_ = i;
    } else if (at(high_) - at(i) >= swing_) {
      if (low_ < high_ && at(high_) - at(low_) >= swing_)
        add_cycle();
      rising_ = false;
      low_ = i;
    } else if (at(i) < at(low_)) {
      low_ = high_ = i; // only before the first movement: it begins here
    }
  }
  void step_down(std::size_t i) {
    if (at(i) < at(low_)) {
      low_ = i;
    } else if (at(i) - at(low_) >= swing_) {
      end();
      rising_ = true;
      high_ = i;
    }
  }
  void add_cycle() {
    found_.push_back({.t = vertex(r_, x_, high_),
                      .at = high_,
                      .run = run_,
                      .amplitude = at(high_) - at(low_),
                      .rise = fastest(r_, x_, low_, high_, 1),
                      .partial = low_ == first_});
    open_ = true;
  }

  std::vector<Cycle>& found_;
  const Readings& r_;
  double Reading::*x_;
  std::size_t first_;
  double swing_;
  std::size_t run_, high_, low_;
  bool rising_ = true;
  bool open_ = false; ///< the last cycle's way down has not ended yet
};

void add_cycles(std::vector<Cycle>& found, const Readings& readings, double Reading::*stream,
                std::size_t first, std::size_t last, double swing, std::size_t run) {
  RunWalk walk(found, readings, stream, first, swing, run);
  for (std::size_t i = first; i < last; ++i)
    walk.step(i);
  walk.end();
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values)
    sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values)
    squares += (value - middle) * (value - middle);
  return std::sqrt(squares / (static_cast<double>(values.size()) - 1));
}

double slope(const std::vector<double>& values) {
  const double middle = (static_cast<double>(values.size()) - 1) / 2;
  double up = 0;
  double across = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    up += x * values[i];
    across += x * x;
  }
  return up / across;
}

double rms_velocity(const Readings& r, double Reading::*x, double max_gap) {
  double squares = 0;
  std::size_t n = 0;
  for (std::size_t i = 1; i < r.size(); ++i) {
    const double step = r[i].t - r[i - 1].t;
    if (step > max_gap)
      continue;
    const double speed = (r[i].*x - r[i - 1].*x) / step;
    squares += speed * speed;
    ++n;
  }
  return n ? std::sqrt(squares / static_cast<double>(n)) : 0;
}

/// Durations from peak to peak, none across a gap.
std::vector<double> durations(const std::vector<Cycle>& all) {
  std::vector<double> result;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].run == all[i - 1].run)
      result.push_back(all[i].t - all[i - 1].t);
  return result;
}

template <typename F> std::vector<double> each(const std::vector<Cycle>& all, F of) {
  std::vector<double> values;
  values.reserve(all.size());
  for (const Cycle& cycle : all)
    values.push_back(of(cycle));
  return values;
}

double thirds(const std::vector<double>& amplitudes) {
  const auto third = static_cast<std::ptrdiff_t>(amplitudes.size() / 3);
  return mean({amplitudes.end() - third, amplitudes.end()}) /
         mean({amplitudes.begin(), amplitudes.begin() + third});
}

/// Fills one stream's side of the pairs.
void describe(Tapping& t, Value Pair::*side, const std::vector<Cycle>& all, double velocity, double pause) {
  const std::string few = "fewer than two taps";
  const std::vector<double> amplitudes = each(all, [](const Cycle& c) { return c.amplitude; });
  const std::vector<double> times = durations(all);
  const std::string apart = "no two taps without a gap between them";
  t.count.*side = static_cast<double>(all.size());
  t.amplitude.*side = mean_of(amplitudes, "no tap");
  t.amplitude_sd.*side = amplitudes.size() < 2 ? Value::none(few) : Value(deviation(amplitudes));
  t.opening_speed.*side = mean_of(each(all, [](const Cycle& c) { return c.rise; }), "no tap");
  t.closing_speed.*side = mean_of(each(all, [](const Cycle& c) { return c.fall; }), "no tap");
  t.rms_velocity.*side = velocity;
  t.cycle.*side = mean_of(times, apart);
  t.rate.*side = apply(t.cycle.*side, [](double seconds) { return 1 / seconds; });
  t.cycle_cv.*side = cv_of(times, "fewer than two cycles");
  t.decay.*side = amplitudes.size() < 3 ? Value::none("fewer than three taps") : Value(slope(amplitudes));
  t.late_early.*side =
      amplitudes.size() < 3 ? Value::none("fewer than three taps") : Value(thirds(amplitudes));
  const double long_one = pause * statistics::median(times);
  t.pauses.*side = times.empty() ? Value::none(apart)
                                 : Value(static_cast<double>(std::ranges::count_if(
                                       times, [&](double seconds) { return seconds > long_one; })));
}

} // namespace

Value mean_of(const std::vector<double>& values, const std::string& why) {
  return values.empty() ? Value::none(why) : Value(mean(values));
}

Value cv_of(const std::vector<double>& values, const std::string& why) {
  return values.size() < 2 ? Value::none(why) : Value(deviation(values) / mean(values));
}

std::vector<Cycle> cycles(const Readings& readings, double Reading::*stream, double swing, double max_gap) {
  std::vector<Cycle> found;
  std::size_t run = 0;
  for (const auto& [first, last] : runs(times_of(readings), max_gap))
    add_cycles(found, readings, stream, first, last, swing, run++);
  return found;
}

Matches match(const std::vector<double>& original, const std::vector<double>& deidentified,
              double tolerance) {
  std::vector<std::tuple<double, std::size_t, std::size_t>> near;
  std::size_t from = 0;
  for (std::size_t i = 0; i < original.size(); ++i) {
    while (from < deidentified.size() && deidentified[from] < original[i] - tolerance)
      ++from;
    for (std::size_t j = from; j < deidentified.size() && deidentified[j] <= original[i] + tolerance; ++j)
      near.emplace_back(std::abs(deidentified[j] - original[i]), i, j);
  }
  std::ranges::sort(near);
  std::vector<bool> used_o(original.size(), false);
  std::vector<bool> used_d(deidentified.size(), false);
  Matches result;
  double away = 0;
  double bias = 0;
  for (const auto& [distance, i, j] : near) {
    if (used_o[i] || used_d[j])
      continue;
    used_o[i] = used_d[j] = true;
    result.pairs.emplace_back(i, j);
    away += distance;
    bias += deidentified[j] - original[i];
  }
  std::ranges::sort(result.pairs);
  const std::size_t both = result.pairs.size();
  result.missed = original.size() - both;
  result.extra = deidentified.size() - both;
  const auto n = static_cast<double>(both);
  const std::size_t all = original.size() + deidentified.size();
  result.f1 = all == 0 ? Value::none("neither stream has an event") : Value(2 * n / static_cast<double>(all));
  result.mae_ms = both == 0 ? Value::none("no event is in both streams") : Value(1000 * away / n);
  result.bias_ms = both == 0 ? result.mae_ms : Value(1000 * bias / n);
  return result;
}

Tapping tapping(std::string part, std::string unit, const Readings& readings, const Settings& settings) {
  Tapping result{.part = std::move(part), .unit = std::move(unit), .n = readings.size()};
  if (readings.empty()) {
    result.why = "no frame has all its points in both streams";
    return result;
  }
  std::vector<double> values;
  values.reserve(readings.size());
  for (const Reading& reading : readings)
    values.push_back(reading.original);
  const double swing = std::max(
      (statistics::percentile(values, .95) - statistics::percentile(values, .05)) / 4, settings.min_move);
  const auto o = cycles(readings, &Reading::original, swing, settings.max_gap);
  const auto d = cycles(readings, &Reading::deidentified, swing, settings.max_gap);
  if (o.size() < 2) {
    result.why =
        cv::format("the original has fewer than two movements of at least %.3g ", swing) + result.unit;
    return result;
  }
  describe(result, &Pair::original, o, rms_velocity(readings, &Reading::original, settings.max_gap),
           settings.pause);
  describe(result, &Pair::deidentified, d, rms_velocity(readings, &Reading::deidentified, settings.max_gap),
           settings.pause);
  const auto when = [](const Cycle& c) { return c.t; };
  result.events = match(each(o, when), each(d, when), statistics::median(durations(o)) / 3);
  std::vector<Measured> amplitudes;
  amplitudes.reserve(result.events.pairs.size());
  for (const auto& [i, j] : result.events.pairs)
    amplitudes.push_back({o[i].amplitude, d[j].amplitude});
  result.amplitudes = agreement(amplitudes);
  return result;
}

} // namespace deid::kinematics
