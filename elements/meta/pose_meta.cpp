#include "elements/meta/pose_meta.hpp"
#include "elements/meta/owned_meta.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>

namespace deid {

namespace {

constexpr const char* person_roi = "person";
constexpr int fp32 = 10; // DL Streamer's number for this precision

void scale(std::vector<Keypoint>& points, const PlaceChange& change) {
  for (Keypoint& point : points) {
    point.x *= change.x;
    point.y *= change.y;
  }
}

struct PoseTraits {
  using Value = PoseFrame;
  static constexpr const char* name = "DeidPoseMeta";
  static constexpr const char* api_name = "DeidPoseMetaAPI";
  static std::optional<PoseFrame> placed(PoseFrame frame, const PlaceChange& change) {
    for (Person& person : frame.people) {
      person.box = {person.box.x * change.x, person.box.y * change.y, person.box.width * change.x,
                    person.box.height * change.y};
      scale(person.points, change);
      for (Hand& hand : person.hands)
        scale(hand.points, change);
      if (person.mask && (change.x != 1.F || change.y != 1.F)) {
        PersonMask mask = *person.mask;
        const cv::Matx22f factor(change.x, 0, 0, change.y);
        mask.crop_to_frame = factor * mask.crop_to_frame;
        person.mask = std::make_shared<const PersonMask>(std::move(mask));
      }
    }
    frame.width = change.frame.width;
    frame.height = change.frame.height;
    return frame;
  }
};
using PoseMeta = OwnedMeta<PoseTraits>;

/// Removes the stage's own meta, and the regions of all stages: regions belong to the stage attached last.
void remove_old(GstBuffer* buffer, Stage stage) {
  std::vector<std::uint32_t> ids;
  for (const Stage each : {Stage::original, Stage::deidentified})
    if (const PoseFrame* frame = find_pose(buffer, each); frame != nullptr)
      for (const Person& person : frame->people)
        ids.push_back(person.id);
  remove_regions(buffer, person_roi, ids);
  PoseMeta::remove(buffer,
                   [stage](const PoseFrame* frame) { return frame == nullptr || frame->stage == stage; });
}

void append_text(GValue& list, std::string_view text) {
  GValue one = G_VALUE_INIT;
  g_value_init(&one, G_TYPE_STRING);
  g_value_set_string(&one, std::string(text).c_str());
  gst_value_array_append_and_take_value(&list, &one);
}

void append_number(GValue& list, GType type, auto set_value) {
  GValue one = G_VALUE_INIT;
  g_value_init(&one, type);
  set_value(&one);
  gst_value_array_append_and_take_value(&list, &one);
}

void set_list(GstStructure* structure, const char* name, auto&& fill) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_ARRAY);
  fill(list);
  gst_structure_take_value(structure, name, &list);
}

/// x and y of each point as shares of the region; -1 for an absent point.
std::vector<float> places_in(const GstVideoRegionOfInterestMeta& roi, const std::vector<Keypoint>& points) {
  std::vector<float> places;
  for (const Keypoint& point : points) {
    const bool usable = point.present && std::isfinite(point.x) && std::isfinite(point.y);
    places.push_back(usable ? (point.x - static_cast<float>(roi.x)) / static_cast<float>(roi.w) : -1.F);
    places.push_back(usable ? (point.y - static_cast<float>(roi.y)) / static_cast<float>(roi.h) : -1.F);
  }
  return places;
}

/// DL Streamer's lists of numbers: the shape of the data, and the points' scores.
void set_numbers(GstStructure* to, const std::vector<Keypoint>& points) {
  set_list(to, "dims", [&](GValue& list) {
    for (const std::size_t size : {points.size(), std::size_t{2}})
      append_number(list, G_TYPE_UINT, [&](GValue* one) { g_value_set_uint(one, static_cast<guint>(size)); });
  });
  set_list(to, "confidence", [&](GValue& list) {
    for (const Keypoint& point : points)
      append_number(list, G_TYPE_FLOAT,
                    [&](GValue* one) { g_value_set_float(one, point.present ? point.score : 0.F); });
  });
}

