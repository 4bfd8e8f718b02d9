/// SECTION:element-scrub
///
/// Drops tags, chapters and metadata beside sound (or any other stream) that could name or show a person.
/// See docs/scrub.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! audioconvert ! deidscrub
///       ! opusenc ! matroskamux ! filesink location=out.mka
#include "elements/scrub/gstscrub.hpp"
#include "elements/base/error.hpp"
#include "elements/base/gstdeidvideo.hpp"
#include "elements/base/scrub.hpp"

struct GstDeidScrub {
  GstBaseTransform parent;
};

namespace {

gpointer parent_class = nullptr;

GstFlowReturn transform_ip(GstBaseTransform* trans, GstBuffer* buffer) {
  return deid::guarded(GST_ELEMENT(trans), [&] {
    if (!gst_buffer_is_writable(buffer))
      throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                               "A buffer could not be cleaned; it was not passed on.",
                               "buffer is shared: not writable");
    deid::scrub::clean(buffer);
    return GST_FLOW_OK;
  });
}

gboolean sink_event(GstBaseTransform* trans, GstEvent* event) {
  deid::scrub::EventPtr passed = deid::scrub::cleaned(deid::scrub::EventPtr(event));
  return !passed || GST_BASE_TRANSFORM_CLASS(parent_class)->sink_event(trans, passed.release());
}

void class_init(gpointer klass, gpointer) {
  parent_class = g_type_class_peek_parent(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  const deid::Ref<GstCaps> caps(gst_caps_new_any());
  for (const auto& [name, direction] : {std::pair{"sink", GST_PAD_SINK}, {"src", GST_PAD_SRC}})
    gst_element_class_add_pad_template(element_class,
                                       gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps.get()));
  gst_element_class_set_static_metadata(element_class, "Scrub", "Filter",
                                        "Drops tags, chapters and metadata that could name a person",
                                        "gst-deid developers");
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->passthrough_on_same_caps = FALSE;
  transform_class->transform_ip = transform_ip;
  transform_class->sink_event = sink_event;
}

void instance_init(GTypeInstance* instance, gpointer) {
  auto* trans = reinterpret_cast<GstBaseTransform*>(instance);
  gst_base_transform_set_in_place(trans, TRUE);
  gst_base_transform_set_passthrough(trans, FALSE);
  gst_base_transform_set_prefer_passthrough(trans, FALSE);
}

} // namespace

GType gst_deid_scrub_get_type() {
  static const GType type = deid::type_once("GstDeidScrub", [] {
    return g_type_register_static_simple(GST_TYPE_BASE_TRANSFORM, "GstDeidScrub",
                                         sizeof(GstBaseTransformClass), class_init, sizeof(GstDeidScrub),
                                         instance_init, static_cast<GTypeFlags>(0));
  });
  return type;
}
