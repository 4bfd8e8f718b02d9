// whoowns [+ELEMENT…] NAME…: prints "NAME PLUGIN FACTORY" a line: the plugin that gst_element_factory_make
// uses for NAME, or "none". An argument with a plus is only made before, to load its plugin.
#include <cstdio>
#include <gst/gst.h>

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  for (int i = 1; i < argc; ++i) {
    const bool only_load = argv[i][0] == '+';
    const char* name = only_load ? argv[i] + 1 : argv[i];
    GstElement* element = gst_element_factory_make(name, nullptr);
    if (!only_load) {
      GstElementFactory* factory = element ? gst_element_get_factory(element) : nullptr;
      std::printf("%s %s %s\n", name,
                  factory ? gst_plugin_feature_get_plugin_name(GST_PLUGIN_FEATURE(factory)) : "none",
                  factory ? GST_OBJECT_NAME(factory) : "none");
    }
    if (element)
      gst_object_unref(element);
  }
  return 0;
}
