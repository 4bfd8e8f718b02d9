#include "models/blazepose/one_euro.hpp"
#include "models/blazepose/blazepose.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace deid::models {
namespace {

/// Weight of the new value in a first-order low-pass.
double share(double cutoff, double seconds) {
  const double tau = 1 / (2 * std::numbers::pi * cutoff);
  return 1 / (1 + tau / seconds);
}

} // namespace

double OneEuro::apply(double value, double speed_scale, std::int64_t time) {
  if (!last_) {
    last_ = State{time, value, value, 0};
    return value;
  }
  if (time <= last_->time)
    return value;
  const double seconds = static_cast<double>(time - last_->time) * 1e-9;
  const double speed = (value - last_->raw) * speed_scale / seconds;
  const double slow = share(parameters_.derivative_cutoff, seconds);
  const double smooth_speed = slow * speed + (1 - slow) * last_->speed;
  const double fresh = share(parameters_.min_cutoff + parameters_.beta * std::abs(smooth_speed), seconds);
  last_ = State{time, value, fresh * value + (1 - fresh) * last_->filtered, smooth_speed};
  return last_->filtered;
}

RotatedRoi SteadyRoi::update(const std::array<cv::Point2f, 2>& alignment, std::int64_t time) {
  const cv::Point2f radius = alignment[1] - alignment[0];
  const double diameter = std::max(1e-6, 2.0 * std::hypot(radius.x, radius.y));
  const auto steady = [&](std::size_t filter, float value) {
    return static_cast<float>(filters_[filter].apply(value, 1 / diameter, time));
  };
  const cv::Point2f centre(steady(0, alignment[0].x), steady(1, alignment[0].y));
  const cv::Point2f on_circle(steady(2, alignment[1].x), steady(3, alignment[1].y));
  return pose_roi(centre, on_circle);
}

void SteadyRoi::reset() {
  for (OneEuro& filter : filters_)
    filter.reset();
}

} // namespace deid::models
