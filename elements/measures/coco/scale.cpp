#include "elements/measures/coco/scale.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace deid::coco {

namespace {

constexpr std::size_t left_shoulder = 5, right_shoulder = 6, left_hip = 11, right_hip = 12;

std::optional<double> torso_squared(const Points& p) {
  for (const std::size_t i : {left_shoulder, right_shoulder, left_hip, right_hip})
    if (!(p.v[i] > 0))
      return std::nullopt;
  const double dx = (p.x[left_shoulder] + p.x[right_shoulder] - p.x[left_hip] - p.x[right_hip]) / 2;
  const double dy = (p.y[left_shoulder] + p.y[right_shoulder] - p.y[left_hip] - p.y[right_hip]) / 2;
  return dx * dx + dy * dy;
}

double size_of(const Box& box) {
  return box.width * box.height;
}

} // namespace

const char* to_string(Scale scale) {
  switch (scale) {
  case Scale::keypoint_box:
    return "keypoint-box";
  case Scale::box_053:
    return "box-0.53";
  case Scale::fixed:
    return "fixed";
  case Scale::torso:
    return "torso";
  }
  throw std::invalid_argument("no such scale");
}

std::string describe(const ScaleRule& rule) {
  std::string text = to_string(rule.scale);
  if (rule.scale != Scale::fixed)
    return text;
  std::string px = std::to_string(rule.fixed);
  px.erase(px.find_last_not_of('0') + 1);
  px.erase(px.find_last_not_of('.') + 1);
  return text + " (s = " + px + " px)";
}

Scale scale_named(std::string_view name) {
  for (const Scale scale : {Scale::keypoint_box, Scale::box_053, Scale::fixed, Scale::torso})
    if (name == to_string(scale))
      return scale;
  throw std::invalid_argument("\"" + std::string(name) +
                              "\" is no scale: keypoint-box, box-0.53, fixed or torso");
}

std::optional<Box> labelled_box(const Points& points) {
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (std::size_t i = 0; i < point_count; ++i) {
    if (!(points.v[i] > 0))
      continue;
    left = std::min(left, points.x[i]);
    right = std::max(right, points.x[i]);
    top = std::min(top, points.y[i]);
    bottom = std::max(bottom, points.y[i]);
  }
  if (left > right)
    return std::nullopt;
  return Box{left, top, right - left, bottom - top};
}

std::optional<double> area_of(const Truth& truth, const ScaleRule& rule) {
  if (rule.scale == Scale::fixed) {
    if (!(rule.fixed > 0) || !std::isfinite(rule.fixed))
      throw std::invalid_argument("a fixed scale must be above 0 px");
    return rule.fixed * rule.fixed;
  }
  if (rule.scale == Scale::torso)
    return torso_squared(truth.points);
  const bool has_box = truth.box.width > 0 && truth.box.height > 0;
  const auto box = rule.scale == Scale::box_053 && has_box ? truth.box : labelled_box(truth.points);
  if (!box)
    return std::nullopt;
  return (rule.scale == Scale::box_053 ? .53 : 1.) * size_of(*box);
}

} // namespace deid::coco
