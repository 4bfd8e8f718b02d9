#include "elements/measures/kinematics/position.hpp"
#include "elements/measures/kinematics/signal.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>

namespace deid::kinematics {
namespace {

using cv::Point2d;

Track track_of(const CleanSeries& series, std::size_t point) {
  Track track;
  for (const auto& frame : series.frames()) {
    const Keypoint& o = frame.original.points[point];
    const Keypoint& d = frame.deidentified.points[point];
    if (o.present && d.present)
      track.push_back({frame.t, {o.x, o.y}, {d.x, d.y}});
  }
  return track;
}

/// Sums over frames in which the point stands still.
struct Flicker {
  double original = 0, deidentified = 0;
  std::size_t n = 0;
};

/// Second derivative of three samples that need not be evenly spaced.
Point2d bend(const Point2d& a, const Point2d& b, const Point2d& c, double ab, double bc) {
  return ((c - b) / bc - (b - a) / ab) * (2 / (ab + bc));
}

/// Frames in which a point stands still: its mean places over the half second before and after differ by less
/// than `travel` px. A tremor on the spot counts as standing still, a movement does not.
std::vector<bool> still(const Track& track, std::size_t first, std::size_t last, double travel) {
  constexpr double half = .5;
  std::vector<Point2d> sums{{0, 0}};
  for (std::size_t i = first; i < last; ++i)
    sums.push_back(sums.back() + track[i].original - track[first].original);
  std::vector<bool> result(last - first, false);
  std::size_t from = first;
  std::size_t to = first;
  for (std::size_t i = first; i < last; ++i) {
    while (track[from].t < track[i].t - half)
      ++from;
    while (to < last && track[to].t <= track[i].t + half)
      ++to;
    const Point2d before = (sums[i + 1 - first] - sums[from - first]) / static_cast<double>(i + 1 - from);
    const Point2d after = (sums[to - first] - sums[i - first]) / static_cast<double>(to - i);
    result[i - first] = cv::norm(after - before) < travel;
  }
  return result;
}

Flicker flicker(const Track& track, double torso, const Settings& settings) {
  Flicker sum;
  std::vector<double> times;
  times.reserve(track.size());
  for (const Sample& sample : track)
    times.push_back(sample.t);
  for (const auto& [first, last] : runs(times, settings.max_gap)) {
    const std::vector<bool> stands = still(track, first, last, settings.still_travel * torso);
    for (std::size_t i = first + 1; i + 1 < last; ++i) {
      if (!stands[i - first])
        continue;
      const Sample &a = track[i - 1], &b = track[i], &c = track[i + 1];
      const Point2d o = bend(a.original, b.original, c.original, b.t - a.t, c.t - b.t);
      const Point2d d = bend(a.deidentified, b.deidentified, c.deidentified, b.t - a.t, c.t - b.t);
      sum.original += o.dot(o);
      sum.deidentified += d.dot(d);
      ++sum.n;
    }
  }
  return sum;
}

Value jitter_ratio(const Flicker& sum, double torso) {
  if (!(torso > 0))
    return Value::none(
        "without shoulders and hips there is no torso length, so standing still cannot be detected");
  if (sum.n == 0)
    return Value::none("the point is never still for three frames");
  if (!(sum.original > 0))
    return Value::none("the original does not move at all");
  return std::sqrt(sum.deidentified / sum.original);
}

void spread(Displacement& result, const Track& track) {
  const auto n = static_cast<double>(track.size());
  Point2d mean;
  for (const Sample& s : track)
    mean += s.deidentified - s.original;
  mean /= n;
  double squares = 0;
  for (const Sample& s : track) {
    const Point2d away = s.deidentified - s.original - mean;
    squares += away.dot(away);
  }
  result.bias_x = mean.x;
  result.bias_y = mean.y;
  result.jitter =
      track.size() > 1 ? Value(std::sqrt(squares / (n - 1))) : Value::none("jitter needs two frames");
}

void distances(Displacement& result, const Track& track, double torso) {
  std::vector<double> away;
  away.reserve(track.size());
  double squares = 0;
  for (const Sample& s : track) {
    away.push_back(cv::norm(s.deidentified - s.original));
    squares += away.back() * away.back();
  }
  const auto n = static_cast<double>(away.size());
  result.median = statistics::median(away);
  result.p95 = statistics::percentile(away, .95);
  result.max = *std::ranges::max_element(away);
  result.rmse = std::sqrt(squares / n);
  const Value unit =
      torso > 0 ? Value(torso) : Value::none("shoulders and hips were never seen together in the original");
  const auto share = [](double px, double length) { return px / length; };
  result.median_torso = apply(result.median, unit, share);
  result.p95_torso = apply(result.p95, unit, share);
  result.max_torso = apply(result.max, unit, share);
  result.rmse_torso = apply(result.rmse, unit, share);
  for (std::size_t i = 0; i < pck_limits.size(); ++i)
    result.pck[i] = apply(unit, [&](double length) {
      return static_cast<double>(
                 std::ranges::count_if(away, [&](double px) { return px <= pck_limits[i] * length; })) /
             n;
    });
}

Displacement measured(std::string part, const Track& track, const Flicker& sum, double torso) {
  Displacement result{.part = std::move(part), .n = track.size()};
  if (track.empty()) {
    const Value never = Value::none("no frame has the point in both streams");
    for (Value* value : {&result.median, &result.p95, &result.max, &result.rmse, &result.median_torso,
                         &result.p95_torso, &result.max_torso, &result.rmse_torso, &result.bias_x,
                         &result.bias_y, &result.jitter, &result.added_jitter})
      *value = never;
    result.pck.fill(never);
    return result;
  }
  distances(result, track, torso);
  spread(result, track);
  result.still = sum.n;
  result.added_jitter = jitter_ratio(sum, torso);
  return result;
}

} // namespace

std::vector<Displacement> displacements(const CleanSeries& series, const Settings& settings) {
  std::vector<Displacement> results;
  Track all;
  Flicker all_flicker;
  const auto names = keypoint_names(series.set());
  for (std::size_t point = 0; point < names.size(); ++point) {
    const Track track = track_of(series, point);
    const Flicker sum = flicker(track, series.torso(), settings);
    results.push_back(measured(spoken(names[point]), track, sum, series.torso()));
    all.insert(all.end(), track.begin(), track.end());
    all_flicker.original += sum.original;
    all_flicker.deidentified += sum.deidentified;
    all_flicker.n += sum.n;
  }
  results.push_back(measured("all points", all, all_flicker, series.torso()));
  return results;
}

} // namespace deid::kinematics
