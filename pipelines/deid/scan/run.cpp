#include "pipelines/deid/scan/run.hpp"
#include "elements/base/gst_ptr.hpp"
#include "elements/volume/dicom/series.hpp"
#include "elements/volume/nifti/reader.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/run.hpp"
#include "pipelines/deid/workplace.hpp"
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <gst/gst.h>
#include <iterator>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* volume_plugin = "libgstdeidvolume.so";

/// Loads the plugin that stands beside ours, so that no other one is used instead.
void load_volume_plugin() {
  const fs::path file = find_plugin().parent_path() / volume_plugin;
  GError* error = nullptr;
  const Ref<GstPlugin> plugin(gst_plugin_load_file(file.c_str(), &error));
  const Ref<GError> owned(error);
  if (!plugin)
    throw Failure("The plugin for scans cannot be loaded: " +
                  std::string(error != nullptr ? error->message : file.string()) +
                  ". `deid doctor` says more.");
}

/// Whether the name ends so, in any case of letters.
bool ends(const fs::path& file, std::string_view end) {
  std::string name = file.filename().string();
  for (char& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.size() > end.size() && name.ends_with(end);
}

void check_scan_options(const RunOptions& o) {
  if (o.method != Method::swap)
    throw Failure("--method is for videos and pictures; a scan has --scan-method.", exit_usage);
  if (!o.subjects.empty())
    throw Failure(
        "--subjects is for videos and pictures: a scan gets a head by chance, whose audit has its seed.",
        exit_usage);
  if (!o.side_by_side.empty() || !o.measure.empty() || o.quality || o.keep_audio || o.keep_going)
    throw Failure("--side-by-side, --measure, --quality, --audio and --keep-going are not for scans.",
                  exit_usage);
  const bool series = is_series(o.inputs.front());
  if (series && is_scan(o.output))
    throw Failure("A DICOM series becomes a folder of DICOM files, not " + o.output.filename().string() + ".",
                  exit_usage);
  if (!series && !o.output.empty() && !ends(o.output, ".nii") && !ends(o.output, ".nii.gz"))
    throw Failure("A scan becomes a .nii or .nii.gz file, not " + o.output.filename().string() + ".",
                  exit_usage);
  if (o.output.empty())
    throw Failure(series ? "A DICOM series needs an output: -o FOLDER."
                         : "A scan needs an output: -o FILE.nii.gz.",
                  exit_usage);
  std::error_code ec;
  if (series && fs::exists(o.output, ec) && !(fs::is_directory(o.output, ec) && fs::is_empty(o.output, ec)))
    throw Failure(o.output.string() + " is there already and holds something; name another folder with -o.");
}

volatile std::sig_atomic_t interrupted = 0;
void note_interrupt(int) {
  interrupted = 1;
}

/// Ctrl-C ends the run and leaves no file.
class InterruptWatch {
public:
  InterruptWatch() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = note_interrupt;
    sigaction(SIGINT, &action, &int_);
    sigaction(SIGTERM, &action, &term_);
  }
  ~InterruptWatch() {
    sigaction(SIGINT, &int_, nullptr);
    sigaction(SIGTERM, &term_, nullptr);
  }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

private:
  struct sigaction int_ {
  }, term_{};
};

std::string text_of(GstMessage* message) {
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const Ref<GError> owned(error);
  return error->message;
}

/// Waits for the end of the stream. Throws Failure on an error and on an interrupt.
void wait_for_end(GstElement* pipeline) {
  const Ref<GstBus> bus(gst_element_get_bus(pipeline));
  while (interrupted == 0) {
    const Ref<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), 200 * GST_MSECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (!message)
      continue;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS)
      return;
    throw Failure(text_of(message.get()));
  }
  throw Failure("Interrupted; no file was written.", exit_interrupted);
}

