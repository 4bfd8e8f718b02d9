#include "elements/faceswap/properties.hpp"

namespace deid::faceswap {

namespace {

enum Property : guint {
  PROP_0,
  PROP_ENGINE,
  PROP_MODEL,
  PROP_PASSPHRASE_FILE,
  PROP_TARGET,
  PROP_TARGET_BANK,
  PROP_GALLERY,
  PROP_LEAST_DISTANCE,
  PROP_LEAST_GALLERY,
  PROP_VERIFY,
  PROP_GEOMETRY,
  PROP_GEOMETRY_AUTO,
  PROP_ASSIGN,
  PROP_OTHERS,
  PROP_FEATHER,
  PROP_EYES,
  PROP_MAX_ANGLE,
  PROP_FADE,
  PROP_OPACITY,
  PROP_CORRECT,
  PROP_HANDS
};

constexpr auto always =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
constexpr auto ready =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);

GType eyes_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Eyes::own), "The person's own, so that gaze and blinks stay", "own"},
      {static_cast<int>(Eyes::target), "The target's, opened and closed with the person's lids", "target"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidSwapEyes", values);
  return type;
}

GType engine_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Engine::mesh), "A target's picture on the person's mesh, without training", "mesh"},
      {static_cast<int>(Engine::autoencoder), "A network that was trained for this person", "autoencoder"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidSwapEngine", values);
  return type;
}

