#include "pipelines/deid/target/composite/proportions.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace deid::composites {

namespace {

constexpr std::size_t left_corner = 33, right_corner = 263;

/// Where a change applies.
enum class Zone : std::uint8_t {
  bell,  ///< around the anchor, falling off smoothly
  below, ///< from the anchor downwards; it grows over `high` eye distances and stays
  above, ///< from the anchor upwards, in the same way
};

/// A change of value 1. Lengths: distances of the outer corners of the eyes.
struct Change {
  std::string_view name;
  Zone zone;
  std::array<std::size_t, 2> anchors; ///< the zone's middle is the mean of these points
  bool both;                          ///< the mirrored change applies to the other side
  float wide, high;                   ///< standard deviations of a bell
  float move_x, move_y;               ///< outwards (on both sides), downwards
  float stretch_x,
      stretch_y; ///< share of the distance from the anchor; a zone below or above: in x from the middle
  float turn;    ///< [radians] outer side upwards
};

constexpr float wide_open = 9; // no limit sideways
constexpr std::array<Change, 20> changes{{
    {"face_width", Zone::below, {10, 10}, false, wide_open, .01F, 0, 0, .035F, 0, 0},
    {"jaw_width", Zone::below, {4, 4}, false, wide_open, .7F, 0, 0, .055F, 0, 0},
    {"cheek_width", Zone::bell, {4, 197}, false, wide_open, .28F, 0, 0, .03F, 0, 0},
    {"forehead_width", Zone::above, {168, 168}, false, wide_open, .4F, 0, 0, .04F, 0, 0},
    {"forehead_height", Zone::above, {9, 9}, false, wide_open, .4F, 0, -.05F, 0, 0, 0},
    {"chin_length", Zone::below, {17, 17}, false, wide_open, .35F, 0, .06F, 0, 0, 0},
    {"chin_width", Zone::bell, {152, 152}, false, .35F, .25F, 0, 0, .14F, 0, 0},
    {"nose_length", Zone::below, {6, 6}, false, wide_open, .5F, 0, .04F, 0, 0, 0},
    {"nose_width", Zone::bell, {4, 2}, false, .22F, .16F, 0, 0, .1F, 0, 0},
    {"nose_bridge", Zone::bell, {6, 197}, false, .13F, .16F, 0, 0, .12F, 0, 0},
    {"lip_distance", Zone::below, {2, 2}, false, wide_open, .14F, 0, .025F, 0, 0, 0},
    {"mouth_width", Zone::bell, {13, 14}, false, .32F, .14F, 0, 0, .07F, 0, 0},
    {"upper_lip", Zone::bell, {0, 13}, false, .3F, .05F, 0, 0, 0, .22F, 0},
    {"lower_lip", Zone::bell, {14, 17}, false, .3F, .07F, 0, 0, 0, .18F, 0},
    {"eye_distance", Zone::bell, {33, 133}, true, .2F, .2F, .02F, 0, 0, 0, 0},
    {"eye_size", Zone::bell, {159, 145}, true, .15F, .07F, 0, 0, .05F, .13F, 0},
    {"eye_tilt", Zone::bell, {33, 133}, true, .17F, .12F, 0, 0, 0, 0, .055F},
    {"brow_height", Zone::bell, {105, 52}, true, .25F, .07F, 0, -.022F, 0, 0, 0},
    {"brow_tilt", Zone::bell, {105, 52}, true, .2F, .07F, 0, 0, 0, 0, .07F},
    {"brow_thickness", Zone::bell, {105, 52}, true, .25F, .06F, 0, 0, 0, .2F, 0},
}};

float smooth_step(float x) {
  const float t = std::clamp(x, 0.F, 1.F);
  return t * t * (3 - 2 * t);
}

/// Returns the displacement [px] at a point. at: its place relative to the anchor, outwards and downwards
/// [px]. x: its place relative to the middle of the face, outwards.
cv::Point2f displacement(const Change& change, const cv::Point2f& at, float x, float unit) {
  const float right = at.x / unit, down = at.y / unit;
  float share = 0;
  if (change.zone == Zone::bell)
    share = std::exp(
        -.5F * (right * right / (change.wide * change.wide) + down * down / (change.high * change.high)));
  else
    share = smooth_step((change.zone == Zone::below ? down : -down) / change.high);
  const float from = change.zone == Zone::bell ? at.x : x;
  return share * cv::Point2f(change.move_x * unit + change.stretch_x * from + change.turn * at.y,
                             change.move_y * unit + change.stretch_y * at.y - change.turn * at.x);
}

void apply(Face& face, const Change& change, float value) {
  const Face before = face;
  const float unit = before[right_corner].x - before[left_corner].x;
  const float middle = (before[right_corner].x + before[left_corner].x) / 2;
  const cv::Point2f anchor = (flat(before[change.anchors[0]]) + flat(before[change.anchors[1]])) / 2;
  const auto add = [&](float side) { // 1: as the anchor lies; -1: mirrored
    const float outwards = change.both && anchor.x < middle ? -side : side;
    for (std::size_t i = 0; i < face.size(); ++i) {
      const float x = outwards * (before[i].x - middle);
      const cv::Point2f at(x - std::abs(anchor.x - middle), before[i].y - anchor.y);
      const cv::Point2f by = displacement(change, at, x, unit);
      face[i].x += value * outwards * by.x;
      face[i].y += value * by.y;
    }
  };
  add(1);
  if (change.both)
    add(-1);
}

} // namespace

std::vector<std::string_view> proportion_names() {
  std::vector<std::string_view> names;
  for (const Change& change : changes)
    names.push_back(change.name);
  return names;
}

void reshape(Face& face, std::span<const Proportion> proportions) {
  for (const Proportion& proportion : proportions) {
    const auto* change = std::ranges::find(changes, proportion.name, &Change::name);
    if (change == changes.end())
      throw std::invalid_argument("there is no proportion called " + proportion.name);
    if (!(std::abs(proportion.value) <= largest_proportion))
      throw std::invalid_argument("a proportion is not a number of -3 to 3");
    apply(face, *change, static_cast<float>(proportion.value));
  }
}

} // namespace deid::composites
