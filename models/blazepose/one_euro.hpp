#pragma once
#include "models/image/affine.hpp"
#include <array>
#include <cstdint>
#include <optional>

namespace deid::models {

/// The one-euro filter (Casiez, Roussel, Vogel 2012) of one number: a low-pass whose cut-off grows with
/// speed, so that what rests does not tremble and what moves does not lag. Not thread-safe.
class OneEuro {
public:
  /// min_cutoff, derivative_cutoff: Hz, > 0; beta: Hz per unit of (scaled) speed, >= 0.
  struct Parameters {
    double min_cutoff;
    double beta;
    double derivative_cutoff = 1.0;
  };
  explicit OneEuro(Parameters parameters) : parameters_(parameters) {}
  /// value at `time` [ns]; speed is measured in values times `speed_scale` per second. A time that is not
  /// later than the one before gives the value back unfiltered, as MediaPipe does.
  double apply(double value, double speed_scale, std::int64_t time);
  void reset() { last_.reset(); }

private:
  struct State {
    std::int64_t time;
    double raw, filtered, speed;
  };
  Parameters parameters_;
  std::optional<State> last_;
};

/// Where the next crop goes: MediaPipe steadies the two alignment points (never the body's) with a one-euro
/// filter scaled by the circle's diameter, whether or not smoothing was asked for, so that the crop of a
/// person at rest rests as well.
class SteadyRoi {
public:
  /// alignment: of PoseResult, frame px; time [ns] of its frame. The region for the next frame.
  [[nodiscard]] RotatedRoi update(const std::array<cv::Point2f, 2>& alignment, std::int64_t time);
  void reset();

private:
  static constexpr OneEuro::Parameters parameters{.min_cutoff = 0.01, .beta = 10.0};
  std::array<OneEuro, 4> filters_{OneEuro(parameters), OneEuro(parameters), OneEuro(parameters),
                                  OneEuro(parameters)};
};

} // namespace deid::models
