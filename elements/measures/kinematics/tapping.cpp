// Which points make a tapping movement.
#include "elements/measures/kinematics/cycles.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <cmath>
#include <optional>

namespace deid::kinematics {
namespace {

using Side = CleanSeries::Side;
using Number = std::optional<double>;

double distance_between(const Keypoint& a, const Keypoint& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// A movement's reading of one stream's frame [px], and the length that makes it independent of the
/// distance to the camera; none when a point is absent.
template <typename Value, typename Unit>
Tapping measured(const CleanSeries& series, const std::string& part, const std::string& unit, Value value,
                 Unit unit_of, const Settings& settings) {
  std::vector<double> lengths;
  Readings readings;
  for (const auto& frame : series.frames()) {
    if (const Number length = unit_of(frame.original); length && *length > 0)
      lengths.push_back(*length);
    const Number o = value(frame.original);
    const Number d = value(frame.deidentified);
    if (o && d)
      readings.push_back({frame.t, *o, *d});
  }
  const double length = statistics::median(std::move(lengths));
  if (!(length > 0))
    readings.clear(); // no unit: its points were never present together
  for (Reading& reading : readings) {
    reading.original /= length;
    reading.deidentified /= length;
  }
  return tapping(part, unit, readings, settings);
}

Tapping fingers(const CleanSeries& series, bool left, const Settings& settings) {
  const std::size_t side = left ? 0 : 1;
  const auto between = [side](std::size_t a, std::size_t b) {
    return [=](const Side& view) -> Number {
      const auto& hand = view.hands[side];
      if (hand.empty() || !hand[a].present || !hand[b].present)
        return std::nullopt;
      return distance_between(hand[a], hand[b]);
    };
  };
  constexpr std::size_t wrist = 0;
  constexpr std::size_t thumb_tip = 4;
  constexpr std::size_t index_tip = 8;
  constexpr std::size_t middle_root = 9;
  const std::string part = std::string(left ? "left" : "right") + " thumb-index";
  Tapping result = measured(series, part, "palm lengths", between(thumb_tip, index_tip),
                            between(wrist, middle_root), settings);
  if (result.n == 0)
    result.why = "needs the 21 points of this hand in both streams; body points have no finger tips";
  return result;
}

Tapping toe(const CleanSeries& series, const std::string& side, const Settings& settings) {
  const std::size_t tip = body_index(side + "_big_toe");
  const std::size_t heel = body_index(side + "_heel");
  const auto height = [=](const Side& view) -> Number {
    if (!view.body[tip].present || !view.body[heel].present)
      return std::nullopt;
    return view.body[heel].y - view.body[tip].y;
  };
  const auto length = [=](const Side& view) -> Number {
    if (!view.body[tip].present || !view.body[heel].present)
      return std::nullopt;
    return distance_between(view.body[tip], view.body[heel]);
  };
  Tapping result = measured(series, side + " toe", "foot lengths", height, length, settings);
  if (series.set() == KeypointSet::coco17 || series.set() == KeypointSet::openpose18)
    result.why = std::string(to_string(series.set())) + " has no toes and heels";
  return result;
}

Tapping knee(const CleanSeries& series, const std::string& side, const Settings& settings) {
  const std::size_t joint = body_index(side + "_knee");
  const std::size_t hip = body_index(side + "_hip");
  const auto height = [=](const Side& view) -> Number {
    if (!view.body[joint].present || !view.body[hip].present)
      return std::nullopt;
    return view.body[hip].y - view.body[joint].y;
  };
  const double torso = series.torso();
  return measured(
      series, side + " knee", "torso lengths", height, [=](const Side&) -> Number { return torso; },
      settings);
}

} // namespace

std::vector<Tapping> tappings(const CleanSeries& series, const Settings& settings) {
  return {fingers(series, true, settings), fingers(series, false, settings), toe(series, "left", settings),
          toe(series, "right", settings),  knee(series, "left", settings),   knee(series, "right", settings)};
}

} // namespace deid::kinematics
