#pragma once
#include "models/image/affine.hpp"
#include <array>
#include <cstdint>
#include <optional>

namespace deid::models {

/// The one-euro filter (Casiez, Roussel, Vogel 2012) of one number: a low-pass filter whose cut-off grows
/// with speed. Slow values are smooth, fast ones have little delay. Not thread-safe.
class OneEuro {
public:
  /// min_cutoff, derivative_cutoff: Hz, > 0. beta: Hz per unit of scaled speed, >= 0.
  struct Parameters {
    double min_cutoff;
    double beta;
    double derivative_cutoff = 1.0;
  };
  explicit OneEuro(Parameters parameters) : parameters_(parameters) {}
  /// Returns the filtered value; `time` in ns. Speed is the change per second times `speed_scale`. When
  /// `time` is not later than the one before, the value comes back unfiltered, as in MediaPipe.
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

/// The place of the next crop. MediaPipe always smooths the two alignment points, even without smoothing of
/// the body points. It uses a one-euro filter scaled by the circle's diameter. So the crop of a person at
/// rest does not move.
class SteadyRoi {
public:
  /// alignment: PoseResult's, frame px. time: of its frame [ns]. Returns the region for the next frame.
  [[nodiscard]] RotatedRoi update(const std::array<cv::Point2f, 2>& alignment, std::int64_t time);
  void reset();

private:
  static constexpr OneEuro::Parameters parameters{.min_cutoff = 0.01, .beta = 10.0};
  std::array<OneEuro, 4> filters_{OneEuro(parameters), OneEuro(parameters), OneEuro(parameters),
                                  OneEuro(parameters)};
};

} // namespace deid::models
