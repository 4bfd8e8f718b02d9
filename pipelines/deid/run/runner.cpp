#include "pipelines/deid/run/runner.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/deid/run/stillness.hpp"
#include "pipelines/deid/run/watch.hpp"
#include <chrono>
#include <csignal>
#include <functional>
#include <glib-unix.h>
#include <gst/pbutils/pbutils.h>
#include <map>
#include <optional>
#include <set>

namespace deid::cli {
namespace {

Ref<GstElement> parse(const Tokens& graph) {
  std::vector<const gchar*> argv;
  for (const std::string& token : graph)
    argv.push_back(token.c_str());
  argv.push_back(nullptr);
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launchv_full(argv.data(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  const Ref<GError> owned(error);
  if (!pipeline)
    throw Failure(std::string("The graph cannot be built: ") + (error ? error->message : "unknown reason") +
                  ". `deid doctor` says what is missing.");
  return Ref<GstElement>(static_cast<GstElement*>(gst_object_ref_sink(pipeline)));
}

/// The sentence for a message "deid-budget" of faceswap. gives_up: its field.
std::string budget_note(const std::string& gives_up) {
  static const std::map<std::string, const char*> parts{
      {"correction", "corrects its drawing"},
      {"hands", "looks for hands in front of faces"},
      {"sharpness", "follows the sharpness of the picture"},
  };
  const auto part = parts.find(gives_up);
  if (part != parts.end())
    return std::string("note: this computer is too slow for the whole swap; it no longer ") + part->second +
           ".";
  return gives_up == "swap" ? "note: this computer is too slow for the swap; faces are blurred."
                            : "note: this computer is fast enough for the whole swap again.";
}

/// A GLib source that is removed with this object.
class Registration {
public:
  explicit Registration(guint id) : id_(id) {}
  ~Registration() { g_source_remove(id_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

private:
  guint id_;
};

/// One run. The main loop calls its callbacks in the thread of run_graph().
class Run {
public:
  Run(const Tokens& graph, const Source& source, const RunnerOptions& options)
      : source_(source), options_(options), pipeline_(parse(graph)), loop_(g_main_loop_new(nullptr, FALSE)),
        watch_(pipeline_.get(), {options.live, !options.keep_going, options.film, options.endless}),
        progress_(options.label, options.quiet) {}
  ~Run() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void run(Summary& summary);

private:
  void on_message(GstMessage* message);
  void on_error(GstMessage* message);
  void say(const std::string& line);
  void on_signal();
  void on_tick();
  void end_live();
  bool stalled(std::chrono::steady_clock::time_point now);
  void fail(const std::string& why, int code = exit_failed);
  void finish(Summary& summary);
  nlohmann::ordered_json stats_of(const char* name) const;
  void loop();

  const Source& source_;
  const RunnerOptions& options_;
  Ref<GstElement> pipeline_;
  Ref<GMainLoop> loop_;
  Watch watch_;
  Progress progress_;
  std::chrono::steady_clock::time_point start_{}, first_{};
  Stillness stillness_{};
  std::string failure_{}, missing_{};
  std::set<std::string> warned_{};
  int code_ = exit_ok;
  bool ending_ = false, cut_ = false;
};

gboolean message_cb(GstBus*, GstMessage* message, gpointer call) noexcept {
  (*static_cast<std::function<void(GstMessage*)>*>(call))(message);
  return G_SOURCE_CONTINUE;
}

gboolean simple_cb(gpointer call) noexcept {
  (*static_cast<std::function<void()>*>(call))();
  return G_SOURCE_CONTINUE;
}

void Run::fail(const std::string& why, int code) {
  if (code_ == exit_ok) {
    failure_ = why;
    code_ = code;
  }
  g_main_loop_quit(loop_.get());
}

void Run::on_error(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &error, &debug);
  const Ref<GError> owned(error);
  const std::string detail = take_string(debug);
  const std::string what = watch_.trouble(); // more precise than the errors that follow from it
  if (!what.empty())
    fail(what);
  else if (!missing_.empty())
    fail("Something is not installed: " + missing_ + ". `deid doctor` names the packages.");
  else
    fail(std::string(error->message) +
         (detail.empty() ? "" : " [" + detail.substr(detail.rfind('\n') + 1) + "]"));
}

void Run::on_message(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
  case GST_MESSAGE_EOS:
    g_main_loop_quit(loop_.get());
    break;
  case GST_MESSAGE_ERROR:
    on_error(message);
    break;
  case GST_MESSAGE_WARNING: {
    GError* error = nullptr;
    gst_message_parse_warning(message, &error, nullptr);
    const Ref<GError> owned(error);
    if (warned_.insert(error->message).second)
      say(std::string("warning: ") + error->message);
    break;
  }
  case GST_MESSAGE_ELEMENT:
    if (gst_is_missing_plugin_message(message))
      missing_ = take_string(gst_missing_plugin_message_get_description(message));
    else if (gst_message_has_name(message, "deid-budget"))
      say(budget_note(gst_structure_get_string(gst_message_get_structure(message), "gives-up")));
    break;
  default:
    break;
  }
}

/// Writes a line above the progress.
void Run::say(const std::string& line) {
  if (options_.quiet)
    return;
  progress_.clear();
  std::fprintf(stderr, "%s\n", line.c_str());
}

/// The first interrupt of a live run ends the recording in order. Any other interrupt aborts.
void Run::on_signal() {
  if (options_.live && !ending_)
    return end_live();
  fail("Interrupted; nothing was written.", exit_interrupted);
}

void Run::end_live() {
  ending_ = true;
  gst_element_send_event(pipeline_.get(), gst_event_new_eos());
}

/// Whether a file or camera gave no frame and no message for long.
bool Run::stalled(std::chrono::steady_clock::time_point now) {
  const std::uint64_t moves = watch_.decoded() + watch_.frames_in() + watch_.frames_out();
  const auto still = stillness_.since(now, moves);
  return options_.stall_after > 0 && still >= std::chrono::seconds(options_.stall_after);
}

void Run::on_tick() {
  progress_.update(watch_.frames_out(), watch_.position(), options_.live ? 0 : source_.duration);
  if (options_.progress)
    options_.progress(watch_.frames_out());
  if (const std::string trouble = watch_.trouble(); !trouble.empty())
    return fail(trouble);
  const auto now = std::chrono::steady_clock::now();
  if (stalled(now))
    return fail(
        "Nothing moved for " + std::to_string(options_.stall_after) + " s after " +
        std::to_string(watch_.frames_out()) +
        " frames, so the run was aborted. Try again, or use --stall-after SECONDS on a slow machine.");
  if (first_ == decltype(first_){} && watch_.frames_in() > 0)
    first_ = now; // loading the models does not count
  if (options_.live && options_.stop_after > 0 && !ending_ && first_ != decltype(first_){} &&
      now - first_ >= std::chrono::seconds(options_.stop_after))
    end_live();
  if (options_.endless && !cut_ && watch_.decoded() >= options_.film->frames.size()) {
    cut_ = true; // this demuxer will not report its end
    const Ref<GstElement> queue(gst_bin_get_by_name(GST_BIN(pipeline_.get()), role::decoded));
    const Ref<GstPad> pad(gst_element_get_static_pad(queue.get(), "sink"));
    gst_pad_send_event(pad.get(), gst_event_new_eos());
  }
}

void Run::loop() {
  std::function<void(GstMessage*)> message = [this](GstMessage* m) { on_message(m); };
  std::function<void()> signal = [this] { on_signal(); }, tick = [this] { on_tick(); };
  const Ref<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  const Registration on_bus(gst_bus_add_watch(bus.get(), message_cb, &message));
  const Registration on_int(g_unix_signal_add(SIGINT, simple_cb, &signal));
  const Registration on_term(g_unix_signal_add(SIGTERM, simple_cb, &signal));
  struct sigaction hang_up {};
  std::optional<Registration> on_hup;
  // an ignored signal stays ignored, as nohup sets it
  if (sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN)
    on_hup.emplace(g_unix_signal_add(SIGHUP, simple_cb, &signal));
  const Registration on_time(g_timeout_add(200, simple_cb, &tick));
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    const auto m = Ref<GstMessage>(gst_bus_timed_pop_filtered(bus.get(), 0, GST_MESSAGE_ERROR));
    if (m)
      on_error(m.get());
    else
      fail("The graph cannot be started.");
    return;
  }
  g_main_loop_run(loop_.get());
}

nlohmann::ordered_json Run::stats_of(const char* name) const {
  const Ref<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
  return element ? read_stats(element.get()) : nlohmann::ordered_json::object();
}

void Run::finish(Summary& summary) {
  const auto passed = std::chrono::steady_clock::now() - start_;
  summary.seconds = std::chrono::duration<double>(passed).count();
  summary.detect = stats_of(role::detect);
  summary.cover = stats_of(role::cover);
  summary.meter = stats_of(role::meter);
  summary.identity = stats_of(role::identity);
  summary.frames = options_.live ? watch_.frames_in() : watch_.frames_out();
  summary.duration = 1e-9 * static_cast<double>(source_.duration);
  if (const std::string trouble = watch_.trouble(); !trouble.empty())
    throw Failure(trouble);
  if (options_.live && watch_.frames_in() == 0)
    throw Failure("The camera gave no frame.");
  if (!options_.live && options_.verify)
    watch_.verify(source_, summary.frames_dropped(), options_.constant_rate);
  summary.times = watch_.times_out();
  summary.frames_missing = watch_.missing() + (options_.film ? options_.film->missing : 0);
}

void Run::run(Summary& summary) {
  start_ = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  if (options_.before)
    options_.before(pipeline_.get());
  loop();
  progress_.clear();
  if (code_ == exit_ok)
    finish(summary);
  if (code_ == exit_ok && options_.after)
    options_.after(pipeline_.get());
  // NULL before the files are published: only then the last byte has been written.
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  if (code_ != exit_ok)
    throw Failure(failure_, code_);
  summary.cpu_seconds = cpu_seconds() - cpu;
}

} // namespace

void run_graph(const Tokens& graph, const Source& source, const RunnerOptions& options, Summary& summary) {
  Run(graph, source, options).run(summary);
}

} // namespace deid::cli
