#pragma once
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid::cli {

struct GstDelete {
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
  void operator()(GstStructure* structure) const { gst_structure_free(structure); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(char* text) const { g_free(text); }
  void operator()(GMainLoop* loop) const { g_main_loop_unref(loop); }
  void operator()(GDateTime* when) const { g_date_time_unref(when); }
  template <class T> void operator()(T* object) const { gst_object_unref(object); }
};
/// One owned reference of anything GStreamer or GLib counts.
template <class T> using Ref = std::unique_ptr<T, GstDelete>;

inline std::string take_string(char* text) {
  const Ref<char> owned(text);
  return owned ? owned.get() : "";
}

} // namespace deid::cli
