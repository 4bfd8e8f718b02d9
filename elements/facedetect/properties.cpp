#include "elements/facedetect/properties.hpp"
#include "elements/base/gstdeidvideo.hpp"
#include <filesystem>

namespace deid::facedetect {

namespace {

enum Property {
  PROP_0,
  PROP_THRESHOLD,
  PROP_MIN_FACE,
  PROP_SWEEP_PERIOD,
  PROP_MAX_FACES,
  PROP_LOOKAHEAD,
  PROP_HOLD_TIME,
  PROP_PRECISION,
  PROP_THREADS,
  PROP_UPDATES,
  PROP_MODEL_SHORT_RANGE,
  PROP_MODEL_FULL_RANGE,
  PROP_MODEL_CENTERFACE,
  PROP_MODEL_MESH,
  PROP_HEADS,
};

GType precision_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(deid::models::Precision::f32), "32-bit floating point", "f32"},
      {static_cast<int>(deid::models::Precision::bf16), "bfloat16 where the processor has it", "bf16"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidPrecision", values);
  return type;
}

GType updates_type() {
  static const GEnumValue values[] = {
      {UPDATES_EVERY_FRAME, "A message for every frame", "every-frame"},
      {UPDATES_ON_CHANGE, "A message when the number of faces changes", "on-change"},
      {UPDATES_ON_FACE, "A message for every frame with a face", "on-face"},
      {UPDATES_NONE, "No messages", "none"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidFaceDetectUpdates", values);
  return type;
}

GType heads_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Heads::automatic),
       "As facing in pictures and in frames that are far apart, as off in other frames", "auto"},
      {static_cast<int>(Heads::off), "Only faces that a detector of faces knows", "off"},
      {static_cast<int>(Heads::facing),
       "Also heads of people whose body is seen and whose face nobody knows, but not from behind", "facing"},
      {static_cast<int>(Heads::all), "From behind as well", "all"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidFaceDetectHeads", values);
  return type;
}

} // namespace

bool set_preference(Preferences& preferences, guint id, const GValue* value) {
  Options& options = preferences.options;
  switch (id) {
  case PROP_THRESHOLD:
    options.tracking.threshold = g_value_get_float(value);
    break;
  case PROP_MIN_FACE:
    options.tracking.min_face = g_value_get_int(value);
    break;
  case PROP_SWEEP_PERIOD:
    options.tracking.sweep_period = g_value_get_int(value);
    break;
  case PROP_MAX_FACES:
    options.tracking.max_faces = g_value_get_int(value);
    break;
  case PROP_LOOKAHEAD:
    options.lookahead = g_value_get_int(value);
    break;
  case PROP_HOLD_TIME:
    options.tracking.hold_time = static_cast<std::int64_t>(g_value_get_uint64(value));
    break;
  case PROP_PRECISION:
    options.precision = static_cast<deid::models::Precision>(g_value_get_enum(value));
    break;
  case PROP_THREADS:
    options.threads = g_value_get_int(value);
    break;
  case PROP_UPDATES:
    preferences.updates = static_cast<Updates>(g_value_get_enum(value));
    break;
  case PROP_MODEL_SHORT_RANGE:
    options.files.short_range = text_of(value);
    break;
  case PROP_MODEL_FULL_RANGE:
    options.files.full_range = text_of(value);
    break;
  case PROP_MODEL_CENTERFACE:
    options.files.centerface = text_of(value);
    break;
  case PROP_MODEL_MESH:
    options.files.mesh = text_of(value);
    break;
  case PROP_HEADS:
    options.tracking.heads = static_cast<Heads>(g_value_get_enum(value));
    break;
  default:
    return false;
  }
  return true;
}

