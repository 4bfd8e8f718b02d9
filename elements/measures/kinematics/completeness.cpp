#include "elements/measures/kinematics/completeness.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace deid::kinematics {
namespace {

using cv::Point2d;
using Frames = std::vector<CleanSeries::Frame>;
using Side = CleanSeries::Side;

/// Whether the original has the point and the other stream lacks it.
bool is_lost(const CleanSeries::Frame& frame, std::size_t point) {
  return frame.original.points[point].present && !frame.deidentified.points[point].present;
}

/// Returns the time of the frame before frame i. interval: between frames [s].
double time_before(const Frames& frames, std::size_t i, double interval) {
  return i == 0 ? frames[i].t - interval : frames[i - 1].t;
}

/// Returns the longest time in which the original has the point and the other stream lacks it.
double longest_gap(const Frames& frames, std::size_t point, double interval) {
  double longest = 0;
  std::optional<double> since;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const bool lost = is_lost(frames[i], point);
    if (lost && !since)
      since = time_before(frames, i, interval);
    const bool last = i + 1 == frames.size();
    if (since && (!lost || last))
      longest = std::max(longest, frames[i].t + (lost ? interval : 0) - *since);
    if (!lost)
      since.reset();
  }
  return longest;
}

Presence presence(const CleanSeries& series, std::size_t point, std::string part) {
  Presence result{.part = std::move(part)};
  for (const auto& frame : series.frames()) {
    const bool o = frame.original.points[point].present;
    const bool d = frame.deidentified.points[point].present;
    result.original += o;
    result.deidentified += d;
    result.both += o && d;
  }
  const auto share = [&](std::size_t of) {
    return static_cast<double>(of - result.both) / static_cast<double>(of);
  };
  const Value never = Value::none("the original never shows the point");
  result.missing = result.original ? Value(share(result.original)) : never;
  result.longest_gap =
      result.original ? Value(longest_gap(series.frames(), point, series.interval())) : never;
  result.invented = result.deidentified ? Value(share(result.deidentified))
                                        : Value::none("the de-identified stream never shows the point");
  return result;
}

double length_between(const Keypoint& a, const Keypoint& b) {
  return std::hypot(static_cast<double>(a.x) - b.x, static_cast<double>(a.y) - b.y);
}

/// Left and right points as indices of a set.
using Sides = std::vector<std::pair<std::size_t, std::size_t>>;

Sides sides_of(KeypointSet set, const std::vector<std::string_view>& wanted) {
  const auto names = keypoint_names(set);
  Sides sides;
  for (std::size_t left = 0; left < names.size(); ++left) {
    std::string name(names[left]);
    const auto at = name.find("left");
    const bool asked = wanted.empty() || std::ranges::any_of(wanted, [&](std::string_view part) {
                         return name.find(part) != std::string::npos;
                       });
    if (at == std::string::npos || !asked)
      continue;
    name.replace(at, 4, "right");
    if (const auto right = std::ranges::find(names, name); right != names.end())
      sides.emplace_back(left, static_cast<std::size_t>(right - names.begin()));
  }
  return sides;
}

Swaps swaps(const CleanSeries& series, std::string part, const Sides& sides, double floor) {
  Swaps result{.part = std::move(part)};
  for (const auto& frame : series.frames()) {
    const auto& o = frame.original.points;
    const auto& d = frame.deidentified.points;
    double straight = 0;
    double crossed = 0;
    std::size_t n = 0;
    for (const auto& [left, right] : sides) {
      if (!o[left].present || !o[right].present || !d[left].present || !d[right].present)
        continue;
      straight += length_between(o[left], d[left]) + length_between(o[right], d[right]);
      crossed += length_between(o[left], d[right]) + length_between(o[right], d[left]);
      n += 2;
    }
    result.frames += n > 0;
    result.swapped += n > 0 && straight > floor * static_cast<double>(n) && crossed < straight / 2;
  }
  return result;
}

/// Velocity of each point in each frame since the frame before; none across gaps and absent points.
using Velocities = std::vector<std::vector<std::optional<Point2d>>>; // point, frame

Velocities velocities(const CleanSeries& series, Side CleanSeries::Frame::*stream, double max_gap) {
  const Frames& frames = series.frames();
  const std::size_t points = keypoint_names(series.set()).size();
  Velocities found(points, std::vector<std::optional<Point2d>>(frames.size()));
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const double step = frames[i].t - frames[i - 1].t;
    if (step > max_gap)
      continue;
    for (std::size_t p = 0; p < points; ++p) {
      const Keypoint& a = (frames[i - 1].*stream).points[p];
      const Keypoint& b = (frames[i].*stream).points[p];
      if (a.present && b.present)
        found[p][i] = Point2d(static_cast<double>(b.x) - a.x, static_cast<double>(b.y) - a.y) / step;
    }
  }
  return found;
}