/// DL Streamer's lists of names: the points, and the pairs of points that a line joins.
void set_names(GstStructure* to, KeypointSet set) {
  const auto names = keypoint_names(set);
  set_list(to, "point_names", [&](GValue& list) {
    for (const std::string_view name : names)
      append_text(list, name);
  });
  set_list(to, "point_connections", [&](GValue& list) {
    for (const Bone& bone : bones(set)) {
      append_text(list, names[static_cast<std::size_t>(bone.from)]);
      append_text(list, names[static_cast<std::size_t>(bone.to)]);
    }
  });
}

GstStructure* keypoints_of(const GstVideoRegionOfInterestMeta& roi, const Person& person, KeypointSet set) {
  const std::vector<Keypoint> points = convert_points(person, set);
  const std::vector<float> places = places_in(roi, points);
  GstStructure* out = gst_structure_new("keypoints", "format", G_TYPE_STRING, "keypoints", "semantic_tag",
                                        G_TYPE_STRING, ("body-pose/" + std::string(to_string(set))).c_str(),
                                        "precision", G_TYPE_INT, fp32, nullptr);
  GVariant* data =
      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, places.data(), places.size() * sizeof(float), 1);
  gst_structure_set(out, "data_buffer", G_TYPE_VARIANT, data, nullptr);
  set_numbers(out, points);
  set_names(out, set);
  return out;
}

} // namespace

void attach_pose(GstBuffer* buffer, PoseFrame frame, std::optional<KeypointSet> regions) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: keypoints cannot be attached");
  remove_old(buffer, frame.stage);
  for (const Person& person : frame.people)
    if (auto* roi =
            add_region(buffer, person_roi, person.id, person.box, person.score, {frame.width, frame.height}))
      gst_video_region_of_interest_meta_add_param(roi,
                                                  keypoints_of(*roi, person, regions.value_or(person.set)));
  if (!PoseMeta::add(buffer, std::move(frame)))
    throw std::runtime_error("keypoints could not be attached");
}

const PoseFrame* find_pose(GstBuffer* buffer, Stage stage) {
  if (buffer == nullptr)
    return nullptr;
  gpointer state = nullptr;
  while (GstMeta* meta = gst_buffer_iterate_meta_filtered(buffer, &state, PoseMeta::api_type()))
    if (const PoseFrame* frame = PoseMeta::value_of(meta); frame != nullptr && frame->stage == stage)
      return frame;
  return nullptr;
}

std::vector<Bone> bones(KeypointSet set) {
  static constexpr std::array<std::array<std::string_view, 2>, 24> pairs{{{"left_shoulder", "right_shoulder"},
                                                                          {"left_hip", "right_hip"},
                                                                          {"left_shoulder", "left_hip"},
                                                                          {"right_shoulder", "right_hip"},
                                                                          {"left_shoulder", "left_elbow"},
                                                                          {"left_elbow", "left_wrist"},
                                                                          {"right_shoulder", "right_elbow"},
                                                                          {"right_elbow", "right_wrist"},
                                                                          {"left_hip", "left_knee"},
                                                                          {"left_knee", "left_ankle"},
                                                                          {"right_hip", "right_knee"},
                                                                          {"right_knee", "right_ankle"},
                                                                          {"nose", "left_eye"},
                                                                          {"left_eye", "left_ear"},
                                                                          {"nose", "right_eye"},
                                                                          {"right_eye", "right_ear"},
                                                                          {"left_wrist", "left_index"},
                                                                          {"right_wrist", "right_index"},
                                                                          {"left_ankle", "left_heel"},
                                                                          {"left_heel", "left_foot_index"},
                                                                          {"right_ankle", "right_heel"},
                                                                          {"right_heel", "right_foot_index"},
                                                                          {"nose", "neck"},
                                                                          {"mouth_left", "mouth_right"}}};
  const auto names = keypoint_names(set);
  std::vector<Bone> found;
  for (const auto& pair : pairs) {
    const auto from = std::ranges::find(names, pair[0]);
    const auto to = std::ranges::find(names, pair[1]);
    if (from != names.end() && to != names.end())
      found.push_back({static_cast<int>(from - names.begin()), static_cast<int>(to - names.begin())});
  }
  return found;
}

} // namespace deid