GType others_type() {
  static const GEnumValue values[] = {{static_cast<int>(Others::blur), "Blurred", "blur"},
                                      {static_cast<int>(Others::fill), "Covered in black", "fill"},
                                      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidSwapOthers", values);
  return type;
}

void give_text(GValue* value, const std::string& text) {
  g_value_set_string(value, text.empty() ? nullptr : text.c_str());
}

void install_engine(GObjectClass* klass) {
  g_object_class_install_property(klass, PROP_ENGINE,
                                  g_param_spec_enum("engine", "Engine", "What draws the target's face",
                                                    engine_type(), static_cast<int>(Engine::mesh), ready));
  g_object_class_install_property(
      klass, PROP_MODEL,
      g_param_spec_string(
          "model", "Model",
          "File that deid train wrote, for engine=autoencoder; it is used on the person it was "
          "trained for, and on nobody else",
          nullptr, ready));
  g_object_class_install_property(
      klass, PROP_PASSPHRASE_FILE,
      g_param_spec_string("passphrase-file", "Passphrase file",
                          "File whose first line opens an encrypted model (none: the environment's "
                          "DEID_MODEL_PASSPHRASE)",
                          nullptr, ready));
}

void install_choice(GObjectClass* klass) {
  const VerifyOptions normal;
  g_object_class_install_property(
      klass, PROP_TARGET,
      g_param_spec_string("target", "Target",
                          "Target file; several, separated by ':', go to people in order of appearance, one "
                          "each; auto: everybody gets the best of the bank",
                          nullptr, ready));
  g_object_class_install_property(
      klass, PROP_TARGET_BANK,
      g_param_spec_string("target-bank", "Target bank",
                          "Folder of target files to choose from (none: the bank that set-up made)", nullptr,
                          ready));
  g_object_class_install_property(
      klass, PROP_GALLERY,
      g_param_spec_string("gallery", "Gallery",
                          "Folder of more strangers (target or gallery files); one of them must be nearer to "
                          "a result than the person is",
                          nullptr, ready));
  g_object_class_install_property(
      klass, PROP_LEAST_DISTANCE,
      g_param_spec_float(
          "least-distance", "Least distance",
          "Between a person and the target, and the result (dlib); what is nearer is not shown", 0.F, 2.F,
          static_cast<float>(normal.least), always));
  g_object_class_install_property(
      klass, PROP_LEAST_GALLERY,
      g_param_spec_int("least-gallery", "Least gallery",
                       "Strangers from which on it counts who is nearest to the result", 1, G_MAXINT,
                       normal.least_gallery, always));
  g_object_class_install_property(
      klass, PROP_VERIFY,
      g_param_spec_int("verify", "Verify",
                       "Frames of a person from one check of the result to the next, the first always; 0: "
                       "never",
                       0, 10000, normal.every, always));
  g_object_class_install_property(
      klass, PROP_GEOMETRY,
      g_param_spec_float("geometry", "Geometry",
                         "How far inner features move towards the target's; everybody begins with it", 0.F,
                         1.F, normal.geometry, always));
  g_object_class_install_property(klass, PROP_GEOMETRY_AUTO,
                                  g_param_spec_boolean("geometry-auto", "Raise geometry",
                                                       "Raise a person's geometry as far as verify needs it",
                                                       normal.raise, always));
  g_object_class_install_property(
      klass, PROP_ASSIGN,
      g_param_spec_string("assign", "Assign",
                          "Who is swapped: everyone, largest, left, right, or ids (1,3); the others stay "
                          "covered",
                          "everyone", always));
  g_object_class_install_property(klass, PROP_OTHERS,
                                  g_param_spec_enum("others", "Others",
                                                    "How those are covered whom assign "
                                                    "leaves out",
                                                    others_type(), static_cast<int>(Others::blur), always));
}

void install_look(GObjectClass* klass) {
  const SwapSettings normal;
  g_object_class_install_property(
      klass, PROP_FEATHER,
      g_param_spec_float("feather", "Feather", "Share of the face's width over which the swap fades out", 0.F,
                         0.3F, normal.compose.draw.feather, always));
  g_object_class_install_property(klass, PROP_EYES,
                                  g_param_spec_enum("eyes", "Eyes", "Whose eyes look out", eyes_type(),
                                                    static_cast<int>(normal.compose.draw.eyes), always));
  g_object_class_install_property(klass, PROP_MAX_ANGLE,
                                  g_param_spec_float("max-angle", "Largest angle",
                                                     "Degrees; a head turned or bent further is blurred", 0.F,
                                                     90.F, normal.gate.max_angle, always));
  g_object_class_install_property(klass, PROP_FADE,
                                  g_param_spec_int("fade", "Fade", "Frames from blur to swap and back", 0,
                                                   100, normal.gate.fade, always));
  g_object_class_install_property(klass, PROP_OPACITY,
                                  g_param_spec_float("opacity", "Opacity",
                                                     "Of the swap over the blur; 0: blur alone", 0.F, 1.F,
                                                     normal.compose.opacity, always));
  g_object_class_install_property(klass, PROP_CORRECT,
                                  g_param_spec_boolean("correct", "Correct",
                                                       "Look at results and draw features so that they are "
                                                       "seen where the person's own are",
                                                       normal.correct, ready));
  g_object_class_install_property(
      klass, PROP_HANDS,
      g_param_spec_boolean("hands", "Hands", "Keep hands before a face in front of what is drawn on it",
                           normal.hands, ready));
}

bool set_engine(Sources& sources, guint id, const GValue* value) {
  switch (id) {
  case PROP_ENGINE:
    sources.engine = static_cast<Engine>(g_value_get_enum(value));
    return true;
  case PROP_MODEL:
    sources.model = text_of(value);
    return true;
  case PROP_PASSPHRASE_FILE:
    sources.passphrase_file = text_of(value);
    return true;
  default:
    return false;
  }
}

bool get_engine(const Sources& sources, guint id, GValue* value) {
  switch (id) {
  case PROP_ENGINE:
    g_value_set_enum(value, static_cast<int>(sources.engine));
    return true;
  case PROP_MODEL:
    give_text(value, sources.model);
    return true;
  case PROP_PASSPHRASE_FILE:
    give_text(value, sources.passphrase_file);
    return true;
  default:
    return false;
  }
}

bool set_choice(Settings& settings, guint id, const GValue* value) {
  VerifyOptions& verify = settings.swap.verify;
  switch (id) {
  case PROP_TARGET:
    settings.sources.target = text_of(value);
    return true;
  case PROP_TARGET_BANK:
    settings.sources.bank = text_of(value);
    return true;
  case PROP_GALLERY:
    settings.sources.gallery = text_of(value);
    return true;
  case PROP_LEAST_DISTANCE:
    verify.least = static_cast<double>(g_value_get_float(value));
    return true;
  case PROP_LEAST_GALLERY:
    verify.least_gallery = g_value_get_int(value);
    return true;
  case PROP_VERIFY:
    verify.every = g_value_get_int(value);
    return true;
  case PROP_GEOMETRY:
    verify.geometry = g_value_get_float(value);
    return true;
  case PROP_GEOMETRY_AUTO:
    verify.raise = g_value_get_boolean(value) == TRUE;
    return true;
  case PROP_ASSIGN:
    settings.assign = text_of(value);
    return true;
  case PROP_OTHERS:
    settings.swap.others = static_cast<Others>(g_value_get_enum(value));
    return true;
  default:
    return set_engine(settings.sources, id, value);
  }
}

bool get_choice(const Settings& settings, guint id, GValue* value) {
  const VerifyOptions& verify = settings.swap.verify;
  switch (id) {
  case PROP_TARGET:
    give_text(value, settings.sources.target);
    return true;
  case PROP_TARGET_BANK:
    give_text(value, settings.sources.bank);
    return true;
  case PROP_GALLERY:
    give_text(value, settings.sources.gallery);
    return true;
  case PROP_LEAST_DISTANCE:
    g_value_set_float(value, static_cast<float>(verify.least));
    return true;
  case PROP_LEAST_GALLERY:
    g_value_set_int(value, verify.least_gallery);
    return true;
  case PROP_VERIFY:
    g_value_set_int(value, verify.every);
    return true;
  case PROP_GEOMETRY:
    g_value_set_float(value, verify.geometry);
    return true;
  case PROP_GEOMETRY_AUTO:
    g_value_set_boolean(value, verify.raise ? TRUE : FALSE);
    return true;
  case PROP_ASSIGN:
    give_text(value, settings.assign);
    return true;
  case PROP_OTHERS:
    g_value_set_enum(value, static_cast<int>(settings.swap.others));
    return true;
  default:
    return get_engine(settings.sources, id, value);
  }
}

} // namespace

