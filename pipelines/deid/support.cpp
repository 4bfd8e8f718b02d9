#include "pipelines/deid/support.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/portable.hpp"
#include <cstdlib>
#include <fstream>
#include <gnu/libc-version.h>
#include <regex>
#include <sstream>
#include <sys/utsname.h>
#include <thread>

namespace deid::cli {
namespace {

constexpr const char* support_head =
    "gst-deid support file, form 1\n"
    "It has versions, parts and findings. It has no paths, no names of files, people or computers.\n"
    "Read it before you send it.\n\n";

/// The value behind a key in a file of lines `key SEPARATOR value`, such as /proc/cpuinfo. Only letters,
/// digits and " .()@-_" of it.
std::string value_in(const char* file, const std::string& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t end = line.find(separator);
    if (end == std::string::npos || line.substr(0, line.find_last_not_of(" \t", end - 1) + 1) != key)
      continue;
    const std::string value = std::regex_replace(line.substr(end + 1), std::regex("[^A-Za-z0-9 .()@_-]"), "");
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return "unknown";
}

/// The first match of a pattern, or "unknown".
std::string part_of(const std::string& text, const char* pattern) {
  std::smatch match;
  return std::regex_search(text, match, std::regex(pattern)) ? match.str() : "unknown";
}

std::string kind_of_installation() {
  if (!portable_folder(this_program()).empty())
    return "unpacked archive";
  const std::filesystem::path prefix = this_program().parent_path().parent_path();
  if (prefix == "/usr")
    return "package";
  return std::filesystem::exists(prefix / "CMakeCache.txt") ? "build" : "installed";
}

void describe_system(std::ostream& to) {
  utsname system{};
  uname(&system);
  const std::string flags = [] {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("flags"))
        return line + " ";
    return std::string();
  }();
  to << "system: " << value_in("/etc/os-release", "ID", '=') << ' '
     << value_in("/etc/os-release", "VERSION_ID", '=') << ", kernel "
     << part_of(system.release, R"(^\d+\.\d+(\.\d+)?)") << ", " << system.machine << ", glibc "
     << gnu_get_libc_version() << '\n';
  to << "processor: " << value_in("/proc/cpuinfo", "model name", ':') << ", "
     << std::thread::hardware_concurrency() << " threads, with";
  for (const char* flag : {"avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16"})
    if (flags.find(" " + std::string(flag) + " ") != std::string::npos)
      to << ' ' << flag;
  to << "\nmemory: " << value_in("/proc/meminfo", "MemTotal", ':') << '\n';
}

/// A stock element and the version of its plug-in.
void describe_element(std::ostream& to, const char* name) {
  const Ref<GstElementFactory> factory(gst_element_factory_find(name));
  const Ref<GstPlugin> plugin(factory ? gst_plugin_feature_get_plugin(GST_PLUGIN_FEATURE(factory.get()))
                                      : nullptr);
  to << "  " << name << ' '
     << (plugin    ? gst_plugin_get_version(plugin.get())
         : factory ? "there"
                   : "missing")
     << '\n';
}

/// Whether variables that change the behaviour are set. Their values can be paths.
void describe_variables(std::ostream& to) {
  to << "variables that are set:";
  for (const char* name :
       {"DEID_MODEL_DIR", "DEID_NETWORK_CACHE", "DEID_KEEP_STOCK_NAMES", "DEID_MODEL_PASSPHRASE",
        "GST_PLUGIN_PATH", "GST_PLUGIN_PATH_1_0", "GST_PLUGIN_SYSTEM_PATH", "GST_PLUGIN_SYSTEM_PATH_1_0",
        "GST_REGISTRY", "GST_REGISTRY_1_0", "GST_PLUGIN_FEATURE_RANK", "GST_DEBUG", "LD_LIBRARY_PATH",
        "LD_PRELOAD", "ONEDNN_MAX_CPU_ISA", "OMP_NUM_THREADS", "SLURM_JOB_ID"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      to << ' ' << name;
  to << '\n';
}

} // namespace

std::string support_text(const std::vector<Finding>& findings) {
  std::ostringstream to;
  guint major = 0, minor = 0, micro = 0, nano = 0;
  gst_version(&major, &minor, &micro, &nano);
  to << support_head << "deid " << DEID_VERSION << ", " << kind_of_installation() << ", GStreamer " << major
     << '.' << minor << '.' << micro << '\n';
  describe_system(to);
  describe_variables(to);
  to << "elements:\n";
  for (const Need& need : needs())
    describe_element(to, need.element);
  to << "findings:\n";
  for (const Finding& finding : findings)
    to << "  "
       << (finding.good        ? "ok     "
           : finding.essential ? "WRONG  "
                               : "missing")
       << ' ' << finding.subject << '\n';
  return to.str();
}

void write_support(const std::filesystem::path& file, const std::vector<Finding>& findings) {
  OutputFile out(file, false);
  append_to(out, support_text(findings));
  out.commit();
}

} // namespace deid::cli
