#include "elements/posedetect/properties.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::posedetect {

namespace {

enum Property {
  PROP_0,
  PROP_STAGE,
  PROP_MAX_PEOPLE,
  PROP_THRESHOLD,
  PROP_POINT_THRESHOLD,
  PROP_DETECTOR_PERIOD,
  PROP_ABSENCE,
  PROP_SMOOTHING,
  PROP_KEYPOINTS,
  PROP_HANDS,
  PROP_MASK,
  PROP_DRAW,
  PROP_THREADS,
  PROP_LOCATION,
  PROP_LOCATION_FORMAT,
  PROP_DETECTOR_MODEL,
  PROP_LANDMARK_MODEL,
  PROP_MODEL,
};

GType stage_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Stage::original), "Before de-identification", "original"},
      {static_cast<int>(Stage::deidentified), "After de-identification", "deidentified"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidPoseStage", values);
  return type;
}

GType keypoints_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(KeypointSet::blazepose33), "The network's own points", "native"},
      {static_cast<int>(KeypointSet::coco17), "COCO's 17 points", "coco-17"},
      {static_cast<int>(KeypointSet::openpose18), "OpenPose's 18 points", "openpose-18"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidPoseKeypoints", values);
  return type;
}

GType smoothing_type() {
  static const GEnumValue values[] = {{0, "Points as the network gives them", "none"},
                                      {1, "One-euro filter (hides tremor)", "one-euro"},
                                      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidPoseSmoothing", values);
  return type;
}

GType format_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(FileFormat::automatic), "By the file's name", "auto"},
      {static_cast<int>(FileFormat::openpose), "OpenPose JSON, a file a frame", "openpose"},
      {static_cast<int>(FileFormat::coco), "COCO results JSON", "coco"},
      {static_cast<int>(FileFormat::jsonl), "JSON lines with time stamps", "jsonl"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidPoseFileFormat", values);
  return type;
}

} // namespace

bool set_option(Options& options, guint id, const GValue* value) {
  Settings& tracking = options.tracking;
  switch (id) {
  case PROP_STAGE:
    options.stage = static_cast<Stage>(g_value_get_enum(value));
    break;
  case PROP_MAX_PEOPLE:
    tracking.max_people = g_value_get_int(value);
    break;
  case PROP_THRESHOLD:
    tracking.threshold = g_value_get_float(value);
    break;
  case PROP_POINT_THRESHOLD:
    tracking.point_threshold = g_value_get_float(value);
    break;
  case PROP_DETECTOR_PERIOD:
    tracking.detector_period = g_value_get_int(value);
    break;
  case PROP_ABSENCE:
    tracking.absence = static_cast<std::int64_t>(g_value_get_uint64(value));
    break;
  case PROP_SMOOTHING:
    tracking.smooth = g_value_get_enum(value) != 0;
    break;
  case PROP_KEYPOINTS:
    options.set = static_cast<KeypointSet>(g_value_get_enum(value));
    break;
  case PROP_HANDS:
    options.hands = g_value_get_boolean(value) != FALSE;
    break;
  case PROP_MASK:
    tracking.mask = g_value_get_boolean(value) != FALSE;
    break;
  case PROP_DRAW:
    options.draw = g_value_get_boolean(value) != FALSE;
    break;
  case PROP_THREADS:
    options.threads = g_value_get_int(value);
    break;
  case PROP_LOCATION:
    options.location = text_of(value);
    break;
  case PROP_LOCATION_FORMAT:
    options.format = static_cast<FileFormat>(g_value_get_enum(value));
    break;
  case PROP_DETECTOR_MODEL:
    options.files.detector = text_of(value);
    break;
  case PROP_LANDMARK_MODEL:
    options.files.landmarks = text_of(value);
    break;
  case PROP_MODEL:
    options.model = text_of(value);
    break;
  default:
    return false;
  }
  return true;
}

