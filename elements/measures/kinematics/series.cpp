#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::kinematics {
namespace {

constexpr float absurd = 1e6F; // px; no frame is that large
constexpr std::size_t mesh_points = 468;

bool sound(float x, float y) {
  return std::abs(x) <= absurd && std::abs(y) <= absurd; // false for NaN
}

/// Makes points that may not be used absent.
std::vector<Keypoint> usable(std::vector<Keypoint> points, float threshold, std::size_t& not_finite,
                             std::size_t& below) {
  for (Keypoint& point : points) {
    if (!point.present)
      continue;
    if (!sound(point.x, point.y)) {
      ++not_finite;
      point = {};
    } else if (!(point.score > threshold)) {
      ++below;
      point = {};
    }
  }
  return points;
}

const Hand* surest(const std::vector<Hand>& hands, bool left) {
  const Hand* best = nullptr;
  for (const Hand& hand : hands)
    if (hand.left == left && !hand.points.empty() && (!best || hand.score > best->score))
      best = &hand;
  return best;
}

void expect_size(std::size_t size, std::size_t wanted, const char* what) {
  if (size != 0 && size != wanted)
    throw std::invalid_argument(std::string(what) + " has " + std::to_string(size) + " points instead of " +
                                std::to_string(wanted));
}

CleanSeries::Side clean(const View& view, KeypointSet set, float threshold, std::size_t& not_finite,
                        std::size_t& below) {
  expect_size(view.points.size(), keypoint_names(set).size(), to_string(set));
  expect_size(view.face.size(), mesh_points, "a face mesh");
  CleanSeries::Side side;
  side.points = usable(view.points, threshold, not_finite, below);
  side.points.resize(keypoint_names(set).size());
  side.body = convert_points(Person{.set = set, .points = side.points}, KeypointSet::body25);
  for (const bool left : {true, false})
    if (const Hand* hand = surest(view.hands, left)) {
      expect_size(hand->points.size(), Hand::point_count, "a hand");
      side.hands[left ? 0 : 1] = usable(hand->points, threshold, not_finite, below);
    }
  if (std::ranges::all_of(view.face, [](const cv::Point2f& at) { return sound(at.x, at.y); }))
    side.face = view.face;
  else
    ++not_finite;
  return side;
}

double torso_length(const std::vector<Keypoint>& body) {
  static const std::size_t neck = body_index("neck");
  static const std::size_t hip = body_index("mid_hip");
  if (!body[neck].present || !body[hip].present)
    return 0;
  return std::hypot(body[neck].x - body[hip].x, body[neck].y - body[hip].y);
}

void expect(bool holds, const char* sentence) {
  if (!holds)
    throw std::invalid_argument(sentence);
}

} // namespace

void check(const Settings& s) {
  expect(s.threshold >= 0 && s.threshold <= 1, "threshold must be between 0 and 1");
  expect(s.max_gap > 0 && s.max_gap <= 10, "max_gap must be above 0 and at most 10 s");
  expect(s.band_low > 0 && s.band_high > s.band_low && s.band_high <= 100,
         "the tremor band must lie between 0 and 100 Hz and have a width");
  expect(s.window >= 1 && s.window <= 60, "window must be between 1 and 60 s");
  expect(s.alpha > 0 && s.alpha < 1, "alpha must be between 0 and 1");
  expect(s.frequency_limit >= 0 && s.amplitude_limit >= 0 && s.coherence_limit >= 0 && s.prominence >= 1,
         "the limits of tremor must not be negative, prominence not below 1");
  expect(s.still_travel >= 0 && s.min_move > 0 && s.pause > 1 && s.swap_floor >= 0,
         "still_travel and swap_floor must not be negative, min_move above 0, pause above 1");
  expect(s.max_lag >= 0 && s.max_lag <= 60, "max_lag must be between 0 and 60 s");
  expect(s.blink_share > 0 && s.blink_share < 1 && s.longest_blink > 0,
         "blink_share must be between 0 and 1, longest_blink above 0");
}

CleanSeries::CleanSeries(const PairedSeries& series, const Settings& settings) : set_(series.set) {
  check(settings);
  std::int64_t first = 0;
  std::int64_t last = -1;
  std::vector<double> steps;
  std::vector<double> torsos;
  for (const PairedFrame& given : series.frames) {
    Frame frame;
    if (!frames_.empty() && given.pts > last)
      frame.t = static_cast<double>(given.pts - first) * 1e-9;
    // Negative ones too; and after centuries a nanosecond is lost in the rounding.
    if (given.pts <= last || (!frames_.empty() && frame.t <= frames_.back().t)) {
      ++exclusions_.untimed;
      continue;
    }
    if (frames_.empty())
      first = given.pts;
    else
      steps.push_back(frame.t - frames_.back().t);
    last = given.pts;
    frame.original = clean(given.original, set_, settings.threshold, exclusions_.not_finite_original,
                           exclusions_.below_threshold_original);
    frame.deidentified = clean(given.deidentified, set_, settings.threshold,
                               exclusions_.not_finite_deidentified, exclusions_.below_threshold_deidentified);
    if (const double torso = torso_length(frame.original.body); torso > 0)
      torsos.push_back(torso);
    frames_.push_back(std::move(frame));
  }
  exclusions_.frames = frames_.size();
  interval_ = statistics::median(std::move(steps));
  torso_ = statistics::median(std::move(torsos));
}

std::size_t body_index(std::string_view name) {
  const auto names = keypoint_names(KeypointSet::body25);
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    throw std::invalid_argument("body-25 has no point \"" + std::string(name) + "\"");
  return static_cast<std::size_t>(found - names.begin());
}

std::string spoken(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::vector<double> times_of(const Readings& readings) {
  std::vector<double> times;
  times.reserve(readings.size());
  for (const Reading& reading : readings)
    times.push_back(reading.t);
  return times;
}

} // namespace deid::kinematics
