#include "elements/measures/kinematics/gait.hpp"
#include "elements/measures/kinematics/angles.hpp"
#include "elements/measures/kinematics/signal.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace deid::kinematics {
namespace {

using Body = std::vector<Keypoint>;

/// The points that gait needs, as places in BODY_25.
struct Places {
  std::size_t hips = body_index("mid_hip");
  std::array<std::size_t, 2> hip{body_index("left_hip"), body_index("right_hip")};
  std::array<std::size_t, 2> knee{body_index("left_knee"), body_index("right_knee")};
  std::array<std::size_t, 2> ankle{body_index("left_ankle"), body_index("right_ankle")};
  std::array<std::size_t, 2> heel{body_index("left_heel"), body_index("right_heel")};
  std::array<std::size_t, 2> toe{body_index("left_big_toe"), body_index("right_big_toe")};
  std::array<std::size_t, 2> ear{body_index("left_ear"), body_index("right_ear")};
  std::size_t nose = body_index("nose");
};

/// Returns the median difference in x from one point to the other, over frames and sides.
template <typename Points> double way(const CleanSeries& series, const Points& from, const Points& to) {
  std::vector<double> ways;
  for (const auto& frame : series.frames())
    for (std::size_t side = 0; side < 2; ++side) {
      const Keypoint& a = frame.original.body[from[side]];
      const Keypoint& b = frame.original.body[to[side]];
      if (a.present && b.present)
        ways.push_back(b.x - a.x);
    }
  return statistics::median(std::move(ways));
}

/// Returns 1 to the right of the screen, -1 to the left, 0 when unknown. by: receives the evidence, see
/// Gait::direction_by.
double direction_of(const CleanSeries& series, const Places& at, std::string& by) {
  std::vector<double> path;
  for (const auto& frame : series.frames())
    if (frame.original.body[at.hips].present)
      path.push_back(frame.original.body[at.hips].x);
  const double torso = series.torso();
  const double net = path.empty() ? 0 : path.back() - path.front();
  const double feet = way(series, at.heel, at.toe);
  const double face = way(series, at.ear, std::array{at.nose, at.nose});
  for (const auto& [name, size, limit] :
       {std::tuple{"path", net, 1.}, std::tuple{"feet", feet, .05}, std::tuple{"face", face, .1}})
    if (std::abs(size) > limit * torso) {
      by = name;
      return size > 0 ? 1 : -1;
    }
  return 0;
}

double leg_length(const CleanSeries& series, const Places& at) {
  std::vector<double> lengths;
  for (const auto& frame : series.frames())
    for (std::size_t side = 0; side < 2; ++side) {
      const Keypoint& hip = frame.original.body[at.hip[side]];
      const Keypoint& knee = frame.original.body[at.knee[side]];
      const Keypoint& ankle = frame.original.body[at.ankle[side]];
      if (hip.present && knee.present && ankle.present)
        lengths.push_back(std::hypot(hip.x - knee.x, hip.y - knee.y) +
                          std::hypot(knee.x - ankle.x, knee.y - ankle.y));
    }
  return statistics::median(std::move(lengths));
}

/// How far each ankle is before the hips [torso lengths]; both lists have the same times.
std::array<Readings, 2> ankles(const CleanSeries& series, const Places& at, double direction) {
  std::array<Readings, 2> found;
  const double unit = direction / series.torso();
  for (const auto& [t, o, d] : series.frames()) {
    const auto seen = [&](const Body& body) {
      return body[at.hips].present && body[at.ankle[0]].present && body[at.ankle[1]].present;
    };
    if (!seen(o.body) || !seen(d.body))
      continue;
    for (std::size_t side = 0; side < 2; ++side)
      found[side].push_back({t, unit * (o.body[at.ankle[side]].x - o.body[at.hips].x),
                             unit * (d.body[at.ankle[side]].x - d.body[at.hips].x)});
  }
  return found;
}

struct Strike {
  Cycle cycle{};
  std::size_t side = 0;
};

std::vector<Strike> in_order(const std::array<std::vector<Cycle>, 2>& sides) {
  std::vector<Strike> all;
  for (std::size_t side = 0; side < 2; ++side)
    for (const Cycle& cycle : sides[side])
      all.push_back({cycle, side});
  std::ranges::sort(all, {}, [](const Strike& s) { return s.cycle.t; });
  return all;
}

std::vector<double> strides(const std::array<std::vector<Cycle>, 2>& sides) {
  std::vector<double> times;
  for (const auto& strikes : sides)
    for (std::size_t i = 1; i < strikes.size(); ++i)
      if (strikes[i].run == strikes[i - 1].run)
        times.push_back(strikes[i].t - strikes[i - 1].t);
  return times;
}

/// Fills one stream's side of the pairs. unit: leg lengths in a torso length, 0 unknown.
void describe(Gait& gait, Value Pair::*stream, double Reading::*of,
              const std::array<std::vector<Cycle>, 2>& sides, const std::array<Readings, 2>& ankle,
              double unit) {
  const std::vector<Strike> all = in_order(sides);
  std::array<std::vector<double>, 2> step_times; // by the side that strikes
  std::vector<double> lengths;
  double seconds = 0;
  std::size_t intervals = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [cycle, side] = all[i];
    lengths.push_back(unit * std::abs(ankle[side][cycle.at].*of - ankle[1 - side][cycle.at].*of));
    if (i == 0 || all[i - 1].cycle.run != cycle.run)
      continue;
    seconds += cycle.t - all[i - 1].cycle.t;
    ++intervals;
    if (all[i - 1].side != side)
      step_times[side].push_back(cycle.t - all[i - 1].cycle.t);
  }
  std::vector<double> steps = step_times[0];
  steps.insert(steps.end(), step_times[1].begin(), step_times[1].end());
  const std::string few = "too few steps without a gap between them";
  const std::vector<double> stride = strides(sides);
  gait.steps.*stream = static_cast<double>(all.size());
  gait.cadence.*stream =
      seconds > 0 ? Value(60 * static_cast<double>(intervals) / seconds) : Value::none(few);
  gait.step_time.*stream = mean_of(steps, few);
  gait.step_cv.*stream = cv_of(steps, few);
  gait.stride_time.*stream = mean_of(stride, few);
  gait.stride_cv.*stream = cv_of(stride, few);
  gait.asymmetry.*stream = apply(mean_of(step_times[0], few), mean_of(step_times[1], few),
                                 [](double l, double r) { return 2 * std::abs(l - r) / (l + r); });
  gait.step_length.*stream = unit > 0 ? mean_of(lengths, few) : Value::none("no leg was completely visible");
}

