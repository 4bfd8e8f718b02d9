#include "pipelines/deid/run/run.hpp"
#include "elements/base/scrub.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include "pipelines/deid/media/finished.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/media/mkv.hpp"
#include "pipelines/deid/media/mp4.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/media/sign.hpp"
#include "pipelines/deid/media/sound.hpp"
#include "pipelines/deid/picture/run.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/run/edit_lists.hpp"
#include "pipelines/deid/run/facts.hpp"
#include "pipelines/deid/run/runner.hpp"
#include "pipelines/deid/run/watch.hpp"
#include "pipelines/deid/scan/run.hpp"
#include "pipelines/deid/subjects/run.hpp"
#include <cstdio>
#include <optional>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ec;
  return !a.empty() && !b.empty() &&
         (fs::equivalent(a, b, ec) ||
          fs::absolute(a, ec).lexically_normal() == fs::absolute(b, ec).lexically_normal());
}

fs::path csv_beside(const fs::path& report) {
  return report.empty() ? fs::path{} : fs::path(report).replace_extension(".csv");
}

const char* mime_type(const fs::path& video) {
  return lower_extension(video) == ".mov" ? "video/quicktime" : "video/mp4";
}

/// The files of one run. They appear together at the end, the video last: when the video is there, the other
/// files are there, too.
class Outputs {
public:
  explicit Outputs(const RunOptions& o) : tagged_(o.method == Method::swap), overwrite_(o.overwrite) {
    open(audit_, o.audit, o.overwrite,
         OutputFile::Kind::named); // the writer creates it readable only by its owner
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
  /// Says in the audit which videos it belongs to, when there are both.
  void bind_audit(const RunOptions& o, const Source& source) const {
    if (audit_ && video_)
      add_to_audit(
          audit::to_json(audit::Run{facts_of(o.inputs.front()), facts_of(video_->path()),
                                    source.shown_width(), source.shown_height(), deciding_options(o)}));
  }
  /// Adds the original's sound to the finished video.
  void sound(const fs::path& original, const Film& film, const std::vector<SoundSpan>& mutes) {
    OutputFile joined(video_->target(), overwrite_);
    add_sound(
        video_->path(),
        {original, film, lower_extension(video_->target()), tagged_ ? scrub::synthetic_note : "", mutes},
        joined.path());
    video_.emplace(std::move(joined));
  }
  /// Removes data that the muxers added. length: of the film [ns], 0: unknown. matrix: of the video, see
  /// scrub_mkv.
  void scrub_all(std::int64_t length, unsigned matrix, FramesMissing missing = FramesMissing::no) {
    if (side_)
      scrub(*side_, UserData::remove, 0, 0);
    if (video_)
      scrub(*video_, tagged_ ? UserData::keep : UserData::remove, length, matrix, missing);
  }
  /// Adds XMP with IPTC's term to an MP4 or MOV video whose faces are synthetic. Its comment says so, too.
  void mark() const {
    if (!video_ || !tagged_)
      return;
    const std::string e = lower_extension(video_->target());
    if (e == ".mp4" || e == ".m4v" || e == ".mov")
      add_xmp(video_->fd(), e == ".mov" ? XmpPlace::quicktime : XmpPlace::mp4, synthetic_packet());
  }
  /// Signs the video. After this step its bytes do not change.
  void sign(const Signer& signer) {
    OutputFile sealed(video_->target(), overwrite_);
    signer.sign(video_->fd(), sealed.fd(), mime_type(video_->target()));
    video_.emplace(std::move(sealed));
  }
  /// Reads the video back. times: of its frames [ns].
  void verify(const std::vector<std::int64_t>& times) const {
    if (video_)
      verify_finished(video_->path(), times);
  }
  void commit() {
    std::vector<OutputFile*> all;
    for (std::optional<OutputFile>* file : {&audit_, &measure_, &measure_csv_, &side_, &video_})
      if (*file)
        all.push_back(&**file);
    commit_all(all);
  }

private:
  static void scrub(const OutputFile& file, UserData user_data, std::int64_t length, unsigned matrix,
                    FramesMissing missing = FramesMissing::no) {
    const std::string e = lower_extension(file.target());
    if (e == ".mkv" || e == ".webm")
      scrub_mkv(file.fd(), user_data, matrix);
    else if (e != ".avi") // AVI has no dates
      scrub_mp4(file.fd(), user_data, length, missing);
  }
  static void open(std::optional<OutputFile>& file, const fs::path& target, bool overwrite,
                   OutputFile::Kind kind) {
    if (!target.empty())
      file.emplace(target, overwrite, kind);
  }
  bool tagged_; ///< the video's tag states that its faces are synthetic
  bool overwrite_;
  std::optional<OutputFile> audit_{}, measure_{}, measure_csv_{}, side_{}, video_{};
};

/// Refuses a signature where none can stand.
void check_sign(const RunOptions& o) {
  const std::string e = lower_extension(o.output);
  if (!o.sign.empty() && e != ".mp4" && e != ".m4v" && e != ".mov")
    throw Failure("--sign works on videos in .mp4 and .mov only.", exit_usage);
}

void check_side_by_side(const RunOptions& o) {
  const std::string e = o.side_by_side.extension().string();
  if (!o.side_by_side.empty() && e != ".mp4" && e != ".mkv")
    throw Failure("--side-by-side needs a .mp4 or .mkv file.", exit_usage);
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

/// One sentence for each part of the input that is left out or changed.
std::vector<std::string> notes_on(const RunOptions& o, const Source& s, const Encoding& e,
                                  bool oblique = false) {
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
  if (oblique)
    notes.push_back("The file asks for a rotation that is no multiple of 90 degrees. The pictures are not "
                    "rotated, and the result does not ask for it.");
  if (s.par_mended && !s.par_text.empty())
    notes.push_back("The file's pixel aspect ratio " + s.par_text +
                    " is impossible; square pixels are assumed.");
  if (!e.notice.empty())
    notes.push_back(e.notice);
  return notes;
}

void tell(const RunOptions& o, const std::vector<std::string>& notes) {
  for (const std::string& note : notes)
    tell(o, note);
}

std::string dates_note() {
  return "This line drops the input's tags, but writes today's date and does not check frame counts and "
         "times. `deid run` removes the date and checks them.";
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

/// The results' places in a dry run.
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

namespace {

/// Throws when the file is incomplete, unless that is allowed.
void check_whole(const RunOptions& o, const Film& film) {
  if (!film.damage.empty() && !o.keep_going)
    throw Failure(o.inputs.front().string() + ": " + film.damage + " --keep-going processes the rest.");
}

RunnerOptions runner_for(const RunOptions& o, const std::string& label, const Encoding& encoding,
                         const Film& film, const Hooks& hooks) {
  RunnerOptions runner;
  runner.label = label;
  runner.quiet = o.quiet;
  runner.keep_going = o.keep_going;
  runner.constant_rate = encoding.constant_rate;
  runner.stall_after = o.stall_after;
  runner.film = &film;
  if (hooks.progress)
    runner.progress = [&hooks, total = film.frames.size()](std::uint64_t frames) {
      hooks.progress(frames, total);
    };
  runner.endless = is_gif(o.inputs.front());
  runner.before = [file = o.inputs.front()](GstElement* pipeline) {
    const Ref<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline), role::file));
    hide_edit_lists(source.get(), file);
  };
  return runner;
}

/// Says when a region stayed though a person took it for no face.
void note_corrections(const RunOptions& o, GstElement* pipeline, Summary& summary) {
  const Ref<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline), role::revise));
  const std::uint64_t kept = element ? Summary::count(read_stats(element.get()), "kept") : 0;
  if (kept == 0)
    return;
  summary.notes.push_back(std::to_string(kept) +
                          " covers stayed that a person took away, because they are not where they were. "
                          "Look at the result again.");
  tell(o, summary.notes.back());
}