void run(const Tokens& graph) {
  std::vector<const gchar*> argv;
  for (const std::string& token : graph)
    argv.push_back(token.c_str());
  argv.push_back(nullptr);
  GError* error = nullptr;
  GstElement* parsed = gst_parse_launchv_full(argv.data(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  const Ref<GError> owned(error);
  if (parsed == nullptr)
    throw Failure(std::string("The graph cannot be built: ") + (error != nullptr ? error->message : "") +
                  ". `deid doctor` says what is missing.");
  const Ref<GstElement> pipeline(static_cast<GstElement*>(gst_object_ref_sink(parsed)));
  const InterruptWatch watch;
  struct Stop {
    GstElement* pipeline;
    ~Stop() { gst_element_set_state(pipeline, GST_STATE_NULL); }
  };
  const Stop stop{pipeline.get()};
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  wait_for_end(pipeline.get());
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Reads the finished scan back: the same grid as the original, and no name in it.
void verify(const fs::path& original, const fs::path& result) {
  const Scan before = read_scan(original), after = read_scan(result);
  if (!(before.volume.about == after.volume.about))
    throw Failure("The finished scan has another grid or another place than the original; it is not kept.");
  if (!after.clean)
    throw Failure("The finished scan's header holds a text; it is not kept.");
  if (before.volume.voxels == after.volume.voxels)
    throw Failure("The finished scan is the original one; it is not kept.");
}

/// Gives the files their names: the audit first, so that a scan has its audit.
void commit(const RunOptions& o, const fs::path& scan, const fs::path& report) {
  std::error_code ec;
  if (!o.audit.empty()) {
    OutputFile audit(o.audit, o.overwrite, OutputFile::Kind::named);
    append_to(audit, content_of(report));
    audit.commit();
  }
  const bool made = o.overwrite || is_series(scan) ? std::rename(scan.c_str(), o.output.c_str()) == 0
                                                   : rename_new(scan, o.output);
  if (made)
    return;
  if (!o.audit.empty())
    fs::remove(o.audit, ec);
  throw Failure(o.output.string() + " could not be written.");
}

} // namespace

Scan read_scan(const fs::path& file) {
  try {
    if (is_series(file)) {
      dicom::Reading series = dicom::read_series(file);
      return {std::move(series.volume), series.dropped == dicom::Dropped{}};
    }
    nifti::Reading read = nifti::read_file(file);
    return {std::move(read.volume), read.dropped == nifti::Dropped{}};
  } catch (const nifti::FileError& error) {
    throw Failure(error.what());
  } catch (const dicom::SeriesError& error) {
    throw Failure(error.what());
  }
}

bool is_series(const fs::path& folder) {
  std::error_code ec;
  return fs::is_directory(folder, ec) && dicom::holds_dicom(folder);
}

bool is_scan(const fs::path& file) {
  for (const char* end : {".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz"})
    if (ends(file, end))
      return true;
  return false;
}

bool is_header_of_pair(const fs::path& file) {
  return ends(file, ".hdr") || ends(file, ".hdr.gz");
}

bool is_voxels_of_pair(const fs::path& file) {
  return ends(file, ".img") || ends(file, ".img.gz");
}

Tokens scan_graph(const RunOptions& o, const fs::path& output, const fs::path& report) {
  const bool series = is_series(o.inputs.front());
  Tokens t{series ? "deiddicomsrc" : "deidniftisrc", "location=" + o.inputs.front().string(), "!",
           "deidmriremodel", "method=" + o.scan_method};
  if (!report.empty())
    t.push_back("report=" + report.string());
  for (std::string token : {std::string("!"), std::string(series ? "deiddicomsink" : "deidniftisink"),
                            "location=" + output.string()})
    t.push_back(std::move(token));
  return t;
}

Summary run_scan(const RunOptions& options, const std::string& label, const Hooks& hooks) {
  RunOptions o = options;
  if (is_series(o.inputs.front()) && !o.output.has_filename())
    o.output = o.output.parent_path(); // "out/" is the folder out
  check_scan_options(o);
  check_paths(o);
  load_volume_plugin();
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  const fs::path folder = o.output.has_parent_path() ? o.output.parent_path() : fs::path(".");
  const Workplace work(folder);
  const char* name = is_series(o.inputs.front()) ? "series"
                     : ends(o.output, ".gz")     ? "scan.nii.gz"
                                                 : "scan.nii";
  const fs::path scan = work.path() / name, report = work.path() / "report";
  if (!o.quiet)
    std::fprintf(stderr, "%s: a minute or less\n", label.c_str());
  run(scan_graph(o, scan, report));
  verify(o.inputs.front(), scan);
  Summary summary;
  summary.kind = "scan";
  summary.input = o.inputs.front().string();
  summary.output = o.output.string();
  summary.audit = o.audit.string();
  summary.method = o.scan_method;
  summary.codec = summary.audio = "none";
  summary.frames = 1;
  summary.cover = nlohmann::ordered_json::parse(content_of(report));
  if (hooks.before_commit)
    hooks.before_commit();
  commit(o, scan, report);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  summary.cpu_seconds = cpu_seconds() - cpu;
  return summary;
}

std::string scan_dry_run(const RunOptions& o) {
  check_scan_options(o);
  return shell_line(scan_graph(o, o.output, o.audit));
}

std::string scan_text(const Summary& s) {
  const auto number = [](double value, int digits) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return std::string(text.data());
  };
  std::string t = s.output + ": method " + s.method + " in " + number(s.seconds, 1) + " s\n";
  const auto& brain = s.cover.at("brain");
  t += "  brain: " + std::to_string(brain.at("voxels_kept").get<std::uint64_t>()) +
       " voxels are bit by bit as before (sha256 " +
       brain.at("sha256_after").get<std::string>().substr(0, 16) + ")\n";
  if (s.cover.contains("skin"))
    t += "  face: the new skin is " + number(s.cover["skin"].at("new_to_old_mm").get<double>(), 1) +
         " mm from the old one, ears " + number(s.cover["skin"].at("ears_mm").get<double>(), 1) + " mm\n";
  else
    t += "  This method is for comparison: it does not give another face.\n";
  if (!s.audit.empty())
    t += "  audit: " + s.audit + "\n";
  return t +
         "  Look at the result before it leaves: bone, sinuses, teeth and the brain are the person's own.\n";
}

} // namespace deid::cli
