#pragma once
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid {

/// Releases one reference, or frees an object without references.
struct GstDelete {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstStructure* structure) const { gst_structure_free(structure); }
  void operator()(GstTagList* list) const { gst_tag_list_unref(list); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(char* text) const { g_free(text); }
  void operator()(GMainLoop* loop) const { g_main_loop_unref(loop); }
  void operator()(GDateTime* when) const { g_date_time_unref(when); }
  /// T is a GstObject: element, pad, bus, plugin.
  template <class T> void operator()(T* object) const { gst_object_unref(object); }
};
/// Owns one reference of a GStreamer or GLib object.
template <class T> using Ref = std::unique_ptr<T, GstDelete>;

/// Returns the text as a string and frees it. Null gives an empty string.
inline std::string take_string(char* text) {
  const Ref<char> owned(text);
  return owned ? owned.get() : "";
}

} // namespace deid
