/// SECTION:element-facemask
///
/// Covers the faces that facedetect found with one colour, in place.
/// See docs/facemask.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect ! deidfacemask shape=ellipse
///       ! x264enc ! mp4mux ! filesink location=out.mp4
#include "elements/facemask/gstfacemask.hpp"
#include "elements/base/property_table.hpp"
#include "elements/cover/gstdeidcover.hpp"

GST_DEBUG_CATEGORY_STATIC(deid_face_mask_debug);
#define GST_CAT_DEFAULT deid_face_mask_debug

namespace {

struct Paint {
  guint color = 0x000000; ///< 0xRRGGBB
};

} // namespace

struct GstDeidFaceMask {
  GstDeidCover parent;
  Paint paint; ///< the object's lock guards it
};

namespace {

GstDeidFaceMask* cast(gpointer object) {
  return static_cast<GstDeidFaceMask*>(object);
}

const deid::PropertyTable<Paint>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Paint> all;
    all.number(
        {"color", "Color", "Color of the cover, 0xRRGGBB"}, deid::Mutable::playing,
        [](auto& p) -> auto& { return p.color; }, 0, 0xFFFFFF);
    return all;
  }();
  return table;
}

deid::cover::Style style(GstDeidCover* cover) {
  const guint color = cast(cover)->paint.color;
  deid::cover::Style result;
  result.method = deid::cover::Method::fill;
  result.color = {static_cast<std::uint8_t>(color >> 16), static_cast<std::uint8_t>(color >> 8),
                  static_cast<std::uint8_t>(color)};
  return result;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!properties().set(cast(object)->paint, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!properties().get(cast(object)->paint, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_mask_debug, "deidfacemask", 0, "covers faces with a colour");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  properties().install(object_class);
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Face mask", "Filter/Effect/Video",
                                        "Covers the faces facedetect found; whole frame when in doubt",
                                        "gst-deid developers");
  static_cast<GstDeidCoverClass*>(klass)->style = style;
}

void instance_init(GTypeInstance* instance, gpointer) {
  cast(instance)->paint = {};
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
