#include "pipelines/deid/run/run.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include "pipelines/deid/media/mkv.hpp"
#include "pipelines/deid/media/mp4.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/picture/run.hpp"
#include "pipelines/deid/run/runner.hpp"
#include <cstdio>
#include <optional>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

bool installed(const char* factory) {
  return Ref<GstElementFactory>(gst_element_factory_find(factory)) != nullptr;
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ec;
  return !a.empty() && !b.empty() &&
         (fs::equivalent(a, b, ec) ||
          fs::absolute(a, ec).lexically_normal() == fs::absolute(b, ec).lexically_normal());
}

fs::path csv_beside(const fs::path& report) {
  return report.empty() ? fs::path{} : fs::path(report).replace_extension(".csv");
}

/// The files of one run. They appear together at the end, the video last: where there is a video, the rest is
/// there too.
class Outputs {
public:
  explicit Outputs(const RunOptions& o) : tagged_(o.method == Method::swap) {
    open(audit_, o.audit, o.overwrite,
         OutputFile::Kind::named); // the writer makes it readable for its owner only
    open(measure_, o.measure, o.overwrite, OutputFile::Kind::named);
    open(measure_csv_, csv_beside(o.measure), o.overwrite, OutputFile::Kind::named);
    open(side_, o.side_by_side, o.overwrite, OutputFile::Kind::nameless);
    open(video_, o.output, o.overwrite, OutputFile::Kind::nameless);
  }
  Paths paths() const {
    const auto path = [](const std::optional<OutputFile>& file) { return file ? file->path() : fs::path{}; };
    return {path(video_), path(audit_), path(side_), path(measure_), path(measure_csv_)};
  }
  /// Adds a line to the audit, when there is one.
  void add_to_audit(const nlohmann::ordered_json& line) const {
    if (audit_)
      append_to(*audit_, line.dump() + '\n');
  }
  void commit() {
    if (side_)
      scrub(*side_, UserData::remove);
    if (video_)
      scrub(*video_, tagged_ ? UserData::keep : UserData::remove);
    std::vector<OutputFile*> all;
    for (std::optional<OutputFile>* file : {&audit_, &measure_, &measure_csv_, &side_, &video_})
      if (*file)
        all.push_back(&**file);
    commit_all(all);
  }

private:
  static void scrub(const OutputFile& file, UserData user_data) {
    const std::string e = lower_extension(file.target());
    if (e == ".mkv" || e == ".webm")
      scrub_mkv(file.fd());
    else if (e != ".avi") // which has no dates
      scrub_mp4(file.fd(), user_data);
  }
  static void open(std::optional<OutputFile>& file, const fs::path& target, bool overwrite,
                   OutputFile::Kind kind) {
    if (!target.empty())
      file.emplace(target, overwrite, kind);
  }
  bool tagged_; ///< the video says of itself that its faces are synthetic
  std::optional<OutputFile> audit_{}, measure_{}, measure_csv_{}, side_{}, video_{};
};

void check_side_by_side(const RunOptions& o) {
  const std::string e = o.side_by_side.extension().string();
  if (!o.side_by_side.empty() && e != ".mp4" && e != ".mkv")
    throw Failure("--side-by-side wants a .mp4 or .mkv file.", exit_usage);
  if (!o.side_by_side.empty() && !installed("x264enc"))
    throw Failure("--side-by-side needs x264enc (package gstreamer1.0-plugins-ugly).");
}

Encoding encoding_for(const RunOptions& o, const Source& s) {
  return choose_encoding(o, s, installed("x264enc"));
}

void tell(const RunOptions& o, const std::string& notice) {
  if (!o.quiet && !notice.empty())
    std::fprintf(stderr, "note: %s\n", notice.c_str());
}

/// What of the input is left out, and what changes: one sentence each.
std::vector<std::string> notes_on(const RunOptions& o, const Source& s, const Encoding& e) {
  std::vector<std::string> notes;
  const auto size = std::to_string(s.width) + "x" + std::to_string(s.height);
  if (s.video_streams > 1)
    notes.push_back("The file has " + std::to_string(s.video_streams) + " video tracks: the first one (" +
                    size + ") is de-identified, the others are left out.");
  if (s.audio_streams > 1 && o.keep_audio)
    notes.push_back("The file has " + std::to_string(s.audio_streams) +
                    " sound tracks: the first one is kept, the others are left out.");
  if (const std::string codec = bare_stream(s.file); !codec.empty() && s.fps_n > 0)
    notes.push_back("The file is a bare " + codec + " stream, which has no times: its frames are shown at " +
                    std::to_string(s.fps_n) + "/" + std::to_string(s.fps_d) + " a second.");
  if (s.par_mended && !s.par_text.empty())
    notes.push_back("The file says that a pixel is " + s.par_text +
                    " wide to high, which no pixel is: they are taken for square.");
  if (!e.notice.empty())
    notes.push_back(e.notice);
  return notes;
}

