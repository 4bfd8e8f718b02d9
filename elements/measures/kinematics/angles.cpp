#include "elements/measures/kinematics/angles.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>

namespace deid::kinematics {
namespace {

using cv::Point2d;
using Body = std::vector<Keypoint>;
constexpr double degrees = 180 / std::numbers::pi;

/// Returns the angle from vector `from` to vector `to`; none when one has no length.
std::optional<double> between(const Point2d& from, const Point2d& to) {
  constexpr double least = 1e-6; // px
  if (cv::norm(from) < least || cv::norm(to) < least)
    return std::nullopt;
  return degrees * std::atan2(from.cross(to), from.dot(to));
}

Point2d place(const Keypoint& point) {
  return {point.x, point.y};
}

enum class Kind : std::uint8_t { joint, lean, line, flexion, swing };

/// The points of an angle: names of BODY_25.
struct Recipe {
  std::string_view name;
  Kind kind;
  std::array<std::string_view, 4> points;
};

constexpr std::array<Recipe, 14> recipes{{
    {"left elbow", Kind::joint, {"left_shoulder", "left_elbow", "left_wrist"}},
    {"right elbow", Kind::joint, {"right_shoulder", "right_elbow", "right_wrist"}},
    {"left shoulder", Kind::joint, {"left_elbow", "left_shoulder", "left_hip"}},
    {"right shoulder", Kind::joint, {"right_elbow", "right_shoulder", "right_hip"}},
    {"left hip", Kind::joint, {"left_shoulder", "left_hip", "left_knee"}},
    {"right hip", Kind::joint, {"right_shoulder", "right_hip", "right_knee"}},
    {"left knee", Kind::joint, {"left_hip", "left_knee", "left_ankle"}},
    {"right knee", Kind::joint, {"right_hip", "right_knee", "right_ankle"}},
    {"trunk lean", Kind::lean, {"mid_hip", "neck"}},
    {"head tilt by the eyes", Kind::line, {"right_eye", "left_eye"}},
    {"head tilt by the ears", Kind::line, {"right_ear", "left_ear"}},
    {"neck flexion", Kind::flexion, {"mid_hip", "neck", "left_ear", "right_ear"}},
    {"left arm swing", Kind::swing, {"neck", "mid_hip", "left_shoulder", "left_wrist"}},
    {"right arm swing", Kind::swing, {"neck", "mid_hip", "right_shoulder", "right_wrist"}},
}};

const Recipe& recipe(std::string_view name) {
  const auto found = std::ranges::find(recipes, name, &Recipe::name);
  if (found == recipes.end())
    throw std::invalid_argument("there is no angle \"" + std::string(name) + "\"");
  return *found;
}

std::optional<double> angle_in(const Body& body, Kind kind, const std::vector<std::size_t>& points) {
  std::array<Point2d, 4> p;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!body[points[i]].present)
      return std::nullopt;
    p[i] = place(body[points[i]]);
  }
  switch (kind) {
  case Kind::joint:
    return between(p[0] - p[1], p[2] - p[1]);
  case Kind::lean:
    return between({0, -1}, p[1] - p[0]);
  case Kind::line:
    return between({1, 0}, p[1] - p[0]);
  case Kind::flexion:
    return between(p[1] - p[0], (p[2] + p[3]) / 2 - p[1]);
  case Kind::swing:
    return between(p[1] - p[0], p[3] - p[2]);
  }
  return std::nullopt;
}

/// The same turn, in (-180, 180].
double wrapped(double angle) {
  const double turned = std::remainder(angle, 360);
  return turned <= -180 ? 180 : turned;
}

double mean_direction(const Readings& samples, double Reading::*stream) {
  Point2d sum;
  for (const Reading& s : samples)
    sum += {std::cos(s.*stream / degrees), std::sin(s.*stream / degrees)};
  return degrees * std::atan2(sum.y, sum.x);
}

/// Returns max - min of the angles' differences from their mean direction, so there is no jump from 180 to
/// -180.
double range_of(const Readings& samples, double Reading::*stream) {
  const double middle = mean_direction(samples, stream);
  double low = 360;
  double high = -360;
  for (const Reading& s : samples) {
    low = std::min(low, wrapped(s.*stream - middle));
    high = std::max(high, wrapped(s.*stream - middle));
  }
  return high - low;
}

void compare_velocities(AngleError& result, const Readings& samples, double max_gap) {
  double squares = 0;
  double peak_o = 0;
  double peak_d = 0;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i) {
    const Reading &a = samples[i - 1], &b = samples[i], &c = samples[i + 1];
    if (b.t - a.t > max_gap || c.t - b.t > max_gap)
      continue;
    const double o = wrapped(c.original - a.original) / (c.t - a.t);
    const double d = wrapped(c.deidentified - a.deidentified) / (c.t - a.t);
    squares += (d - o) * (d - o);
    peak_o = std::max(peak_o, std::abs(o));
    peak_d = std::max(peak_d, std::abs(d));
    ++result.velocities;
  }
  if (result.velocities == 0) {
    const Value none = Value::none("a velocity needs three frames without a gap");
    result.velocity_rmse = result.peak_velocity.original = result.peak_velocity.deidentified =
        result.velocity_ratio = none;
    return;
  }
  result.velocity_rmse = std::sqrt(squares / static_cast<double>(result.velocities));
  result.peak_velocity = {peak_o, peak_d};
  result.velocity_ratio = ratio(peak_d, peak_o, "the original's angle does not change");
}

AngleError compared(const CleanSeries& series, std::string_view name, const Settings& settings) {
  const Readings samples = angle(series, name);
  AngleError result{.part = std::string(name), .n = samples.size()};
  if (samples.empty()) {
    const Value never = Value::none("no frame has all its points in both streams");
    for (Value* value : {&result.mae, &result.rmse, &result.range.original, &result.range.deidentified,
                         &result.velocity_rmse, &result.peak_velocity.original,
                         &result.peak_velocity.deidentified, &result.velocity_ratio})
      *value = never;
    return result;
  }
  double sum = 0;
  double squares = 0;
  for (const Reading& s : samples) {
    const double away = wrapped(s.deidentified - s.original);
    sum += std::abs(away);
    squares += away * away;
  }
  const auto n = static_cast<double>(samples.size());
  result.mae = sum / n;
  result.rmse = std::sqrt(squares / n);
  result.range = range_of_motion(samples);
  compare_velocities(result, samples, settings.max_gap);
  return result;
}

} // namespace

std::vector<std::string> angle_names() {
  std::vector<std::string> names;
  names.reserve(recipes.size());
  for (const Recipe& each : recipes)
    names.emplace_back(each.name);
  return names;
}

Readings angle(const CleanSeries& series, std::string_view name) {
  const Recipe& made_of = recipe(name);
  std::vector<std::size_t> points;
  for (const std::string_view point : made_of.points)
    if (!point.empty())
      points.push_back(body_index(point));
  Readings samples;
  for (const auto& frame : series.frames()) {
    const auto o = angle_in(frame.original.body, made_of.kind, points);
    const auto d = angle_in(frame.deidentified.body, made_of.kind, points);
    if (o && d)
      samples.push_back({frame.t, *o, *d});
  }
  return samples;
}

Pair range_of_motion(const Readings& angles) {
  return {range_of(angles, &Reading::original), range_of(angles, &Reading::deidentified)};
}

std::vector<AngleError> angle_errors(const CleanSeries& series, const Settings& settings) {
  std::vector<AngleError> results;
  results.reserve(recipes.size());
  for (const Recipe& each : recipes)
    results.push_back(compared(series, each.name, settings));
  return results;
}

} // namespace deid::kinematics
