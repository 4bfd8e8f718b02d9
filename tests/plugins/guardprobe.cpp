// Elements that do nothing, under the names that the guard must win.
#include "plugins/nameguard/nameguard.hpp"

namespace {

void describe(gpointer klass, gpointer /*data*/) {
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Probe", "Generic", "Does nothing",
                                        "gst-deid");
}

GType probe_type(const char* name) {
  const GTypeInfo info{.class_size = sizeof(GstElementClass),
                       .base_init = nullptr,
                       .base_finalize = nullptr,
                       .class_init = describe,
                       .class_finalize = nullptr,
                       .class_data = nullptr,
                       .instance_size = sizeof(GstElement),
                       .n_preallocs = 0,
                       .instance_init = nullptr,
                       .value_table = nullptr};
  return g_type_register_static(GST_TYPE_ELEMENT, name, &info, GTypeFlags{});
}

gboolean plugin_init(GstPlugin* plugin) {
  static const deid::plugins::OfferedElement offered[] = {
      {"facedetect", "deidfacedetect", probe_type("GstGuardProbeDetect"), true},
      {"faceblur", "deidfaceblur", probe_type("GstGuardProbeBlur"), true},
      {"facemask", "deidfacemask", probe_type("GstGuardProbeMask"), false},
  };
  return deid::plugins::register_elements(plugin, offered) ? TRUE : FALSE;
}

} // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, guardprobe, "Tests the name guard", plugin_init,
                  DEID_VERSION, "LGPL", PACKAGE, "gst-deid")
