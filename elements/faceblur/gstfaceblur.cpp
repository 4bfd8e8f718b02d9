/// SECTION:element-faceblur
///
/// Averages, blurs or pixelates the faces that facedetect found, in place.
/// See docs/faceblur.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect ! deidfaceblur mode=pixelate
///       ! x264enc ! mp4mux ! filesink location=out.mp4
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/base/property_table.hpp"
#include "elements/cover/gstdeidcover.hpp"

GST_DEBUG_CATEGORY_STATIC(deid_face_blur_debug);
#define GST_CAT_DEFAULT deid_face_blur_debug

using deid::cover::Method;

namespace {

struct Blur {
  Method mode = Method::average;
  float strength = 1.F; ///< relative to the mode's default
};

} // namespace

struct GstDeidFaceBlur {
  GstDeidCover parent;
  Blur blur; ///< the object's lock guards it
};

namespace {

constexpr float least_strength = 0.75F; ///< below it faces become recognisable
constexpr float most_strength = 4.F;

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

const deid::PropertyTable<Blur>& properties() {
  static const auto table = [] {
    deid::PropertyTable<Blur> all;
    all.choice(
        {"mode", "Mode", "Method: average, gaussian or pixelate"}, deid::Mutable::playing, mode_type,
        [](auto& b) -> auto& { return b.mode; });
    all.number(
        {"strength", "Strength", "Strength relative to the mode's default; larger values blur more"},
        deid::Mutable::playing, [](auto& b) -> auto& { return b.strength; }, least_strength, most_strength);
    return all;
  }();
  return table;
}

deid::cover::Style style(GstDeidCover* cover) {
  deid::cover::Style result;
  result.method = cast(cover)->blur.mode;
  result.strength = cast(cover)->blur.strength;
  return result;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!properties().set(cast(object)->blur, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!properties().get(cast(object)->blur, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_blur_debug, "deidfaceblur", 0, "makes faces unrecognisable");
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  properties().install(object_class);
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Face blur", "Filter/Effect/Video",
      "Blurs the faces facedetect found; covers the whole frame when in doubt", "gst-deid developers");
  static_cast<GstDeidCoverClass*>(klass)->style = style;
}

void instance_init(GTypeInstance* instance, gpointer) {
  cast(instance)->blur = {};
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
