#pragma once
#include "elements/base/error.hpp"
#include "elements/base/mapped_frame.hpp"
#include <gst/base/gstbasetransform.h>
#include <string>

/// The base of all our elements: works in place, one picture in and one out, and fails closed. It guarantees
/// for every derived element:
/// - Never pass-through, not even on equal caps. A shared buffer that should be writable is refused.
/// - A buffer that cannot be mapped, or is smaller than its frame, is an error and does not leave.
/// - Exceptions of the hooks below end in deid::guarded: an error on the bus, and nothing leaves.
/// - Late frames are dropped, never passed unprocessed (with qos=true, which is off by default).
/// GstVideoFilter is no base for this: it lets buffers pass that cannot be mapped, and returns OK.
struct GstDeidVideoState;

struct GstDeidVideo {
  GstBaseTransform parent;
  GstDeidVideoState* state;
};

/// Hooks, all optional except `process`. They run in the streaming thread (get_stats: any thread) and may
/// throw.
struct GstDeidVideoClass {
  GstBaseTransformClass parent_class;
  GstMapFlags map_flags; ///< how `process` needs the frame; class_init may change it; READWRITE by default
  /// How `process` needs this frame; null: map_flags. For an element that writes only on request.
  GstMapFlags (*choose_map)(GstDeidVideo* self);
  /// Processes one mapped frame. The buffer is writable, so metadata may be attached. Returns GST_FLOW_OK,
  /// GST_BASE_TRANSFORM_FLOW_DROPPED to drop the frame, or an error.
  GstFlowReturn (*process)(GstDeidVideo* self, GstBuffer* buffer, deid::video::FrameView& frame);
  bool (*set_info)(GstDeidVideo* self, const GstVideoInfo& info);
  bool (*start)(GstDeidVideo* self);
  bool (*stop)(GstDeidVideo* self);
  /// A serialised event (EOS, FLUSH_STOP, SEGMENT...) or FLUSH_START, before it goes on. The caller keeps the
  /// event.
  void (*event)(GstDeidVideo* self, GstEvent* event);
  /// Returns the read-only property `stats` (transfer full).
  GstStructure* (*get_stats)(GstDeidVideo* self);
};

#define GST_TYPE_DEID_VIDEO (gst_deid_video_get_type())
#define GST_DEID_VIDEO(object) (G_TYPE_CHECK_INSTANCE_CAST((object), GST_TYPE_DEID_VIDEO, GstDeidVideo))
#define GST_DEID_VIDEO_CLASS(klass) (G_TYPE_CHECK_CLASS_CAST((klass), GST_TYPE_DEID_VIDEO, GstDeidVideoClass))
#define GST_DEID_VIDEO_GET_CLASS(object)                                                                     \
  (G_TYPE_INSTANCE_GET_CLASS((object), GST_TYPE_DEID_VIDEO, GstDeidVideoClass))

GType gst_deid_video_get_type();

/// Returns the caps' video info. Throws deid::ElementError (CORE NEGOTIATION) before caps are set. Streaming
/// thread.
const GstVideoInfo& gst_deid_video_info(GstDeidVideo* self);

/// Returns upstream's answer to a latency query: whether the source is live.
bool gst_deid_video_is_live(GstDeidVideo* self);

/// Adds the sink and src pad templates: DEID_VIDEO_FORMATS in system memory. Call it in class_init.
void gst_deid_video_add_templates(GstElementClass* klass);

namespace deid {

/// Returns the GType of this name. `make` creates it unless the process has it: each plugin file contains a
/// copy of this code.
template <class Make> GType type_once(const char* name, Make&& make) {
  const GType known = g_type_from_name(name);
  return known != 0 ? known : std::forward<Make>(make)();
}

/// The same for an enumeration. values: static, ended by an entry without a name.
inline GType enum_type(const char* name, const GEnumValue* values) {
  return type_once(name, [&] { return g_enum_register_static(name, values); });
}

} // namespace deid