void arms(Gait& gait, const CleanSeries& series) {
  for (std::size_t side = 0; side < 2; ++side) {
    const Readings swing = angle(series, side == 0 ? "left arm swing" : "right arm swing");
    const Value none = Value::none("no frame has arm and trunk in both streams");
    gait.arm_swing[side] = swing.empty() ? Pair{none, none} : range_of_motion(swing);
  }
}

void walk(Gait& result, const CleanSeries& series, const Places& at, double direction,
          const Settings& settings) {
  const std::array<Readings, 2> ankle = ankles(series, at, direction);
  result.n = ankle[0].size();
  if (result.n == 0) {
    result.why = "no frame has both ankles and the hips in both streams";
    return;
  }
  std::array<std::vector<Cycle>, 2> o;
  std::array<std::vector<Cycle>, 2> d;
  for (std::size_t side = 0; side < 2; ++side) {
    std::vector<double> values;
    values.reserve(ankle[side].size());
    for (const Reading& reading : ankle[side])
      values.push_back(reading.original);
    const double swing =
        std::max((statistics::percentile(values, .95) - statistics::percentile(values, .05)) / 4,
                 2 * settings.min_move);
    o[side] = cycles(ankle[side], &Reading::original, swing, settings.max_gap);
    d[side] = cycles(ankle[side], &Reading::deidentified, swing, settings.max_gap);
  }
  if (o[0].size() + o[1].size() < 2) {
    result.why = "the original has fewer than two steps";
    return;
  }
  const double leg = leg_length(series, at);
  const double unit = leg > 0 ? series.torso() / leg : 0;
  describe(result, &Pair::original, &Reading::original, o, ankle, unit);
  describe(result, &Pair::deidentified, &Reading::deidentified, d, ankle, unit);
  const double usual = result.stride_time.original.known() ? result.stride_time.original.get() : 1; // s
  for (std::size_t side = 0; side < 2; ++side) {
    const auto when = [](const std::vector<Cycle>& strikes) {
      std::vector<double> times;
      times.reserve(strikes.size());
      for (const Cycle& strike : strikes)
        times.push_back(strike.t);
      return times;
    };
    result.strikes[side] = match(when(o[side]), when(d[side]), usual / 3);
  }
}

} // namespace

Gait gait(const CleanSeries& series, const Settings& settings) {
  const Places at;
  Gait result;
  arms(result, series);
  if (!(series.torso() > 0)) {
    result.why = "shoulders and hips were never seen together in the original";
    return result;
  }
  const double direction = direction_of(series, at, result.direction_by);
  if (direction == 0) {
    result.why = "neither path, feet nor face show a walking direction in the picture";
    return result;
  }
  result.direction = direction > 0 ? "right" : "left";
  walk(result, series, at, direction, settings);
  return result;
}

} // namespace deid::kinematics
