#include "elements/posedetect/properties.hpp"
#include "elements/base/device_property.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::posedetect {

namespace {

using Table = PropertyTable<Options>;

GType stage_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Stage::original), "Before de-identification", "original"},
      {static_cast<int>(Stage::deidentified), "After de-identification", "deidentified"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidPoseStage", values);
  return type;
}

GType keypoints_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(KeypointSet::blazepose33), "The network's own points", "native"},
      {static_cast<int>(KeypointSet::coco17), "COCO's 17 points", "coco-17"},
      {static_cast<int>(KeypointSet::openpose18), "OpenPose's 18 points", "openpose-18"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidPoseKeypoints", values);
  return type;
}

GType smoothing_type() {
  static const GEnumValue values[] = {{0, "Points as the network gives them", "none"},
                                      {1, "One-euro filter (hides tremor)", "one-euro"},
                                      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidPoseSmoothing", values);
  return type;
}

GType format_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(FileFormat::automatic), "By the file's name", "auto"},
      {static_cast<int>(FileFormat::openpose), "OpenPose JSON, a file a frame", "openpose"},
      {static_cast<int>(FileFormat::coco), "COCO results JSON", "coco"},
      {static_cast<int>(FileFormat::jsonl), "JSON lines with time stamps", "jsonl"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidPoseFileFormat", values);
  return type;
}

void add_detection(Table& table) {
  table.choice(
      {"stage", "Stage",
       "Whether this is the original or the de-identified video; a buffer can carry points of both"},
      Mutable::ready, stage_type, [](auto& o) -> auto& { return o.stage; });
  table.number(
      {"max-people", "Most people", "People followed in a frame"}, Mutable::playing,
      [](auto& o) -> auto& { return o.tracking.max_people; }, 1, 32);
  table.number(
      {"threshold", "Threshold",
       "Least score of a person, for the detector and for the landmarks [0.05..0.95]"},
      Mutable::playing, [](auto& o) -> auto& { return o.tracking.threshold; }, 0.05F, 0.95F);
  table.number(
      {"point-threshold", "Point threshold", "A point less visible than this is absent [0..1]"},
      Mutable::playing, [](auto& o) -> auto& { return o.tracking.point_threshold; }, 0.F, 1.F);
  table.number(
      {"detector-period", "Detector period",
       "Frames between searches for new people, while fewer than max-people are followed"},
      Mutable::playing, [](auto& o) -> auto& { return o.tracking.detector_period; }, 1, 10000);
  table.number<guint64>(
      {"absence", "Absence", "A person who comes back within this time keeps the id [ns]"}, Mutable::playing,
      [](auto& o) -> auto& { return o.tracking.absence; }, 0, 60 * GST_SECOND);
  table.choice(
      {"smoothing", "Smoothing", "Filter on the points; declared in the metadata. Hides tremor"},
      Mutable::ready, smoothing_type, [](auto& o) -> auto& { return o.tracking.smooth; });
  table.choice(
      {"keypoints", "Keypoints", "Points in files and in the regions"}, Mutable::ready, keypoints_type,
      [](auto& o) -> auto& { return o.set; });
  table.flag(
      {"hands", "Hands", "Find 21 points of each hand"}, Mutable::ready,
      [](auto& o) -> auto& { return o.hands; });
  table.flag(
      {"mask", "Mask", "Keep each person's mask in the metadata"}, Mutable::playing,
      [](auto& o) -> auto& { return o.tracking.mask; });
  table.flag(
      {"draw", "Draw", "Draw the skeletons into the picture; otherwise no pixel changes"}, Mutable::playing,
      [](auto& o) -> auto& { return o.draw; });
  table.number(
      {"threads", "Threads", "Threads of one inference"}, Mutable::ready,
      [](auto& o) -> auto& { return o.threads; }, 1, 64);
  table.text(
      device_property, Mutable::ready, [](auto& o) -> auto& { return o.device; });
}

void add_files(Table& table) {
  table.text(
      {"location", "Location", "File for the keypoints; empty: none"}, Mutable::ready,
      [](auto& o) -> auto& { return o.location; });
  table.choice(
      {"location-format", "Format", "Format of that file"}, Mutable::ready, format_type,
      [](auto& o) -> auto& { return o.format; });
  table.text(
      {"model", "Own network",
       "File of an OpenPose-style network (heat maps and part affinity fields, 57 or 78 channels) to use "
       "instead of BlazePose"},
      Mutable::ready, [](auto& o) -> auto& { return o.model; });
  table.text(
      {"detector-model", "Detector", "File of BlazePose's detector; empty: the file that set-up fetched"},
      Mutable::ready, [](auto& o) -> auto& { return o.files.detector; });
  table.text(
      {"landmark-model", "Landmarks",
       "File of BlazePose's landmark network, full or heavy; empty: full, as set-up fetched it"},
      Mutable::ready, [](auto& o) -> auto& { return o.files.landmarks; });
}

} // namespace

const PropertyTable<Options>& properties() {
  static const Table table = [] {
    Table all;
    add_detection(all);
    add_files(all);
    return all;
  }();
  return table;
}

} // namespace deid::posedetect