/// Clips speeds to their 95th percentile, so that a single jump does not outweigh the whole clip.
void tame(Velocities& all) {
  std::vector<double> speeds;
  for (const auto& point : all)
    for (const auto& velocity : point)
      if (velocity && cv::norm(*velocity) > 0)
        speeds.push_back(cv::norm(*velocity));
  const double limit = statistics::percentile(std::move(speeds), .95);
  for (auto& point : all)
    for (auto& velocity : point)
      if (velocity && cv::norm(*velocity) > limit)
        *velocity *= limit / cv::norm(*velocity);
}

std::optional<double> correlation(const Velocities& o, const Velocities& d, int lag) {
  double oo = 0;
  double dd = 0;
  double od = 0;
  const auto frames = static_cast<int>(o.front().size());
  for (std::size_t p = 0; p < o.size(); ++p)
    for (int i = std::max(0, -lag); i < std::min(frames, frames - lag); ++i) {
      const auto& a = o[p][static_cast<std::size_t>(i)];
      const int shifted = i + lag;
      const auto& b = d[p][static_cast<std::size_t>(shifted)];
      if (!a || !b)
        continue;
      oo += a->dot(*a);
      dd += b->dot(*b);
      od += a->dot(*b);
    }
  if (!(oo > 0) || !(dd > 0))
    return std::nullopt;
  const double alike = od / std::sqrt(oo) / std::sqrt(dd);
  return std::isfinite(alike) ? std::optional(alike) : std::nullopt;
}

/// Returns the lag of the highest correlation. A rhythm also correlates with itself one period later, so
/// among separate maxima within 1 % of the highest, the one nearest to 0 counts.
int best_lag(const std::vector<double>& by_lag, int reach) {
  const double top = *std::ranges::max_element(by_lag);
  int best = reach + 1;
  for (int lag = -reach; lag <= reach; ++lag) {
    const int place = lag + reach;
    const auto i = static_cast<std::size_t>(place);
    const bool summit =
        (i == 0 || by_lag[i] >= by_lag[i - 1]) && (i + 1 == by_lag.size() || by_lag[i] >= by_lag[i + 1]);
    if (summit && by_lag[i] >= top - .01 && std::abs(lag) < std::abs(best))
      best = lag;
  }
  return best;
}

Lag lag_of(const CleanSeries& series, const Settings& settings) {
  Lag result;
  const auto fail = [&](const char* why) {
    result.frames = result.milliseconds = result.correlation = result.correlation_at_zero = Value::none(why);
    return result;
  };
  const std::size_t frames = series.frames().size();
  if (frames < 3)
    return fail("a lag needs at least three frames");
  Velocities o = velocities(series, &CleanSeries::Frame::original, settings.max_gap);
  Velocities d = velocities(series, &CleanSeries::Frame::deidentified, settings.max_gap);
  tame(o);
  tame(d);
  const auto at_zero = correlation(o, d, 0);
  if (!at_zero)
    return fail("one of the streams does not move");
  // At least half of the clip must overlap, and no more frames than any real stream has in that time.
  const auto half = static_cast<double>(frames) / 2;
  const int reach = static_cast<int>(std::min({settings.max_lag / series.interval(), half, 1000.}));
  std::vector<double> by_lag;
  for (int lag = -reach; lag <= reach; ++lag)
    by_lag.push_back(correlation(o, d, lag).value_or(-1));
  const int lag = best_lag(by_lag, reach);
  const int place = lag + reach;
  constexpr double least = .3; // proposal
  const double top = by_lag[static_cast<std::size_t>(place)];
  result.correlation = top;
  result.correlation_at_zero = *at_zero;
  if (top < least) {
    result.frames = result.milliseconds =
        Value::none(cv::format("the streams' motions do not resemble each other (correlation %.2f)", top));
    result.warning = "the lag between the streams could not be measured: " + result.frames.why();
    return result;
  }
  result.frames = lag;
  result.milliseconds = lag * series.interval() * 1000;
  if (lag != 0)
    result.warning =
        cv::format("the de-identified stream is %d frame(s) (%.0f ms) %s, which falsifies every figure that "
                   "compares frames",
                   std::abs(lag), std::abs(lag) * series.interval() * 1000, lag > 0 ? "late" : "early");
  return result;
}

bool nobody(const Side& side) {
  return std::ranges::none_of(side.points, &Keypoint::present);
}

} // namespace

Completeness completeness(const CleanSeries& series, const Settings& settings) {
  Completeness result{.frames = series.frames().size()};
  for (const auto& frame : series.frames()) {
    result.nobody_original += nobody(frame.original);
    result.nobody_deidentified += nobody(frame.deidentified);
  }
  const auto names = keypoint_names(series.set());
  for (std::size_t point = 0; point < names.size(); ++point)
    result.points.push_back(presence(series, point, spoken(names[point])));
  const double floor = settings.swap_floor * series.torso();
  const std::vector<std::string_view> arms{"elbow", "wrist", "pinky", "index", "thumb"};
  const std::vector<std::string_view> legs{"knee", "ankle", "heel", "toe"};
  result.swaps = {swaps(series, "body", sides_of(series.set(), {}), floor),
                  swaps(series, "arms", sides_of(series.set(), arms), floor),
                  swaps(series, "legs", sides_of(series.set(), legs), floor)};
  result.lag = lag_of(series, settings);
  return result;
}

} // namespace deid::kinematics
