#include "elements/identitymeter/options.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::identitymeter {

namespace {

enum Property {
  PROP_0,
  PROP_STAGE,
  PROP_INTERVAL,
  PROP_THRESHOLD,
  PROP_LANDMARKS,
  PROP_TARGET,
  PROP_LOCATION,
  PROP_CSV,
  PROP_RAW,
  PROP_PERIOD,
};

GType stage_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Side::original), "Behind facedetect, before the cover: takes the original faces",
       "original"},
      {static_cast<int>(Side::deidentified), "Behind the cover: measures", "deidentified"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidIdentityStage", values);
  return type;
}

GType landmarks_type() {
  static const GEnumValue values[] = {{static_cast<int>(Landmarks::result),
                                       "Found on the result; where there are none, the original's", "result"},
                                      {static_cast<int>(Landmarks::original), "The original's", "original"},
                                      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidIdentityLandmarks", values);
  return type;
}

void set_text(GValue* value, const std::filesystem::path& path) {
  g_value_set_string(value, path.empty() ? nullptr : path.c_str());
}

} // namespace

bool set_meter_option(MeterOptions& options, guint id, const GValue* value) {
  switch (id) {
  case PROP_STAGE:
    options.stage = static_cast<Side>(g_value_get_enum(value));
    break;
  case PROP_INTERVAL:
    options.interval = g_value_get_uint(value);
    break;
  case PROP_THRESHOLD:
    options.threshold = g_value_get_double(value);
    break;
  case PROP_LANDMARKS:
    options.landmarks = static_cast<Landmarks>(g_value_get_enum(value));
    break;
  case PROP_TARGET:
    options.target = text_of(value);
    break;
  case PROP_LOCATION:
    options.location = text_of(value);
    break;
  case PROP_CSV:
    options.csv = text_of(value);
    break;
  case PROP_RAW:
    options.raw = text_of(value);
    break;
  case PROP_PERIOD:
    options.period = g_value_get_uint64(value);
    break;
  default:
    return false;
  }
  return true;
}

bool get_meter_option(const MeterOptions& options, guint id, GValue* value) {
  switch (id) {
  case PROP_STAGE:
    g_value_set_enum(value, static_cast<int>(options.stage));
    break;
  case PROP_INTERVAL:
    g_value_set_uint(value, options.interval);
    break;
  case PROP_THRESHOLD:
    g_value_set_double(value, options.threshold);
    break;
  case PROP_LANDMARKS:
    g_value_set_enum(value, static_cast<int>(options.landmarks));
    break;
  case PROP_TARGET:
    set_text(value, options.target);
    break;
  case PROP_LOCATION:
    set_text(value, options.location);
    break;
  case PROP_CSV:
    set_text(value, options.csv);
    break;
  case PROP_RAW:
    set_text(value, options.raw);
    break;
  case PROP_PERIOD:
    g_value_set_uint64(value, options.period);
    break;
  default:
    return false;
  }
  return true;
}

void install_meter_options(GObjectClass* klass) {
  const auto flags =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const MeterOptions d{};
  const auto install = [klass](guint id, GParamSpec* spec) {
    g_object_class_install_property(klass, id, spec);
  };
  install(PROP_STAGE, g_param_spec_enum("stage", "Stage", "Which of the two this element is", stage_type(),
                                        static_cast<int>(d.stage), flags));
  install(
      PROP_INTERVAL,
      g_param_spec_uint("interval", "Interval",
                        "Frames from one measured frame to the next; 0 = 1, and 5 when the source is live", 0,
                        1000, d.interval, flags));
  install(PROP_THRESHOLD,
          g_param_spec_double("threshold", "Threshold",
                              "Distance from which on two faces are two people's (the paper's: .6)", 0, 2,
                              d.threshold, flags));
  install(PROP_LANDMARKS,
          g_param_spec_enum("landmarks", "Landmarks", "By whose landmarks the face of the result is cut out",
                            landmarks_type(), static_cast<int>(d.landmarks), flags));
  install(PROP_TARGET,
          g_param_spec_string("target", "Target",
                              "Target file or model that all faces wear; or a folder, or a list separated by "
                              "':', of targets to be known by name (none: the bank that set-up made)",
                              nullptr, flags));
  install(PROP_LOCATION,
          g_param_spec_string("location", "Report", "JSON file, written at the end", nullptr, flags));
  install(PROP_CSV, g_param_spec_string("csv", "Table of distances",
                                        "CSV file, a line a face and measured frame", nullptr, flags));
  install(PROP_RAW,
          g_param_spec_string("raw", "Raw data",
                              "File of JSON lines with every descriptor: THEY NAME THE PEOPLE IN THE "
                              "VIDEO (none: off)",
                              nullptr, flags));
  install(PROP_PERIOD,
          g_param_spec_uint64("period", "Period", "Stream time between messages [ns]; 0 = only at the end", 0,
                              G_MAXINT64, d.period, flags));
  gst_type_mark_as_plugin_api(stage_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(landmarks_type(), static_cast<GstPluginAPIFlags>(0));
}

} // namespace deid::identitymeter