bool get_option(const Options& options, guint id, GValue* value) {
  const Settings& tracking = options.tracking;
  switch (id) {
  case PROP_STAGE:
    g_value_set_enum(value, static_cast<int>(options.stage));
    break;
  case PROP_MAX_PEOPLE:
    g_value_set_int(value, tracking.max_people);
    break;
  case PROP_THRESHOLD:
    g_value_set_float(value, tracking.threshold);
    break;
  case PROP_POINT_THRESHOLD:
    g_value_set_float(value, tracking.point_threshold);
    break;
  case PROP_DETECTOR_PERIOD:
    g_value_set_int(value, tracking.detector_period);
    break;
  case PROP_ABSENCE:
    g_value_set_uint64(value, static_cast<guint64>(tracking.absence));
    break;
  case PROP_SMOOTHING:
    g_value_set_enum(value, tracking.smooth ? 1 : 0);
    break;
  case PROP_KEYPOINTS:
    g_value_set_enum(value, static_cast<int>(options.set));
    break;
  case PROP_HANDS:
    g_value_set_boolean(value, options.hands ? TRUE : FALSE);
    break;
  case PROP_MASK:
    g_value_set_boolean(value, tracking.mask ? TRUE : FALSE);
    break;
  case PROP_DRAW:
    g_value_set_boolean(value, options.draw ? TRUE : FALSE);
    break;
  case PROP_THREADS:
    g_value_set_int(value, options.threads);
    break;
  case PROP_LOCATION:
    g_value_set_string(value, options.location.c_str());
    break;
  case PROP_LOCATION_FORMAT:
    g_value_set_enum(value, static_cast<int>(options.format));
    break;
  case PROP_DETECTOR_MODEL:
    g_value_set_string(value, options.files.detector.c_str());
    break;
  case PROP_LANDMARK_MODEL:
    g_value_set_string(value, options.files.landmarks.c_str());
    break;
  case PROP_MODEL:
    g_value_set_string(value, options.model.c_str());
    break;
  default:
    return false;
  }
  return true;
}

void install_options(GObjectClass* klass) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto ready = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
  const auto playing = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING);
  const Options d{};
  const auto install = [klass](guint id, GParamSpec* spec) {
    g_object_class_install_property(klass, id, spec);
  };
  install(PROP_STAGE,
          g_param_spec_enum("stage", "Stage", "Which video this is; a buffer carries the points of both",
                            stage_type(), static_cast<int>(d.stage), ready));
  install(PROP_MAX_PEOPLE, g_param_spec_int("max-people", "Most people", "People followed in a frame", 1, 32,
                                            d.tracking.max_people, playing));
  install(PROP_THRESHOLD,
          g_param_spec_float("threshold", "Threshold",
                             "Score from which there is a person, for detector and landmarks [0.05..0.95]",
                             0.05F, 0.95F, d.tracking.threshold, playing));
  install(PROP_POINT_THRESHOLD, g_param_spec_float("point-threshold", "Point threshold",
                                                   "A point less visible than this is absent [0..1]", 0.F,
                                                   1.F, d.tracking.point_threshold, playing));
  install(PROP_DETECTOR_PERIOD,
          g_param_spec_int("detector-period", "Detector period",
                           "Frames between looks for people who may have come, while fewer than max-people "
                           "are followed",
                           1, 10000, d.tracking.detector_period, playing));
  install(PROP_ABSENCE,
          g_param_spec_uint64("absence", "Absence", "Who comes back within this time keeps the id [ns]", 0,
                              60 * GST_SECOND, static_cast<guint64>(d.tracking.absence), playing));
  install(PROP_SMOOTHING, g_param_spec_enum("smoothing", "Smoothing",
                                            "Filter on the points; declared in the metadata. Hides tremor",
                                            smoothing_type(), 0, ready));
  install(PROP_KEYPOINTS, g_param_spec_enum("keypoints", "Keypoints", "Points in files and in the regions",
                                            keypoints_type(), static_cast<int>(d.set), ready));
  install(PROP_HANDS, g_param_spec_boolean("hands", "Hands", "Find 21 points of each hand",
                                           d.hands ? TRUE : FALSE, ready));
  install(PROP_MASK, g_param_spec_boolean("mask", "Mask", "Keep each person's mask in the metadata",
                                          d.tracking.mask ? TRUE : FALSE, playing));
  install(PROP_DRAW, g_param_spec_boolean("draw", "Draw", "Draw the skeletons: the only way pixels change",
                                          d.draw ? TRUE : FALSE, playing));
  install(PROP_THREADS,
          g_param_spec_int("threads", "Threads", "Threads an inference may use", 1, 64, d.threads, ready));
  install(PROP_LOCATION,
          g_param_spec_string("location", "Location", "File for the keypoints; empty: none", "", ready));
  install(PROP_LOCATION_FORMAT, g_param_spec_enum("location-format", "Format", "Format of that file",
                                                  format_type(), static_cast<int>(d.format), ready));
  install(PROP_MODEL,
          g_param_spec_string("model", "Own network",
                              "File of an OpenPose-style network (heat maps and part affinity fields, 57 or "
                              "78 channels) to use instead of BlazePose",
                              "", ready));
  install(PROP_DETECTOR_MODEL,
          g_param_spec_string("detector-model", "Detector",
                              "File of BlazePose's detector; empty: the one set-up fetched", "", ready));
  install(PROP_LANDMARK_MODEL,
          g_param_spec_string("landmark-model", "Landmarks",
                              "File of BlazePose's landmark network, full or heavy; empty: full, as set-up "
                              "fetched it",
                              "", ready));
  for (const GType type : {stage_type(), keypoints_type(), smoothing_type(), format_type()})
    gst_type_mark_as_plugin_api(type, static_cast<GstPluginAPIFlags>(0));
}

} // namespace deid::posedetect