/// Length of the result [ns]: to the end of its last frame. Frames of a damaged film can be missing.
std::int64_t length_of(const Film& film, const Summary& summary) {
  const std::int64_t last_duration = film.end - film.shown_times().back();
  return summary.times.empty() ? 0 : summary.times.back() + last_duration;
}

/// One pass over a file that should have the pictures of `film`. Throws Miscounted when it has not.
Summary process(const RunOptions& o, const std::string& label, Source source, const Film& film,
                const ElementNames& names, const Hooks& hooks) {
  check_whole(o, film);
  follow(film, source);
  const bool sound = o.keep_audio && film.audio_tracks > 0 && !o.output.empty();
  const Encoding encoding = o.output.empty() ? Encoding{} : encoding_for(o, source);
  std::optional<Signer> signer; // a wrong key ends the run here
  if (!o.sign.empty())
    signer.emplace(o.sign.at(0), o.sign.at(1));
  Outputs outputs(o);
  Summary summary = begin_summary(o, encoding);
  summary.input = o.inputs.front().string();
  summary.notes = notes_on(o, source, encoding, film.oblique);
  tell(o, summary.notes);
  summary.audio = film.audio_tracks == 0 ? "none" : sound ? "kept" : "dropped";
  summary.damage = film.damage;
  RunOptions pictures = o;
  pictures.keep_audio = false; // the sound is added afterwards
  summary.provenance = provenance_marks(source.file);
  RunnerOptions runner = runner_for(o, label, encoding, film, hooks);
  if (!o.revision.empty())
    runner.after = [&](GstElement* pipeline) { note_corrections(o, pipeline, summary); };
  run_graph(file_graph(pictures, source, encoding, outputs.paths(), names), source, runner, summary);
  const unsigned matrix = iso_matrix(encoding.colours.written, encoding.colours.matrix);
  const bool all = summary.times.size() == film.shown_times().size();
  outputs.scrub_all(length_of(film, summary), matrix, all ? FramesMissing::no : FramesMissing::yes);
  if (sound) {
    outputs.sound(source.file, film, o.mutes);
    outputs.scrub_all(0, matrix);
  }
  outputs.mark();
  if (signer)
    outputs.sign(*signer);
  outputs.verify(summary.times);
  outputs.bind_audit(o, source);
  if (!summary.provenance.empty())
    outputs.add_to_audit(nlohmann::ordered_json{{"input_provenance", summary.provenance}});
  if (hooks.audited)
    outputs.add_to_audit(hooks.audited(outputs.paths().audit));
  if (hooks.before_commit)
    hooks.before_commit();
  outputs.commit();
  return summary;
}

} // namespace

