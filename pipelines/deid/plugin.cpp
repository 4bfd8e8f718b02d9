#include "pipelines/deid/plugin.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include <string>

namespace deid::cli {
namespace fs = std::filesystem;

std::vector<fs::path> plugin_candidates(const fs::path& program) {
  const fs::path bin = program.parent_path(), prefix = bin.parent_path();
  const char* const file = "libgstdeid.so";
  return {prefix / "plugins" / file,
          prefix / "plugins" / "deid" / file,
          prefix / DEID_LIBDIR / "gstreamer-1.0" / file,
          prefix / "lib" / "gstreamer-1.0" / file,
          prefix / "lib64" / "gstreamer-1.0" / file,
          prefix / "lib" / "x86_64-linux-gnu" / "gstreamer-1.0" / file};
}

bool installed(const char* factory) {
  return Ref<GstElementFactory>(gst_element_factory_find(factory)) != nullptr;
}

fs::path this_program() {
  std::error_code ec;
  return fs::read_symlink("/proc/self/exe", ec);
}

fs::path find_plugin() {
  std::error_code ec;
  for (const fs::path& candidate : plugin_candidates(this_program()))
    if (fs::exists(candidate, ec))
      return fs::weakly_canonical(candidate, ec);
  return {};
}

void load_plugin() {
  const fs::path file = find_plugin();
  if (file.empty())
    throw Failure(
        "The plugin libgstdeid.so is not beside this program (" + this_program().string() +
        "); nothing can be de-identified without it. Build or install again, or run `deid doctor`.");
  GError* error = nullptr;
  const Ref<GstPlugin> plugin(gst_plugin_load_file(file.c_str(), &error));
  if (!plugin) {
    const Ref<GError> owned(error);
    throw Failure("The plugin " + file.string() + " cannot be loaded: " +
                  (error ? error->message : "unknown reason") + ". `deid doctor` says more.");
  }
  for (const char* name : {"deidfacedetect", "deidfacemask", "deidfaceblur"}) {
    const Ref<GstElementFactory> factory(gst_element_factory_find(name));
    const Ref<GstPlugin> owner(factory ? gst_plugin_feature_get_plugin(GST_PLUGIN_FEATURE(factory.get()))
                                       : nullptr);
    std::error_code ec;
    if (!owner || !gst_plugin_get_filename(owner.get()) ||
        !fs::equivalent(gst_plugin_get_filename(owner.get()), file, ec))
      throw Failure(std::string("The element ") + name + " does not come from " + file.string() +
                    ". Run `deid doctor`.");
  }
}

} // namespace deid::cli
