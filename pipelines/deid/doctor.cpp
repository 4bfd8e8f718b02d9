#include "pipelines/deid/doctor.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/support.hpp"
#include <algorithm>
#include <cstdio>
#include <dlfcn.h>
#include <regex>
#ifdef DEID_HAVE_MANIFEST
#include "models/manifest/manifest.hpp"
#include "models/session/device.hpp"
#endif

namespace deid::cli {
namespace {
using Findings = std::vector<Finding>;

constexpr const char* build_again =
    "ninja -C build/release, or cmake --install build/release --prefix PREFIX";
constexpr const char* set_up = "./meson-free-scripts/setup, or install the package gst-deid-models again";

void good(Findings& to, const std::string& subject, const std::string& what) {
  to.push_back({true, true, subject, what, ""});
}

void bad(Findings& to, bool essential, const std::string& subject, const std::string& what,
         const std::string& mend) {
  to.push_back({false, essential, subject, what, mend});
}

/// The missing library in a message of the dynamic linker, by its name without folder, or nothing.
std::string library_in(const std::string& why) {
  std::smatch match;
  return std::regex_search(why, match, std::regex(R"(^(lib[\w.+-]+\.so[\d.]*): cannot open)"))
             ? ", without " + match.str(1)
             : "";
}

std::string owner_of(const char* factory_name) {
  const Ref<GstElementFactory> factory(gst_element_factory_find(factory_name));
  const Ref<GstPlugin> plugin(factory ? gst_plugin_feature_get_plugin(GST_PLUGIN_FEATURE(factory.get()))
                                      : nullptr);
  return plugin && gst_plugin_get_filename(plugin.get()) ? gst_plugin_get_filename(plugin.get()) : "";
}

void check_gstreamer(Findings& to) {
  guint major = 0, minor = 0, micro = 0, nano = 0;
  gst_version(&major, &minor, &micro, &nano);
  const std::string version =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(micro);
  if (major == 1 && minor >= 22)
    good(to, "GStreamer", "GStreamer " + version);
  else
    bad(to, true, "GStreamer", "GStreamer " + version + " is older than 1.22",
        "apt-get install libgstreamer1.0-0");
}

void check_elements(Findings& to) {
  std::size_t there = 0;
  for (const Need& need : needs()) {
    if (installed(need.element))
      ++there;
    else
      bad(to, need.essential, std::string("element ") + need.element,
          std::string("element ") + need.element + " is missing (" + need.use + ")",
          std::string("apt-get install ") + need.package);
  }
  good(to, "stock elements",
       std::to_string(there) + " of " + std::to_string(needs().size()) + " stock elements are there");
}

/// Returns true when the plugin file can be linked. Otherwise the dynamic linker names the missing library,
/// usually the engine.
bool check_plugin_file(Findings& to) {
  const auto file = find_plugin();
  if (file.empty()) {
    std::string places;
    for (const auto& candidate : plugin_candidates(this_program()))
      places += "\n          looked for " + candidate.string();
    bad(to, true, "libgstdeid.so", "the plugin libgstdeid.so is not beside this program" + places,
        build_again);
    return false;
  }
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char* why = dlerror();
    bad(to, true, "libgstdeid.so does not load" + library_in(why ? why : ""),
        "the plugin " + file.string() + " does not load: " + (why ? why : "unknown reason"), set_up);
    return false;
  }
  good(to, "libgstdeid.so and the engine", "plugin " + file.string() + " and the engine it needs");
  return true; // stays loaded: GStreamer uses it next
}

void check_plugin(Findings& to) {
  if (!check_plugin_file(to))
    return;
  try {
    load_plugin();
    good(to, "elements of libgstdeid.so",
         "elements deidfacedetect, deidfacemask, deidfaceblur and deidfaceswap come from it");
  } catch (const Failure& e) {
    bad(to, true, "elements of libgstdeid.so", e.what(), build_again);
  }
}

/// A plugin file that lies beside the first: measuring of movement, scans.
void check_plugin_beside(Findings& to, const char* name, std::initializer_list<const char*> elements) {
  const auto file = find_plugin().parent_path() / name;
  GError* error = nullptr;
  const Ref<GstPlugin> plugin(gst_plugin_load_file(file.c_str(), &error));
  const Ref<GError> owned(error);
  if (plugin) {
    std::string names;
    for (const char* element : elements) {
      names += (names.empty() ? "" : " and ") + std::string(element);
      if (owner_of(element).empty()) {
        bad(to, false, std::string(name) + " without " + element,
            std::string("plug-in ") + file.string() + " has no " + element, build_again);
        return;
      }
    }
    good(to, name, "elements " + names + " come from " + file.string());
    return;
  }
  bad(to, false, name + library_in(error ? error->message : ""),
      "plug-in " + file.string() + " cannot be loaded" + (error ? std::string(": ") + error->message : ""),
      build_again);
}

/// Without gnuplot `deid evaluate` works, but its report has no plots.
void check_plots(Findings& to) {
  const Ref<char> program(g_find_program_in_path("gnuplot"));
  if (program)
    good(to, "gnuplot", "gnuplot draws the plots of deid evaluate");
  else
    bad(to, false, "gnuplot", "gnuplot is missing (plots in the report of deid evaluate)",
        "apt-get install gnuplot-nox");
}

/// gstreamer1.0-opencv has the short names, too, and its faceblur lets faces through when its cascade is
/// missing. `deid run` does not use the short names; a user's own graph may.
void check_names(Findings& to) {
  const std::string ours = find_plugin().string();
  for (const char* name : {"facedetect", "faceblur", "facemask", "faceswap"}) {
    const std::string owner = owner_of(name);
    std::error_code ec;
    if (owner.empty())
      bad(to, false, std::string("the name ") + name, std::string("the name ") + name + " is not known",
          "use deid" + std::string(name) + " in graphs of your own");
    else if (!std::filesystem::equivalent(owner, ours, ec))
      bad(to, false, std::string("the name ") + name + " belongs to another plug-in",
          std::string("the name ") + name + " belongs to " + owner + ", not to this plugin",
          ". build/env, or use deid" + std::string(name) + " in graphs of your own");
  }
}

void check_blacklist(Findings& to) {
  GList* plugins = gst_registry_get_plugin_list(gst_registry_get());
  for (GList* item = plugins; item; item = item->next) {
    auto* plugin = GST_PLUGIN(item->data);
    const char* file = gst_plugin_get_filename(plugin);
    if (GST_OBJECT_FLAG_IS_SET(plugin, GST_PLUGIN_FLAG_BLACKLISTED) && file &&
        std::string(file).find("deid") != std::string::npos)
      bad(to, true, "the cache of GStreamer",
          std::string("GStreamer failed to load ") + file + " earlier and remembers it",
          "rm -r ~/.cache/gstreamer-1.0");
  }
  gst_plugin_list_free(plugins);
}

/// Checks the targets of a swap; the element itself reads them when it starts.
void check_targets(Findings& to) {
  GstElement* made = gst_element_factory_make("deidfaceswap", nullptr);
  if (made == nullptr)
    return; // reported already
  const Ref<GstElement> swap(GST_ELEMENT(gst_object_ref_sink(made)));
  const Ref<GstBus> bus(gst_bus_new());
  gst_element_set_bus(swap.get(), bus.get());
  const bool started = gst_element_set_state(swap.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
  const Ref<GstMessage> said(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  gst_element_set_state(swap.get(), GST_STATE_NULL);
  gst_element_set_bus(swap.get(), nullptr);
  if (started) {
    good(to, "faces for --method swap", "faces for --method swap are there");
    return;
  }
  GError* error = nullptr;
  if (said)
    gst_message_parse_error(said.get(), &error, nullptr);
  bad(to, true, "faces for --method swap",
      std::string("--method swap: ") + (error != nullptr ? error->message : "it does not start"),
      "./meson-free-scripts/build");
  g_clear_error(&error);
}

#ifdef DEID_HAVE_MANIFEST
/// Where networks can run: --device.
void check_devices(Findings& to) {
  try {
    std::string names;
    for (const models::DeviceFound& device : models::devices())
      names += (names.empty() ? "" : ", ") + device.name + " (" + device.model + ")";
    good(to, "devices for networks", "devices for networks: " + names);
  } catch (const std::exception& e) {
    bad(to, true, "devices for networks", e.what(), set_up);
  }
}

void check_weights(Findings& to) {
  std::size_t right = 0, wanted = 0;
  for (const auto& weight : models::weights()) {
    if (!weight.part.empty() && !models::any_present({weight.name.c_str()})) {
      bad(to, false, "network " + weight.name, weight.file + " is left out (" + weight.part + ")",
          std::string(set_up) + " --with " + weight.part);
      continue;
    }
    ++wanted;
    try {
      models::locate(weight.name);
      ++right;
    } catch (const std::exception& e) {
      bad(to, true, "network " + weight.name, e.what(), set_up);
    }
  }
  if (right == wanted)
    good(to, "networks", std::to_string(right) + " weights are there with the right sha256");
}
#else
void check_devices(Findings& /*to*/) {}

void check_weights(Findings& to) {
  bad(to, false, "networks", "this build cannot check the weights", build_again);
}
#endif

} // namespace

const std::vector<Need>& needs() {
  static const std::vector<Need> all{
      {"filesrc", "libgstreamer1.0-0", true, "reads files"},
      {"queue", "libgstreamer1.0-0", true, "joins threads"},
      {"decodebin", "gstreamer1.0-plugins-base", true, "decodes"},
      {"videoconvert", "gstreamer1.0-plugins-base", true, "unusual pixel formats"},
      {"audioconvert", "gstreamer1.0-plugins-base", false, "--audio keep"},
      {"audioresample", "gstreamer1.0-plugins-base", false, "--audio keep"},
      {"compositor", "gstreamer1.0-plugins-base", false, "--side-by-side"},
      {"opusenc", "gstreamer1.0-plugins-base", false, "--audio keep in .mkv and .webm"},
      {"videoflip", "gstreamer1.0-plugins-good", true, "turns videos of phones"},
      {"capssetter", "gstreamer1.0-plugins-good", true, "marks of colours"},
      {"textoverlay", "gstreamer1.0-x", false, "--label"},
      {"mp4mux", "gstreamer1.0-plugins-good", true, ".mp4"},
      {"qtmux", "gstreamer1.0-plugins-good", false, ".mov"},
      {"matroskamux", "gstreamer1.0-plugins-good", true, ".mkv"},
      {"webmmux", "gstreamer1.0-plugins-good", false, ".webm"},
      {"avimux", "gstreamer1.0-plugins-good", false, ".avi"},
      {"qtdemux", "gstreamer1.0-plugins-good", true, "reads .mp4 and .mov"},
      {"matroskademux", "gstreamer1.0-plugins-good", true, "reads .mkv and .webm"},
      {"vp8enc", "gstreamer1.0-plugins-good", false, "--codec vp8"},
      {"jpegenc", "gstreamer1.0-plugins-good", false, "--codec mjpeg"},
      {"v4l2src", "gstreamer1.0-plugins-good", false, "--camera"},
      {"autovideosink", "gstreamer1.0-plugins-good", false, "--preview"},
      {"x264enc", "gstreamer1.0-plugins-ugly", false, "H.264; openh264enc is used without it"},
      {"lamemp3enc", "gstreamer1.0-plugins-good", false, "--audio keep in .avi"},
      {"openh264enc", "gstreamer1.0-plugins-bad", false, "H.264 without x264enc"},
      {"mpegpsdemux", "gstreamer1.0-plugins-bad", false, "reads .mpg"},
      {"h264parse", "gstreamer1.0-plugins-bad", true, "reads H.264"},
      {"avdec_h264", "gstreamer1.0-libav", true, "decodes H.264"},
      {"avenc_aac", "gstreamer1.0-libav", false, "--audio keep in .mp4"},
      {"avenc_ffv1", "gstreamer1.0-libav", false, "--codec ffv1"},
  };
  return all;
}

std::vector<Finding> examine() {
  Findings all;
  check_gstreamer(all);
  check_elements(all);
  if (!installed("x264enc") && !installed("openh264enc"))
    bad(all, true, "H.264 encoder", "there is no H.264 encoder", "apt-get install gstreamer1.0-plugins-ugly");
  check_blacklist(all);
  check_plugin(all);
  check_plugin_beside(all, "libgstdeidpose.so", {"deidposedetect", "deidoksmeter"});
  check_plugin_beside(all, "libgstdeidvolume.so",
                      {"deidniftisrc", "deidmriremodel", "deidniftisink", "deidvolumerender"});
  check_names(all);
  check_plots(all);
  check_weights(all);
  check_devices(all);
  check_targets(all);
  return all;
}

int doctor(const std::filesystem::path& support) {
  const Findings all = examine();
  for (const Finding& f : all) {
    std::printf("%-7s %s\n", f.good ? "ok" : f.essential ? "WRONG" : "missing", f.what.c_str());
    if (!f.mend.empty())
      std::printf("        fix: %s\n", f.mend.c_str());
  }
  if (!support.empty()) {
    write_support(support, all);
    std::printf("For a bug report: %s. It holds no names; read it before you send it.\n", support.c_str());
  }
  const auto wrong = std::ranges::count_if(all, [](const Finding& f) { return !f.good && f.essential; });
  std::puts(wrong == 0 ? "deid can run." : "deid cannot run until the lines marked WRONG are corrected.");
  return wrong == 0 ? exit_ok : exit_failed;
}

} // namespace deid::cli
