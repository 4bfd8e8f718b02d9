#include "elements/base/gstdeidvideo.hpp"
#include "elements/base/gst_ptr.hpp"
#include "elements/base/one_thread.hpp"
#include <optional>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(deid_video_debug);
#define GST_CAT_DEFAULT deid_video_debug

struct GstDeidVideoState {
  std::optional<GstVideoInfo> info;
};

namespace {

gpointer parent_class = nullptr;
enum Property { PROP_0, PROP_STATS };

GstFlowReturn transform_ip(GstBaseTransform* trans, GstBuffer* buffer) {
  auto* self = GST_DEID_VIDEO(trans);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  return deid::guarded(GST_ELEMENT(self), [&] {
    if (gst_base_transform_is_passthrough(trans))
      throw deid::ElementError(GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
                               "This element must not be passed through.",
                               "somebody called gst_base_transform_set_passthrough");
    const GstMapFlags flags = klass->choose_map != nullptr ? klass->choose_map(self) : klass->map_flags;
    deid::MappedFrame frame(buffer, gst_deid_video_info(self), flags);
    return deid::on_one_thread([&] { return klass->process(self, buffer, frame.view()); });
  });
}

/// Returns the format that caps describe; nothing when they describe none. Throws ElementError on a format
/// that no element supports.
std::optional<GstVideoInfo> format_of(GstDeidVideo* self, GstCaps* caps) {
  GstVideoInfo info;
  if (gst_video_info_from_caps(&info, caps)) {
    deid::describe(info);
    return info;
  }
  GST_ERROR_OBJECT(self, "cannot use caps %" GST_PTR_FORMAT, static_cast<void*>(caps));
  return std::nullopt;
}

gboolean set_caps(GstBaseTransform* trans, GstCaps* in, GstCaps*) {
  auto* self = GST_DEID_VIDEO(trans);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  self->state->info.reset();
  return deid::guarded_bool(GST_ELEMENT(self), [&] {
    const auto info = format_of(self, in);
    if (!info || (klass->set_info != nullptr && !klass->set_info(self, *info)))
      return false;
    self->state->info = info;
    return true;
  });
}

gboolean start(GstBaseTransform* trans) {
  auto* self = GST_DEID_VIDEO(trans);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  self->state->info.reset();
  return klass->start == nullptr || deid::guarded_bool(GST_ELEMENT(self), [&] { return klass->start(self); });
}

gboolean stop(GstBaseTransform* trans) {
  auto* self = GST_DEID_VIDEO(trans);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  self->state->info.reset();
  if (klass->stop != nullptr)
    deid::guarded_bool(GST_ELEMENT(self), [&] { return klass->stop(self); });
  return TRUE; // the error is on the bus; a pipeline that cannot be stopped helps nobody
}

/// Offers upstream what downstream offers, except cropping by metadata: elements work on the picture of the
/// caps.
gboolean propose_allocation(GstBaseTransform* trans, GstQuery* decide_query, GstQuery* query) {
  const gboolean known =
      GST_BASE_TRANSFORM_CLASS(parent_class)->propose_allocation(trans, decide_query, query);
  guint index = 0;
  while (gst_query_find_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, &index))
    gst_query_remove_nth_allocation_meta(query, index);
  return known;
}

gboolean sink_event(GstBaseTransform* trans, GstEvent* event) {
  auto* self = GST_DEID_VIDEO(trans);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  const bool ours = klass->event != nullptr &&
                    (GST_EVENT_IS_SERIALIZED(event) || GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_START);
  const gboolean fine = !ours || deid::guarded_bool(GST_ELEMENT(self), [&] {
    klass->event(self, event);
    return true;
  });
  // the event is passed on even after an error, which is on the bus: without EOS the pipeline would hang
  const gboolean handled = GST_BASE_TRANSFORM_CLASS(parent_class)->sink_event(trans, event);
  return fine && handled;
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  auto* self = GST_DEID_VIDEO(object);
  const auto* klass = GST_DEID_VIDEO_GET_CLASS(self);
  if (id != PROP_STATS) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    return;
  }
  deid::guarded_bool(GST_ELEMENT(self), [&] {
    g_value_take_boxed(value, klass->get_stats != nullptr ? klass->get_stats(self)
                                                          : gst_structure_new_empty("stats"));
    return true;
  });
}

void finalize(GObject* object) {
  auto* self = GST_DEID_VIDEO(object);
  delete self->state;
  self->state = nullptr;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_video_debug, "deidvideo", 0, "base of the de-identification elements");
  parent_class = g_type_class_peek_parent(klass);
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_install_property(
      object_class, PROP_STATS,
      g_param_spec_boxed("stats", "Statistics", "Counters since the start", GST_TYPE_STRUCTURE,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));

  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->passthrough_on_same_caps = FALSE;
  transform_class->transform_ip_on_passthrough = TRUE; // so that transform_ip can refuse it
  transform_class->transform_ip = transform_ip;
  transform_class->set_caps = set_caps;
  transform_class->start = start;
  transform_class->stop = stop;
  transform_class->propose_allocation = propose_allocation;
  transform_class->sink_event = sink_event;
  static_cast<GstDeidVideoClass*>(klass)->map_flags = GST_MAP_READWRITE;
}

void instance_init(GTypeInstance* instance, gpointer) {
  auto* self = reinterpret_cast<GstDeidVideo*>(instance);
  self->state = new GstDeidVideoState;
  auto* trans = GST_BASE_TRANSFORM(self);
  gst_base_transform_set_in_place(trans, TRUE);
  gst_base_transform_set_passthrough(trans, FALSE);
  gst_base_transform_set_prefer_passthrough(trans, FALSE);
  gst_base_transform_set_qos_enabled(trans, FALSE);
}

} // namespace

GType gst_deid_video_get_type() {
  static const GType type = deid::type_once("GstDeidVideo", [] {
    return g_type_register_static_simple(GST_TYPE_BASE_TRANSFORM, "GstDeidVideo", sizeof(GstDeidVideoClass),
                                         class_init, sizeof(GstDeidVideo), instance_init,
                                         G_TYPE_FLAG_ABSTRACT);
  });
  return type;
}

const GstVideoInfo& gst_deid_video_info(GstDeidVideo* self) {
  if (!self->state->info)
    throw deid::ElementError(GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "A frame came before its format.",
                             "no caps were set");
  return *self->state->info;
}

bool gst_deid_video_is_live(GstDeidVideo* self) {
  const deid::Ref<GstQuery> query(gst_query_new_latency());
  gboolean live = FALSE;
  if (gst_pad_peer_query(GST_BASE_TRANSFORM_SINK_PAD(self), query.get()))
    gst_query_parse_latency(query.get(), &live, nullptr, nullptr);
  return live != FALSE;
}

void gst_deid_video_add_templates(GstElementClass* klass) {
  const deid::Ref<GstCaps> caps(gst_caps_from_string(GST_VIDEO_CAPS_MAKE(DEID_VIDEO_FORMATS)));
  for (const auto& [name, direction] : {std::pair{"sink", GST_PAD_SINK}, {"src", GST_PAD_SRC}})
    gst_element_class_add_pad_template(klass,
                                       gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps.get()));
}
