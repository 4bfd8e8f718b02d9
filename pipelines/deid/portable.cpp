#include "pipelines/deid/portable.hpp"
#include "pipelines/deid/plugin.hpp"
#include <cstdlib>

namespace deid::cli {

std::filesystem::path portable_folder(const std::filesystem::path& program) {
  const std::filesystem::path folder = program.parent_path().parent_path();
  std::error_code ec;
  return std::filesystem::is_regular_file(folder / "share/gst-deid/portable", ec) ? folder
                                                                                  : std::filesystem::path();
}

void use_own_parts() {
  const std::filesystem::path folder = portable_folder(this_program());
  if (folder.empty())
    return;
  const std::filesystem::path plugins = find_plugin().parent_path();
  const auto set = [](const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); };
  // GStreamer prefers the names with a version.
  for (const char* ending : {"", "_1_0"}) {
    set(("GST_PLUGIN_SYSTEM_PATH" + std::string(ending)).c_str(), plugins);
    ::unsetenv(("GST_PLUGIN_PATH" + std::string(ending)).c_str());
  }
  // The few plug-ins are read at every start: a cache could come from another version or another folder. They
  // are read in this process, because the system's reader belongs to the system's GStreamer.
  for (const char* name : {"GST_REGISTRY", "GST_REGISTRY_1_0"})
    set(name, "/proc/gst-deid/none"); // can neither exist nor be made
  set("GST_REGISTRY_FORK", "no");
  // GLib would load the system's modules into its own, other version.
  set("GIO_MODULE_DIR", plugins.parent_path() / "gio/modules");
  set("FONTCONFIG_FILE", folder / "share/gst-deid/fonts/fonts.conf");
}

} // namespace deid::cli