void install_properties(GObjectClass* klass) {
  install_engine(klass);
  install_choice(klass);
  install_look(klass);
  gst_type_mark_as_plugin_api(engine_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(eyes_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(others_type(), static_cast<GstPluginAPIFlags>(0));
}

bool set_setting(Settings& settings, guint id, const GValue* value) {
  ComposeOptions& compose = settings.swap.compose;
  switch (id) {
  case PROP_FEATHER:
    compose.draw.feather = g_value_get_float(value);
    return true;
  case PROP_EYES:
    compose.draw.eyes = static_cast<Eyes>(g_value_get_enum(value));
    return true;
  case PROP_MAX_ANGLE:
    settings.swap.gate.max_angle = g_value_get_float(value);
    return true;
  case PROP_FADE:
    settings.swap.gate.fade = g_value_get_int(value);
    return true;
  case PROP_OPACITY:
    compose.opacity = g_value_get_float(value);
    return true;
  case PROP_CORRECT:
    settings.swap.correct = g_value_get_boolean(value) == TRUE;
    return true;
  case PROP_HANDS:
    settings.swap.hands = g_value_get_boolean(value) == TRUE;
    return true;
  default:
    return set_choice(settings, id, value);
  }
}

bool get_setting(const Settings& settings, guint id, GValue* value) {
  const ComposeOptions& compose = settings.swap.compose;
  switch (id) {
  case PROP_FEATHER:
    g_value_set_float(value, compose.draw.feather);
    return true;
  case PROP_EYES:
    g_value_set_enum(value, static_cast<int>(compose.draw.eyes));
    return true;
  case PROP_MAX_ANGLE:
    g_value_set_float(value, settings.swap.gate.max_angle);
    return true;
  case PROP_FADE:
    g_value_set_int(value, settings.swap.gate.fade);
    return true;
  case PROP_OPACITY:
    g_value_set_float(value, compose.opacity);
    return true;
  case PROP_CORRECT:
    g_value_set_boolean(value, settings.swap.correct ? TRUE : FALSE);
    return true;
  case PROP_HANDS:
    g_value_set_boolean(value, settings.swap.hands ? TRUE : FALSE);
    return true;
  default:
    return get_choice(settings, id, value);
  }
}

SwapSettings understood(const Settings& settings) {
  SwapSettings swap = settings.swap;
  swap.pick = settings.sources.pick();
  swap.trained = settings.sources.engine == Engine::autoencoder;
  const auto assign = parse_selection(settings.assign.empty() ? "everyone" : settings.assign);
  if (!assign)
    throw ElementError(
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The property assign is everyone, largest, left, right, or ids like 1,3; it is not \"" +
            settings.assign + "\".",
        "assign=" + settings.assign);
  swap.selection = *assign;
  return swap;
}

} // namespace deid::faceswap
