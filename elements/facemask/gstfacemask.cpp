/// SECTION:element-facemask
///
/// Covers the faces that facedetect found with one colour, in place.
///
/// ## Example launch line
/// gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! facedetect ! facemask shape=ellipse ! x264enc !
/// mp4mux !
///   filesink location=out.mp4
#include "elements/facemask/gstfacemask.hpp"
#include "elements/cover/gstdeidcover.hpp"

GST_DEBUG_CATEGORY_STATIC(deid_face_mask_debug);
#define GST_CAT_DEFAULT deid_face_mask_debug

struct GstDeidFaceMask {
  GstDeidCover parent;
  guint color; ///< 0xRRGGBB; object lock
};

namespace {

constexpr guint black = 0x000000;
enum Property { PROP_0, PROP_COLOR };

GstDeidFaceMask* cast(gpointer object) {
  return static_cast<GstDeidFaceMask*>(object);
}

deid::cover::Style style(GstDeidCover* cover) {
  const guint color = cast(cover)->color;
  deid::cover::Style result;
  result.method = deid::cover::Method::fill;
  result.color = {static_cast<std::uint8_t>(color >> 16), static_cast<std::uint8_t>(color >> 8),
                  static_cast<std::uint8_t>(color)};
  return result;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  if (id != PROP_COLOR) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    return;
  }
  const auto lock = gst_deid_cover_lock(object);
  cast(object)->color = g_value_get_uint(value);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  if (id != PROP_COLOR) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    return;
  }
  const auto lock = gst_deid_cover_lock(object);
  g_value_set_uint(value, cast(object)->color);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_mask_debug, "deidfacemask", 0, "covers faces with a colour");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  g_object_class_install_property(
      object_class, PROP_COLOR,
      g_param_spec_uint(
          "color", "Color", "Color of the cover, 0xRRGGBB", 0, 0xFFFFFF, black,
          static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)));
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Face mask", "Filter/Effect/Video",
                                        "Covers the faces facedetect found; whole frame when in doubt",
                                        "gst-deid developers");
  static_cast<GstDeidCoverClass*>(klass)->style = style;
}

void instance_init(GTypeInstance* instance, gpointer) {
  cast(instance)->color = black;
}

} // namespace

GType gst_deid_face_mask_get_type() {
  static const GType type = deid::type_once("GstDeidFaceMask", [] {
    return g_type_register_static_simple(GST_TYPE_DEID_COVER, "GstDeidFaceMask", sizeof(GstDeidCoverClass),
                                         class_init, sizeof(GstDeidFaceMask), instance_init,
                                         static_cast<GTypeFlags>(0));
  });
  return type;
}
