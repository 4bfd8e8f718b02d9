#pragma once
#include "elements/measures/kinematics/series.hpp"
#include <cmath>
#include <numbers>
#include <random>

namespace deid::kinematics::test {

constexpr double torso = 128; // px of standing()

/// A person standing still: BODY_25 with a torso of 128 px. Whole numbers, so that float sums stay exact.
inline std::vector<Keypoint> standing() {
  const auto at = [](float x, float y) { return Keypoint{x, y, .9F, true}; };
  return {at(300, 60),  at(300, 100), at(264, 100), at(250, 150), at(244, 200), at(336, 100), at(350, 150),
          at(356, 200), at(300, 228), at(280, 228), at(280, 300), at(280, 370), at(320, 228), at(320, 300),
          at(320, 370), at(294, 54),  at(306, 54),  at(286, 60),  at(314, 60),  at(336, 384), at(340, 382),
          at(316, 380), at(264, 384), at(260, 382), at(284, 380)};
}

/// Points of one stream at a time [s].
using Motion = std::vector<Keypoint> (*)(double);

inline std::int64_t nanoseconds(double seconds) {
  return static_cast<std::int64_t>(std::llround(seconds * 1e9));
}

/// `seconds` of both streams made by make(t), evenly spaced.
template <typename Make> PairedSeries series(double rate, double seconds, Make make) {
  PairedSeries made{.set = KeypointSet::body25};
  const auto n = static_cast<int>(std::lround(seconds * rate));
  for (int i = 0; i < n; ++i) {
    const double t = i / rate;
    const std::vector<Keypoint> points = make(t);
    made.frames.push_back(
        {.pts = nanoseconds(t), .original = {.points = points}, .deidentified = {.points = points}});
  }
  return made;
}

inline float wave(double amplitude, double frequency, double t, double phase = 0) {
  return static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * (frequency * t) + phase));
}

/// A person who waves, nods and steps on the spot: every point moves.
inline std::vector<Keypoint> lively(double t) {
  auto points = standing();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto k = static_cast<double>(i);
    points[i].x += wave(8 + k, .7 + .05 * k, t, k);
    points[i].y += wave(5 + k / 2, .9 + .03 * k, t, 2 * k);
  }
  return points;
}

inline void shift(std::vector<Keypoint>& points, float x, float y) {
  for (Keypoint& point : points) {
    point.x += x;
    point.y += y;
  }
}

/// A person who walks across the picture at one stride per second. speed: px/s, the sign is the direction.
inline std::vector<Keypoint> walking(double t, double speed) {
  auto points = standing();
  const float ahead = speed < 0 ? -1 : 1;
  for (const std::size_t i : {11U, 22U, 24U}) // right ankle, toe, heel
    points[i].x += ahead * wave(50, 1, t);
  for (const std::size_t i : {14U, 19U, 21U})
    points[i].x += ahead * wave(50, 1, t, std::numbers::pi);
  points[4].x += ahead * wave(30, 1, t, std::numbers::pi);
  points[7].x += ahead * wave(30, 1, t);
  shift(points, static_cast<float>(speed * t), 0);
  return points;
}

} // namespace deid::kinematics::test
