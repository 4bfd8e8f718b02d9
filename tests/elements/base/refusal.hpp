#pragma once
#include "tests/elements/base/gst_support.hpp"
#include <string>
#include <utility>
#include <vector>

namespace deid::test {

/// Properties of an element, as in a gst-launch line.
using Settings = std::vector<std::pair<std::string, std::string>>;

inline void set_all(GstElement* element, const Settings& settings) {
  for (const auto& [name, value] : settings)
    gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value.c_str());
}

/// Returns "domain code: sentence (cause)" of an element that does not start with these properties, or "it
/// started".
inline std::string refusal(GType type, const Settings& settings) {
  GstElement* element = GST_ELEMENT(gst_object_ref_sink(g_object_new(type, nullptr)));
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  set_all(element, settings);
  std::string said = "it started";
  if (gst_element_set_state(element, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
    said = "it gave no reason";
    if (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) {
      GError* error = nullptr;
      gchar* cause = nullptr;
      gst_message_parse_error(message, &error, &cause);
      said = error_text(error->domain, error->code) + ": " + error->message + " (" + cause + ")";
      g_error_free(error);
      g_free(cause);
      gst_message_unref(message);
    }
  }
  gst_element_set_state(element, GST_STATE_NULL);
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_object_unref(element);
  return said;
}

} // namespace deid::test
