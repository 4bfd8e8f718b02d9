/// SECTION:element-faceblur
///
/// Blurs or pixelates the faces that facedetect found, in place.
///
/// ## Example launch line
/// gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! facedetect ! faceblur mode=pixelate ! x264enc !
/// mp4mux !
///   filesink location=out.mp4
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/cover/gstdeidcover.hpp"

GST_DEBUG_CATEGORY_STATIC(deid_face_blur_debug);
#define GST_CAT_DEFAULT deid_face_blur_debug

using deid::cover::Method;

struct GstDeidFaceBlur {
  GstDeidCover parent;
  Method mode;    ///< object lock guards mode and strength
  float strength; ///< 1: the mode's default
};

namespace {

constexpr float least_strength = 0.75F; ///< below it faces become recognisable
constexpr float most_strength = 4.F;
enum Property { PROP_0, PROP_MODE, PROP_STRENGTH };

GstDeidFaceBlur* cast(gpointer object) {
  return static_cast<GstDeidFaceBlur*>(object);
}

GType mode_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Method::average), "Average over half of the box", "average"},
      {static_cast<int>(Method::gaussian), "Smooth, from a few means", "gaussian"},
      {static_cast<int>(Method::pixelate), "Mosaic of a few cells", "pixelate"},
      {0, nullptr, nullptr}};
  static const GType type = deid::enum_type("GstDeidBlurMode", values);
  return type;
}

deid::cover::Style style(GstDeidCover* cover) {
  deid::cover::Style result;
  result.method = cast(cover)->mode;
  result.strength = cast(cover)->strength;
  return result;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  auto* self = cast(object);
  const auto lock = gst_deid_cover_lock(object);
  switch (id) {
  case PROP_MODE:
    self->mode = static_cast<Method>(g_value_get_enum(value));
    break;
  case PROP_STRENGTH:
    self->strength = g_value_get_float(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    break;
  }
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  auto* self = cast(object);
  const auto lock = gst_deid_cover_lock(object);
  switch (id) {
  case PROP_MODE:
    g_value_set_enum(value, static_cast<int>(self->mode));
    break;
  case PROP_STRENGTH:
    g_value_set_float(value, self->strength);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    break;
  }
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_blur_debug, "deidfaceblur", 0, "makes faces unrecognisable");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  constexpr auto flags =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(object_class, PROP_MODE,
                                  g_param_spec_enum("mode", "Mode", "How faces are made unrecognisable",
                                                    mode_type(), static_cast<int>(Method::average), flags));
  g_object_class_install_property(object_class, PROP_STRENGTH,
                                  g_param_spec_float("strength", "Strength",
                                                     "1: the mode's default; more blurs more", least_strength,
                                                     most_strength, 1.F, flags));
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Face blur", "Filter/Effect/Video",
      "Blurs the faces facedetect found; covers the whole frame when in doubt", "gst-deid developers");
  gst_type_mark_as_plugin_api(mode_type(), static_cast<GstPluginAPIFlags>(0));
  static_cast<GstDeidCoverClass*>(klass)->style = style;
}

void instance_init(GTypeInstance* instance, gpointer) {
  cast(instance)->mode = Method::average;
  cast(instance)->strength = 1.F;
}

} // namespace

GType gst_deid_face_blur_get_type() {
  static const GType type = deid::type_once("GstDeidFaceBlur", [] {
    return g_type_register_static_simple(GST_TYPE_DEID_COVER, "GstDeidFaceBlur", sizeof(GstDeidCoverClass),
                                         class_init, sizeof(GstDeidFaceBlur), instance_init,
                                         static_cast<GTypeFlags>(0));
  });
  return type;
}
