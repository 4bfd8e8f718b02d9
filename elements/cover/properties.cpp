#include "elements/cover/properties.hpp"
#include <gst/gst.h>

namespace deid::cover {

namespace {

enum Property : guint { PROP_0, PROP_SHAPE, PROP_MARGIN, PROP_ON_DOUBT, PROP_TAGS, PROP_AUDIT };

} // namespace

void install_properties(GObjectClass* klass) {
  constexpr auto always =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  constexpr auto ready =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(klass, PROP_SHAPE,
                                  g_param_spec_enum("shape", "Shape", "Shape of the covered area of a face",
                                                    shape_type(), static_cast<int>(Shape::box), always));
  g_object_class_install_property(klass, PROP_MARGIN,
                                  g_param_spec_float("margin", "Margin",
                                                     "Share of the face's size that is added on each side",
                                                     0.F, 2.F, 0.1F, always));
  g_object_class_install_property(klass, PROP_ON_DOUBT,
                                  g_param_spec_enum("on-doubt", "On doubt",
                                                    "What happens to a frame in doubt", on_doubt_type(),
                                                    static_cast<int>(OnDoubt::cover_frame), always));
  g_object_class_install_property(
      klass, PROP_TAGS,
      g_param_spec_enum("tags", "Tags",
                        "Whether to drop or keep tags, chapters and other data beside the frames",
                        tags_type(), static_cast<int>(Tags::drop), ready));
  g_object_class_install_property(
      klass, PROP_AUDIT,
      g_param_spec_string(
          "audit", "Audit file",
          "Audit file: one JSON line per frame with its faces and what was done to them (empty: off)",
          nullptr, ready));
}

bool set_setting(Settings& settings, guint id, const GValue* value) {
  switch (id) {
  case PROP_SHAPE:
    settings.shape = static_cast<Shape>(g_value_get_enum(value));
    return true;
  case PROP_MARGIN:
    settings.margin = g_value_get_float(value);
    return true;
  case PROP_ON_DOUBT:
    settings.on_doubt = static_cast<OnDoubt>(g_value_get_enum(value));
    return true;
  case PROP_TAGS:
    settings.tags = static_cast<Tags>(g_value_get_enum(value));
    return true;
  case PROP_AUDIT:
    settings.audit = g_value_get_string(value) != nullptr ? g_value_get_string(value) : "";
    return true;
  default:
    return false;
  }
}

bool get_setting(const Settings& settings, guint id, GValue* value) {
  switch (id) {
  case PROP_SHAPE:
    g_value_set_enum(value, static_cast<int>(settings.shape));
    return true;
  case PROP_MARGIN:
    g_value_set_float(value, settings.margin);
    return true;
  case PROP_ON_DOUBT:
    g_value_set_enum(value, static_cast<int>(settings.on_doubt));
    return true;
  case PROP_TAGS:
    g_value_set_enum(value, static_cast<int>(settings.tags));
    return true;
  case PROP_AUDIT:
    g_value_set_string(value, settings.audit.empty() ? nullptr : settings.audit.c_str());
    return true;
  default:
    return false;
  }
}

} // namespace deid::cover