Summary run_file(const RunOptions& o, const std::string& label, const ElementNames& names,
                 const Hooks& hooks) {
  check_sign(o);
  if (is_scan(o.inputs.front()) || is_series(o.inputs.front()))
    return run_scan(o, label, hooks);
  if (!o.subjects.empty() && o.method == Method::swap)
    return subjects::with_book(
        o, [&](const RunOptions& one, const Hooks& with) { return run_file(one, label, names, with); },
        hooks);
  if (is_picture(o.inputs.front()))
    return run_picture(o, label, names, hooks);
  check_paths(o);
  check_side_by_side(o);
  const ReadableName input(o.inputs.front());
  Source source = inspect(o.inputs.front());
  source.file = input.path();
  try {
    return process(o, label, source, read_film(o.inputs.front()), names, hooks);
  } catch (const Miscounted& e) {
    // Decoders skip pictures whose references are missing. Reading with Look::decoded finds these.
    const Film film = read_film(o.inputs.front(), Look::decoded);
    if (film.frames.size() != e.decoded() || !film.damage.empty())
      throw;
    return process(o, label, source, film, names, hooks);
  }
}

Summary run_camera(const RunOptions& o, const ElementNames& names) {
  if (!o.subjects.empty())
    return run_camera(subjects::known_to_book(o), names);
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
  outputs.scrub_all(0, 0);
  outputs.commit();
  return summary;
}

std::string dry_run(const RunOptions& o, const ElementNames& names) {
  if (!o.subjects.empty() && o.method == Method::swap)
    return dry_run(subjects::planned(o), names);
  if (!o.live() && (is_scan(o.inputs.front()) || is_series(o.inputs.front())))
    return scan_dry_run(o);
  if (!o.live() && is_picture(o.inputs.front()))
    return picture_dry_run(o, names);
  check_side_by_side(o);
  Source source = o.live() ? live_source(o) : inspect(o.inputs.front());
  if (!o.live())
    follow(read_film(o.inputs.front()), source);
  const Encoding encoding = o.output.empty() ? Encoding{} : encoding_for(o, source);
  tell(o, notes_on(o, source, encoding));
  tell(o, dates_note());
  return shell_line(o.live() ? live_graph(o, encoding, final_paths(o), names)
                             : file_graph(o, source, encoding, final_paths(o), names));
}

} // namespace deid::cli
