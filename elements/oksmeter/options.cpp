#include "elements/oksmeter/options.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::oksmeter {

namespace {

enum Property {
  PROP_0,
  PROP_SCALE,
  PROP_SCALE_PX,
  PROP_MIN_SCORE,
  PROP_PRIMARY,
  PROP_REFERENCE,
  PROP_LOCATION,
  PROP_CSV,
  PROP_PERIOD,
  PROP_BLOCK,
  PROP_RESAMPLES,
  PROP_SEED,
  PROP_EVERY_PAIR,
};

GType scale_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(coco::Scale::keypoint_box), "Box around the labelled points", "keypoint-box"},
      {static_cast<int>(coco::Scale::box_053), ".53 of that box, as xtcocotools does", "box-0.53"},
      {static_cast<int>(coco::Scale::fixed), "scale-px for everybody", "fixed"},
      {static_cast<int>(coco::Scale::torso), "Mid shoulder to mid hip", "torso"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidOksScale", values);
  return type;
}

} // namespace

MeterRule rule_of(const MeterOptions& options) {
  MeterRule rule;
  rule.people = {options.scale, static_cast<float>(options.min_score)};
  rule.primary = primary_named(options.primary);
  rule.bootstrap = {options.block, options.resamples, options.seed};
  rule.keep_pairs = options.every_pair;
  rule.kinematics.threshold = static_cast<float>(options.min_score);
  return rule;
}

bool set_meter_option(MeterOptions& options, guint id, const GValue* value) {
  switch (id) {
  case PROP_SCALE:
    options.scale.scale = static_cast<coco::Scale>(g_value_get_enum(value));
    break;
  case PROP_SCALE_PX:
    options.scale.fixed = g_value_get_double(value);
    break;
  case PROP_MIN_SCORE:
    options.min_score = g_value_get_double(value);
    break;
  case PROP_PRIMARY:
    options.primary = text_of(value);
    break;
  case PROP_REFERENCE:
    options.reference = text_of(value);
    break;
  case PROP_LOCATION:
    options.location = text_of(value);
    break;
  case PROP_CSV:
    options.csv = text_of(value);
    break;
  case PROP_PERIOD:
    options.period = g_value_get_uint64(value);
    break;
  case PROP_BLOCK:
    options.block = g_value_get_uint(value);
    break;
  case PROP_RESAMPLES:
    options.resamples = g_value_get_uint(value);
    break;
  case PROP_SEED:
    options.seed = g_value_get_uint(value);
    break;
  case PROP_EVERY_PAIR:
    options.every_pair = g_value_get_boolean(value) != FALSE;
    break;
  default:
    return false;
  }
  return true;
}

bool get_meter_option(const MeterOptions& options, guint id, GValue* value) {
  switch (id) {
  case PROP_SCALE:
    g_value_set_enum(value, static_cast<int>(options.scale.scale));
    break;
  case PROP_SCALE_PX:
    g_value_set_double(value, options.scale.fixed);
    break;
  case PROP_MIN_SCORE:
    g_value_set_double(value, options.min_score);
    break;
  case PROP_PRIMARY:
    g_value_set_string(value, options.primary.c_str());
    break;
  case PROP_REFERENCE:
    g_value_set_string(value, options.reference.c_str());
    break;
  case PROP_LOCATION:
    g_value_set_string(value, options.location.c_str());
    break;
  case PROP_CSV:
    g_value_set_string(value, options.csv.c_str());
    break;
  case PROP_PERIOD:
    g_value_set_uint64(value, options.period);
    break;
  case PROP_BLOCK:
    g_value_set_uint(value, options.block);
    break;
  case PROP_RESAMPLES:
    g_value_set_uint(value, options.resamples);
    break;
  case PROP_SEED:
    g_value_set_uint(value, options.seed);
    break;
  case PROP_EVERY_PAIR:
    g_value_set_boolean(value, options.every_pair ? TRUE : FALSE);
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
  install(PROP_SCALE, g_param_spec_enum("scale", "Scale", "What a person's size is", scale_type(),
                                        static_cast<int>(d.scale.scale), flags));
  install(PROP_SCALE_PX, g_param_spec_double("scale-px", "Fixed scale", "The size with scale=fixed [px]",
                                             1e-3, 1e6, d.scale.fixed, flags));
  install(PROP_MIN_SCORE,
          g_param_spec_double("min-score", "Least score", "Points that score no more than this are absent", 0,
                              1, d.min_score, flags));
  install(PROP_PRIMARY, g_param_spec_string("primary", "Whose scores",
                                            "all, largest, or the id of a person of the original",
                                            d.primary.c_str(), flags));
  install(PROP_REFERENCE,
          g_param_spec_string("reference", "Keypoints of the original",
                              "OpenPose JSON (a folder), COCO JSON or JSON lines, instead of metadata",
                              nullptr, flags));
  install(PROP_LOCATION,
          g_param_spec_string("location", "Report", "JSON file, written at the end", nullptr, flags));
  install(PROP_CSV,
          g_param_spec_string("csv", "Table of movement", "CSV file, written at the end", nullptr, flags));
  install(PROP_PERIOD,
          g_param_spec_uint64("period", "Period", "Stream time between messages [ns]; 0 = only at the end", 0,
                              G_MAXINT64, d.period, flags));
  install(PROP_BLOCK,
          g_param_spec_uint("bootstrap-block", "Block of the bootstrap",
                            "Frames in a row; 0 = as many as make a second", 0, 1000000, d.block, flags));
  install(PROP_RESAMPLES, g_param_spec_uint("bootstrap-resamples", "Resamples", "Of the 95 % intervals", 1,
                                            100000, d.resamples, flags));
  install(PROP_SEED, g_param_spec_uint("bootstrap-seed", "Seed", "The same seed gives the same intervals", 0,
                                       G_MAXUINT, d.seed, flags));
  install(PROP_EVERY_PAIR,
          g_param_spec_boolean("every-pair", "Every pair", "Write every OKS and every match into the report",
                               d.every_pair ? TRUE : FALSE, flags));
}

} // namespace deid::oksmeter
