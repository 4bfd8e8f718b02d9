#pragma once
#include "elements/base/error.hpp"
#include "elements/base/mapped_frame.hpp"
#include <gst/base/gstbasetransform.h>

/// The base of every element of ours: in place, one picture in and one out, and fail closed.
/// What it guarantees, so that an element on it cannot forget:
///   - never pass-through, not even on equal caps; a buffer that is shared when it should be writable is
///   refused
///   - a buffer that cannot be mapped, or is smaller than its frame, is an error and does not leave
///   - exceptions of the hooks below end in deid::guarded: error on the bus, nothing leaves
///   - late frames (qos=true; off unless asked for) are dropped, never passed unprocessed
/// Not GstVideoFilter: that one lets unmappable buffers pass and returns OK.
struct GstDeidVideoState;

struct GstDeidVideo {
  GstBaseTransform parent;
  GstDeidVideoState* state;
};

/// Hooks; all optional but `process`. They run in the streaming thread (get_stats: any thread) and may throw.
struct GstDeidVideoClass {
  GstBaseTransformClass parent_class;
  GstMapFlags map_flags; ///< how `process` needs the frame; READWRITE unless set in class_init
  /// How `process` needs this very frame; null: map_flags. For an element that writes only when told to.
  GstMapFlags (*choose_map)(GstDeidVideo* self);
  /// One frame, mapped. The buffer is writable: metadata may be attached.
  /// Returns GST_FLOW_OK, GST_BASE_TRANSFORM_FLOW_DROPPED to let the frame vanish, or an error.
  GstFlowReturn (*process)(GstDeidVideo* self, GstBuffer* buffer, deid::video::FrameView& frame);
  bool (*set_info)(GstDeidVideo* self, const GstVideoInfo& info);
  bool (*start)(GstDeidVideo* self);
  bool (*stop)(GstDeidVideo* self);
  /// A serialised event before it goes on (EOS, FLUSH_STOP, SEGMENT...); the event stays the caller's.
  void (*event)(GstDeidVideo* self, GstEvent* event);
  /// The read-only property `stats` (transfer full).
  GstStructure* (*get_stats)(GstDeidVideo* self);
};

#define GST_TYPE_DEID_VIDEO (gst_deid_video_get_type())
#define GST_DEID_VIDEO(object) (G_TYPE_CHECK_INSTANCE_CAST((object), GST_TYPE_DEID_VIDEO, GstDeidVideo))
#define GST_DEID_VIDEO_CLASS(klass) (G_TYPE_CHECK_CLASS_CAST((klass), GST_TYPE_DEID_VIDEO, GstDeidVideoClass))
#define GST_DEID_VIDEO_GET_CLASS(object)                                                                     \
  (G_TYPE_INSTANCE_GET_CLASS((object), GST_TYPE_DEID_VIDEO, GstDeidVideoClass))

GType gst_deid_video_get_type();

/// What the caps say; throws deid::ElementError (CORE NEGOTIATION) before caps are set. Streaming thread.
const GstVideoInfo& gst_deid_video_info(GstDeidVideo* self);

/// Whether frames come from a camera: what upstream answers to a latency query.
bool gst_deid_video_is_live(GstDeidVideo* self);

/// Adds the sink and src pad templates: DEID_VIDEO_FORMATS in system memory. Call in class_init.
void gst_deid_video_add_templates(GstElementClass* klass);

namespace deid {

/// For elements that override submit_input_buffer / generate_output: maps `buffer` and runs work(FrameView&)
/// -> GstFlowReturn behind the exception barrier.
template <class Work>
GstFlowReturn with_frame(GstDeidVideo* self, GstBuffer* buffer, GstMapFlags flags, Work&& work) noexcept {
  return guarded(GST_ELEMENT(self), [&] {
    MappedFrame frame(buffer, gst_deid_video_info(self), flags);
    return std::forward<Work>(work)(frame.view());
  });
}

/// The GType of this name, made by `make` unless the process has it already: each plugin file carries a copy
/// of this code.
template <class Make> GType type_once(const char* name, Make&& make) {
  const GType known = g_type_from_name(name);
  return known != 0 ? known : std::forward<Make>(make)();
}

} // namespace deid
