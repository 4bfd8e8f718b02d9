#include "elements/measures/kinematics/face_dynamics.hpp"
#include "elements/measures/kinematics/signal.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <array>
#include <optional>

namespace deid::kinematics {
namespace {

using Face = std::vector<cv::Point2f>;

/// p1 (corner), p2, p3 (upper lid), p4 (corner), p5, p6 (lower lid) in the face mesh.
using Eye = std::array<std::size_t, 6>;
constexpr Eye left_eye{362, 385, 387, 263, 373, 380};
constexpr Eye right_eye{33, 160, 158, 133, 153, 144};

double apart(const Face& face, std::size_t a, std::size_t b) {
  return cv::norm(cv::Point2d(face[a]) - cv::Point2d(face[b]));
}

/// Returns over / under; none when under is near 0.
std::optional<double> share(double over, double under) {
  constexpr double least = 1e-6; // px
  return under > least ? std::optional(over / under) : std::nullopt;
}

std::optional<double> aspect(const Face& face, const Eye& p) {
  return share(apart(face, p[1], p[5]) + apart(face, p[2], p[4]), 2 * apart(face, p[0], p[3]));
}

std::optional<double> left_opening(const Face& face) {
  return aspect(face, left_eye);
}

std::optional<double> right_opening(const Face& face) {
  return aspect(face, right_eye);
}

std::optional<double> both_openings(const Face& face) {
  const auto left = left_opening(face);
  const auto right = right_opening(face);
  return left && right ? std::optional((*left + *right) / 2) : std::nullopt;
}

std::optional<double> mouth_opening(const Face& face) {
  constexpr std::size_t upper_lip = 13; // inner edges
  constexpr std::size_t lower_lip = 14;
  return share(apart(face, upper_lip, lower_lip), apart(face, right_eye[0], left_eye[3]));
}

template <typename F> Readings readings(const CleanSeries& series, F figure) {
  Readings found;
  for (const auto& [t, o, d] : series.frames()) {
    if (o.face.empty() || d.face.empty())
      continue;
    const auto a = figure(o.face);
    const auto b = figure(d.face);
    if (a && b)
      found.push_back({t, *a, *b});
  }
  return found;
}

FaceFigure compared(std::string part, const Readings& values) {
  FaceFigure figure{.part = std::move(part)};
  std::vector<double> o;
  std::vector<double> d;
  std::vector<Measured> pairs;
  for (const Reading& value : values) {
    o.push_back(value.original);
    d.push_back(value.deidentified);
    pairs.push_back({value.original, value.deidentified});
  }
  figure.mean = {mean_of(o, "no frame shows the feature"), mean_of(d, "no frame shows the feature")};
  figure.agreement = agreement(pairs);
  return figure;
}

/// Middles of the blinks [s].
std::vector<double> blinks(const Readings& values, double Reading::*stream, const Settings& settings) {
  std::vector<double> openings;
  openings.reserve(values.size());
  for (const Reading& value : values)
    openings.push_back(value.*stream);
  const double limit = settings.blink_share * statistics::median(std::move(openings));
  std::vector<double> found;
  for (const auto& [first, last] : runs(times_of(values), settings.max_gap)) {
    std::optional<double>
        since; // an eye that is closed at the start of the run has no known start of closing
    for (std::size_t i = first + 1; i < last; ++i) {
      const bool closed = values[i].*stream < limit;
      const bool before = values[i - 1].*stream < limit;
      if (closed && !before)
        since = values[i].t;
      if (!closed && since && values[i].t - *since <= settings.longest_blink)
        found.push_back((values[i - 1].t + *since) / 2);
      if (!closed)
        since.reset();
    }
  }
  return found;
}

double observed(const Readings& values, double max_gap) {
  double seconds = 0;
  for (const auto& [first, last] : runs(times_of(values), max_gap))
    seconds += values[last - 1].t - values[first].t;
  return seconds;
}

} // namespace

FaceDynamics face_dynamics(const CleanSeries& series, const Settings& settings) {
  FaceDynamics result;
  for (const auto& frame : series.frames())
    result.n += !frame.original.face.empty() && !frame.deidentified.face.empty();
  if (result.n == 0) {
    result.why = "no frame has the 468 points of the face mesh in both streams";
    return result;
  }
  result.figures = {compared("left eye opening", readings(series, left_opening)),
                    compared("right eye opening", readings(series, right_opening)),
                    compared("mouth opening", readings(series, mouth_opening))};
  const Readings eyes = readings(series, both_openings);
  const double seconds = observed(eyes, settings.max_gap);
  const auto o = blinks(eyes, &Reading::original, settings);
  const auto d = blinks(eyes, &Reading::deidentified, settings);
  const auto rate = [&](std::size_t count) {
    return seconds > 0 ? Value(60 * static_cast<double>(count) / seconds)
                       : Value::none("the face was seen in single frames only");
  };
  result.blinks = {static_cast<double>(o.size()), static_cast<double>(d.size())};
  result.blink_rate = {rate(o.size()), rate(d.size())};
  result.events = match(o, d, settings.longest_blink);
  return result;
}

} // namespace deid::kinematics
