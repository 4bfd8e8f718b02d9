#include "plugins/nameguard/nameguard.hpp"
#include "elements/base/gst_ptr.hpp"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace deid::plugins {
namespace {

constexpr const char* opt_out = "DEID_KEEP_STOCK_NAMES";

struct Guard {
  Guard(GstPlugin* owner, std::span<const OfferedElement> elements) : offered(elements) {
    g_weak_ref_init(&plugin, owner);
  }
  ~Guard() { g_weak_ref_clear(&plugin); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  GWeakRef plugin{}; // empty when the registry has replaced a changed plugin; the guard then does nothing
  std::span<const OfferedElement> offered;
};

/// Registering an element emits the signal that runs this guard, so two guards of the same name would call
/// each other for ever. A feature is announced in the thread that adds it; the mark is therefore per thread.
class Reentry {
public:
  Reentry() : first_(!inside()) { inside() = true; }
  ~Reentry() {
    if (first_)
      inside() = false;
  }
  Reentry(const Reentry&) = delete;
  Reentry& operator=(const Reentry&) = delete;
  bool first() const { return first_; }

private:
  static bool& inside() {
    thread_local bool value = false;
    return value;
  }
  bool first_;
};

/// Returns our element whose short name another plugin has, too; null when there is none of this name.
const OfferedElement* stock_element(std::span<const OfferedElement> offered, const char* name) {
  const auto found = std::ranges::find_if(offered, [name](const OfferedElement& element) {
    return element.stock_name && std::strcmp(element.name, name) == 0;
  });
  return found == offered.end() ? nullptr : &*found;
}

void take_back(GstPlugin* plugin, const OfferedElement& element, const char* adder) {
  GST_INFO("taking the name %s back from plugin %s", element.name, adder ? adder : "(none)");
  gst_element_register(plugin, element.name, GST_RANK_NONE, element.type);
}

void on_feature_added(GstRegistry* /*registry*/, GstPluginFeature* feature, gpointer data) noexcept {
  auto* guard = static_cast<Guard*>(data);
  const OfferedElement* element = stock_element(guard->offered, GST_OBJECT_NAME(feature));
  if (!element)
    return;
  const Ref<GstPlugin> plugin{GST_PLUGIN(g_weak_ref_get(&guard->plugin))};
  if (!plugin)
    return;
  const char* adder = gst_plugin_feature_get_plugin_name(feature);
  if (adder && std::strcmp(adder, gst_plugin_get_name(plugin.get())) == 0)
    return;
  const Reentry reentry;
  if (reentry.first())
    take_back(plugin.get(), *element, adder);
}

bool stock_names_are_ours() {
  const char* value = std::getenv(opt_out);
  return !value || !*value || std::strcmp(value, "0") == 0;
}

/// Makes GStreamer scan this plugin again when the stock plugin appears, changes or vanishes in any folder of
/// plugins, or when DEID_KEEP_STOCK_NAMES changes.
void depend_on_stock_plugin(GstPlugin* plugin) {
  gst_plugin_add_dependency_simple(
      plugin,
      "GST_PLUGIN_PATH_1_0:GST_PLUGIN_PATH:GST_PLUGIN_SYSTEM_PATH_1_0:GST_PLUGIN_SYSTEM_PATH:"
      "HOME/.local/share/gstreamer-1.0/plugins:XDG_DATA_HOME/gstreamer-1.0/plugins:DEID_KEEP_STOCK_NAMES",
      DEID_SYSTEM_PLUGIN_DIR, "libgstopencv.so", GST_PLUGIN_DEPENDENCY_FLAG_NONE);
}

} // namespace

bool register_elements(GstPlugin* plugin, std::span<const OfferedElement> offered) noexcept {
  const bool take_stock_names = stock_names_are_ours();
  bool registered = true;
  for (const OfferedElement& element : offered) {
    // When a class is made, it keeps an unowned pointer to the factory that was registered last. Make the
    // class now, with the alias's factory: the stock name's may be replaced and freed.
    registered = gst_element_register(plugin, element.alias, GST_RANK_NONE, element.type) && registered;
    g_type_class_ref(element.type); // kept for ever, as GStreamer does for elements that it registers
    if (take_stock_names || !element.stock_name)
      registered = gst_element_register(plugin, element.name, GST_RANK_NONE, element.type) && registered;
  }
  depend_on_stock_plugin(plugin);
  if (!take_stock_names)
    return registered;
  auto* guard = new (std::nothrow) Guard(plugin, offered);
  if (!guard)
    return false;
  g_signal_connect_data(
      gst_registry_get(), "feature-added", G_CALLBACK(on_feature_added), guard,
      [](gpointer data, GClosure*) { delete static_cast<Guard*>(data); }, GConnectFlags{});
  return registered;
}

} // namespace deid::plugins
