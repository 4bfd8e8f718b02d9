#include "elements/meta/pose.hpp"
#include <algorithm>
#include <array>
#include <stdexcept>

namespace deid {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 17> coco17{
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};

constexpr std::array<std::string_view, 18> openpose18{
    "nose",       "neck",       "right_shoulder", "right_elbow", "right_wrist", "left_shoulder",
    "left_elbow", "left_wrist", "right_hip",      "right_knee",  "right_ankle", "left_hip",
    "left_knee",  "left_ankle", "right_eye",      "left_eye",    "right_ear",   "left_ear"};

constexpr std::array<std::string_view, 25> body25{
    "nose",           "neck",        "right_shoulder", "right_elbow",     "right_wrist",
    "left_shoulder",  "left_elbow",  "left_wrist",     "mid_hip",         "right_hip",
    "right_knee",     "right_ankle", "left_hip",       "left_knee",       "left_ankle",
    "right_eye",      "left_eye",    "right_ear",      "left_ear",        "left_big_toe",
    "left_small_toe", "left_heel",   "right_big_toe",  "right_small_toe", "right_heel"};

constexpr std::array<std::string_view, 33> blazepose33{
    "nose",        "left_eye_inner",  "left_eye",        "left_eye_outer", "right_eye_inner",
    "right_eye",   "right_eye_outer", "left_ear",        "right_ear",      "mouth_left",
    "mouth_right", "left_shoulder",   "right_shoulder",  "left_elbow",     "right_elbow",
    "left_wrist",  "right_wrist",     "left_pinky",      "right_pinky",    "left_index",
    "right_index", "left_thumb",      "right_thumb",     "left_hip",       "right_hip",
    "left_knee",   "right_knee",      "left_ankle",      "right_ankle",    "left_heel",
    "right_heel",  "left_foot_index", "right_foot_index"};

constexpr std::array<int, 17> from_coco17{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<int, 17> from_openpose18{0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10};
constexpr std::array<int, 17> from_body25{0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11};
constexpr std::array<int, 17> from_blazepose33{0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28};

/// Translates a name that another set spells differently.
std::string_view as_spelled(std::string_view name, KeypointSet set) {
  constexpr std::array<std::array<std::string_view, 2>, 2> toes{
      {{"left_big_toe", "left_foot_index"}, {"right_big_toe", "right_foot_index"}}};
  for (const auto& [body, blaze] : toes) {
    if (set == KeypointSet::blazepose33 && name == body)
      return blaze;
    if (set == KeypointSet::body25 && name == blaze)
      return body;
  }
  return name;
}

Keypoint point_named(const Person& person, std::string_view name) {
  const Names names = keypoint_names(person.set);
  const auto found = std::ranges::find(names, as_spelled(name, person.set));
  const auto index = static_cast<std::size_t>(found - names.begin());
  return index < std::min(names.size(), person.points.size()) ? person.points[index] : Keypoint{};
}

Keypoint middle(const Keypoint& a, const Keypoint& b) {
  if (!a.present || !b.present)
    return {};
  return {(a.x + b.x) / 2, (a.y + b.y) / 2, std::min(a.score, b.score), true};
}

Keypoint point_as(const Person& person, std::string_view name) {
  const Keypoint own = point_named(person, name);
  if (own.present)
    return own;
  if (name == "neck")
    return middle(point_named(person, "left_shoulder"), point_named(person, "right_shoulder"));
  if (name == "mid_hip")
    return middle(point_named(person, "left_hip"), point_named(person, "right_hip"));
  return {};
}

} // namespace

const char* to_string(KeypointSet set) {
  switch (set) {
  case KeypointSet::blazepose33:
    return "blazepose-33";
  case KeypointSet::coco17:
    return "coco-17";
  case KeypointSet::openpose18:
    return "openpose-18";
  case KeypointSet::body25:
    return "body-25";
  }
  throw std::invalid_argument("no such set of keypoints");
}

KeypointSet keypoint_set(std::string_view name) {
  for (const KeypointSet set :
       {KeypointSet::blazepose33, KeypointSet::coco17, KeypointSet::openpose18, KeypointSet::body25})
    if (name == to_string(set))
      return set;
  throw std::invalid_argument("\"" + std::string(name) +
                              "\" is no set of keypoints: blazepose-33, coco-17, openpose-18 or body-25");
}

Names keypoint_names(KeypointSet set) {
  switch (set) {
  case KeypointSet::blazepose33:
    return blazepose33;
  case KeypointSet::coco17:
    return coco17;
  case KeypointSet::openpose18:
    return openpose18;
  case KeypointSet::body25:
    return body25;
  }
  throw std::invalid_argument("no such set of keypoints");
}

std::span<const int> coco17_indices(KeypointSet set) {
  switch (set) {
  case KeypointSet::blazepose33:
    return from_blazepose33;
  case KeypointSet::coco17:
    return from_coco17;
  case KeypointSet::openpose18:
    return from_openpose18;
  case KeypointSet::body25:
    return from_body25;
  }
  throw std::invalid_argument("no such set of keypoints");
}

const char* to_string(Stage stage) {
  return stage == Stage::original ? "original" : "deidentified";
}

std::vector<Keypoint> convert_points(const Person& person, KeypointSet to) {
  if (to == person.set)
    return person.points;
  std::vector<Keypoint> points;
  for (const std::string_view name : keypoint_names(to))
    points.push_back(point_as(person, name));
  return points;
}

} // namespace deid