bool get_preference(const Preferences& preferences, guint id, GValue* value) {
  const Options& options = preferences.options;
  switch (id) {
  case PROP_THRESHOLD:
    g_value_set_float(value, options.tracking.threshold);
    break;
  case PROP_MIN_FACE:
    g_value_set_int(value, options.tracking.min_face);
    break;
  case PROP_SWEEP_PERIOD:
    g_value_set_int(value, options.tracking.sweep_period);
    break;
  case PROP_MAX_FACES:
    g_value_set_int(value, options.tracking.max_faces);
    break;
  case PROP_LOOKAHEAD:
    g_value_set_int(value, options.lookahead);
    break;
  case PROP_HOLD_TIME:
    g_value_set_uint64(value, static_cast<guint64>(options.tracking.hold_time));
    break;
  case PROP_PRECISION:
    g_value_set_enum(value, static_cast<int>(options.precision));
    break;
  case PROP_THREADS:
    g_value_set_int(value, options.threads);
    break;
  case PROP_UPDATES:
    g_value_set_enum(value, preferences.updates);
    break;
  case PROP_MODEL_SHORT_RANGE:
    g_value_set_string(value, options.files.short_range.c_str());
    break;
  case PROP_MODEL_FULL_RANGE:
    g_value_set_string(value, options.files.full_range.c_str());
    break;
  case PROP_MODEL_CENTERFACE:
    g_value_set_string(value, options.files.centerface.c_str());
    break;
  case PROP_MODEL_MESH:
    g_value_set_string(value, options.files.mesh.c_str());
    break;
  case PROP_HEADS:
    g_value_set_enum(value, static_cast<int>(options.tracking.heads));
    break;
  default:
    return false;
  }
  return true;
}

void install_preferences(GObjectClass* klass) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto ready = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
  const auto playing = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING);
  const Options d{};
  const auto install = [klass](guint id, GParamSpec* spec) {
    g_object_class_install_property(klass, id, spec);
  };
  install(PROP_THRESHOLD,
          g_param_spec_float(
              "threshold", "Threshold",
              "Score from which a detection is believed at once; weaker ones need a second opinion "
              "[0.05..0.95]",
              0.05F, 0.95F, d.tracking.threshold, playing));
  install(PROP_MIN_FACE, g_param_spec_int("min-face", "Smallest face", "Smaller detections are ignored [px]",
                                          4, 4096, d.tracking.min_face, playing));
  install(
      PROP_SWEEP_PERIOD,
      g_param_spec_int("sweep-period", "Sweep period",
                       "Thirtieths of a second between looks of the strong detector while something moves "
                       "(half of it while "
                       "much does, three times it while nothing does); 0 = 20 with a lookahead, 15 without",
                       0, 1000, d.tracking.sweep_period, playing));
  install(PROP_MAX_FACES,
          g_param_spec_int("max-faces", "Most faces with landmarks",
                           "Faces followed with the 468-point mesh; further ones are covered all the same", 1,
                           256, d.tracking.max_faces, playing));
  install(PROP_LOOKAHEAD,
          g_param_spec_int(
              "lookahead", "Lookahead",
              "Frames of delay in which a face found late is filled into earlier frames; -1: as many as fit "
              "into 100 ms when live, 30 otherwise. Reported as latency",
              -1, 600, d.lookahead, ready));
  install(PROP_HOLD_TIME,
          g_param_spec_uint64("hold-time", "Hold time", "A lost face stays covered, growing, this long [ns]",
                              0, 60 * GST_SECOND, static_cast<guint64>(d.tracking.hold_time), playing));
  install(PROP_PRECISION, g_param_spec_enum("precision", "Precision",
                                            "Numbers the detectors compute in (landmarks: always f32)",
                                            precision_type(), static_cast<int>(d.precision), ready));
  install(PROP_THREADS,
          g_param_spec_int("threads", "Threads", "Threads an inference may use", 1, 64, d.threads, ready));
  install(PROP_UPDATES, g_param_spec_enum("updates", "Updates", "When to post the facedetect element message",
                                          updates_type(), UPDATES_ON_CHANGE, playing));
  install(PROP_HEADS, g_param_spec_enum("heads", "Heads",
                                        "Whose heads are covered where a body is seen and no face is known",
                                        heads_type(), static_cast<int>(d.tracking.heads), playing));
  const auto model = [&](guint id, const char* name, const char* blurb) {
    install(id, g_param_spec_string(name, name, blurb, "", ready));
  };
  model(PROP_MODEL_SHORT_RANGE, "model-short-range",
        "File of BlazeFace short range; empty: the one set-up fetched");
  model(PROP_MODEL_FULL_RANGE, "model-full-range",
        "File of BlazeFace full range sparse; empty: the one set-up fetched");
  model(PROP_MODEL_CENTERFACE, "model-centerface", "File of CenterFace; empty: the one set-up fetched");
  model(PROP_MODEL_MESH, "model-mesh", "File of the 468-point face mesh; empty: the one set-up fetched");
  gst_type_mark_as_plugin_api(precision_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(updates_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(heads_type(), static_cast<GstPluginAPIFlags>(0));
}

} // namespace deid::facedetect