void tell(const RunOptions& o, const std::vector<std::string>& notes) {
  for (const std::string& note : notes)
    tell(o, note);
}

std::string dates_note() {
  return "Pasted as it is, this line leaves out the tags of the input but not the date on which it runs, and "
         "it "
         "does not check frame counts and times; `deid run` does.";
}

Summary begin_summary(const RunOptions& o, const Encoding& e) {
  Summary s;
  s.output = o.output.string();
  s.audit = o.audit.string();
  s.side_by_side = o.side_by_side.string();
  s.measure = o.measure.string();
  s.method = to_string(o.method);
  s.codec = e.encoder.empty() ? "none" : e.encoder.front();
  return s;
}

/// Where a dry run says the results go.
Paths final_paths(const RunOptions& o) {
  return {o.output, o.audit, o.side_by_side, o.measure, csv_beside(o.measure)};
}

} // namespace

void check_paths(const RunOptions& o) {
  const std::vector<fs::path> outputs{o.output,       o.audit,   o.side_by_side,
                                      o.json_summary, o.measure, csv_beside(o.measure)};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (const fs::path& input : o.inputs)
      if (same_file(input, outputs[i]))
        throw Failure(outputs[i].string() + " is the input itself; choose another output.", exit_usage);
    for (std::size_t j = i + 1; j < outputs.size(); ++j)
      if (same_file(outputs[i], outputs[j]))
        throw Failure(outputs[i].string() + " is named for two outputs.", exit_usage);
  }
  for (const fs::path& output : outputs)
    if (!output.empty())
      check_target(output, o.overwrite);
}

Summary run_file(const RunOptions& o, const std::string& label, const ElementNames& names) {
  if (is_picture(o.inputs.front()))
    return run_picture(o, label, names);
  check_paths(o);
  check_side_by_side(o);
  const ReadableName input(o.inputs.front());
  Source source = inspect(o.inputs.front());
  source.file = input.path();
  const Encoding encoding = o.output.empty() ? Encoding{} : encoding_for(o, source);
  Outputs outputs(o);
  Summary summary = begin_summary(o, encoding);
  summary.input = o.inputs.front().string();
  summary.notes = notes_on(o, source, encoding);
  tell(o, summary.notes);
  summary.audio = source.audio_streams == 0 ? "none" : o.keep_audio ? "kept" : "dropped";
  RunnerOptions runner;
  runner.label = label;
  runner.quiet = o.quiet;
  runner.keep_going = o.keep_going;
  runner.constant_rate = encoding.constant_rate;
  runner.stall_after = o.stall_after;
  summary.provenance = provenance_marks(source.file);
  run_graph(file_graph(o, source, encoding, outputs.paths(), names), source, runner, summary);
  if (!summary.provenance.empty())
    outputs.add_to_audit(nlohmann::ordered_json{{"input_provenance", summary.provenance}});
  outputs.commit();
  return summary;
}

Summary run_camera(const RunOptions& o, const ElementNames& names) {
  check_paths(o);
  const Source source = live_source(o);
  const Encoding encoding = o.output.empty() ? Encoding{} : encoding_for(o, source);
  tell(o, encoding.notice);
  Outputs outputs(o);
  Summary summary = begin_summary(o, encoding);
  summary.input = o.camera;
  summary.audio = "none";
  RunnerOptions runner;
  runner.label = o.camera == "test" ? "test picture" : o.camera;
  runner.quiet = o.quiet;
  runner.live = true;
  runner.stop_after = o.stop_after;
  runner.stall_after = o.stall_after;
  if (!o.quiet)
    std::fprintf(stderr, "Ctrl-C ends %s.\n", o.output.empty() ? "the preview" : "the recording");
  run_graph(live_graph(o, encoding, outputs.paths(), names), source, runner, summary);
  outputs.commit();
  return summary;
}

std::string dry_run(const RunOptions& o, const ElementNames& names) {
  if (!o.live() && is_picture(o.inputs.front()))
    return picture_dry_run(o, names);
  check_side_by_side(o);
  const Source source = o.live() ? live_source(o) : inspect(o.inputs.front());
  const Encoding encoding = o.output.empty() ? Encoding{} : encoding_for(o, source);
  tell(o, notes_on(o, source, encoding));
  tell(o, dates_note());
  return shell_line(o.live() ? live_graph(o, encoding, final_paths(o), names)
                             : file_graph(o, source, encoding, final_paths(o), names));
}

} // namespace deid::cli
