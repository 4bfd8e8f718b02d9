#include "pipelines/deid/measure/command.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/run/film_reader.hpp"
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/runner.hpp"
#include "pipelines/deid/scan/measure.hpp"
#include "pipelines/deid/scan/run.hpp"
#include "pipelines/deid/workplace.hpp"
#include <array>
#include <cstdio>

namespace deid::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::array files{"original.jsonl", "deidentified.jsonl", "movement.csv", "report.json"};

constexpr const char *file_of_original = "file_original", *decoded_original = "decoded_original";

/// From a file to its keypoints.
Tokens look(const MeasureOptions& o, const Source& source, const char* stage, const fs::path& keypoints) {
  const std::string decoder = std::string("decoder_") + stage;
  const bool original = std::string(stage) == "original";
  Tokens t{"filesrc", std::string("name=") + (original ? file_of_original : role::file),
           property("location", source.file.string()), "!"};
  append(t, decode_video());
  append(t, {"name=" + decoder, decoder + ".", "!", "video/x-raw", "!", "queue",
             std::string("name=") + (original ? decoded_original : role::decoded), "max-size-buffers=4",
             "max-size-bytes=0", "max-size-time=0", "!", "videoconvert", "!", "videoflip",
             "video-direction=" + source.turning(), "!"});
  if (o.face)
    append(t, {"deidfacedetect", "updates=none", "!"});
  append(t, {"deidposedetect", std::string("stage=") + stage, property("location", keypoints.string())});
  if (o.max_people > 0)
    t.push_back("max-people=" + std::to_string(o.max_people));
  if (o.hands)
    t.push_back("hands=true");
  t.push_back("!");
  return t;
}

void check_out(const MeasureOptions& o) {
  std::error_code ec;
  fs::create_directories(o.out, ec);
  if (!fs::is_directory(o.out))
    throw Failure(o.out.string() + " is no folder and cannot be made" + (ec ? ": " + ec.message() : "") +
                  ".");
  for (const char* name : files)
    if (!o.overwrite && fs::exists(o.out / name))
      throw Failure((o.out / name).string() + " exists; choose another folder or give --overwrite.");
}

} // namespace

std::vector<std::string> measure_graph(const MeasureOptions& o, const Source& original,
                                       const Source& deidentified, const fs::path& folder) {
  Tokens t{"deidoksmeter",
           std::string("name=") + role::meter,
           "scale=" + o.scale,
           property("primary", o.primary),
           property("location", (folder / "report.json").string()),
           property("csv", (folder / "movement.csv").string())};
  if (o.scale == "fixed")
    t.push_back("scale-px=" + std::to_string(o.scale_px));
  append(t, {"!", "fakesink", "sync=false"});
  append(t, look(o, original, "original", folder / "original.jsonl"));
  t.push_back(std::string(role::meter) + ".reference");
  append(t, look(o, deidentified, "deidentified", folder / "deidentified.jsonl"));
  t.push_back(std::string(role::meter) + ".sink");
  return t;
}

namespace {

/// One of the two videos.
struct InspectedVideo {
  explicit InspectedVideo(const fs::path& file) : source(inspect(file)), reader(file) {
    follow(reader.film(), source);
  }
  Source source;
  FilmReader reader;
};

void check_sizes(const Source& original, const Source& source) {
  if (original.shown_width() != source.shown_width() || original.shown_height() != source.shown_height())
    throw Failure("The videos differ in size (" + std::to_string(original.shown_width()) + "x" +
                  std::to_string(original.shown_height()) + " and " + std::to_string(source.shown_width()) +
                  "x" + std::to_string(source.shown_height()) +
                  "); keypoints can only be compared in one frame.");
}

} // namespace

int measure_videos(const MeasureOptions& o) {
  if (is_scan(o.original) || is_scan(o.deidentified) || is_series(o.original))
    return measure_scans(o);
  if (!o.dry_run)
    check_out(o);
  for (const auto* name : {&o.original, &o.deidentified})
    if (is_gif(*name)) // GStreamer never reaches the end of a GIF
      throw Failure(name->string() +
                    " is a GIF, which cannot be measured; make a video of it first (ffmpeg -i " +
                    name->filename().string() + " -c:v ffv1 video.mkv).");
  InspectedVideo original(o.original), deidentified(o.deidentified);
  check_sizes(original.source, deidentified.source);
  if (o.dry_run) {
    std::puts(shell_line(measure_graph(o, original.source, deidentified.source, o.out)).c_str());
    return exit_ok;
  }
  const Workplace work(o.out);
  Summary summary;
  RunnerOptions runner;
  runner.label = o.deidentified.filename().string();
  runner.quiet = o.quiet;
  runner.verify = false;
  runner.stall_after = RunOptions{}.stall_after;
  for (const InspectedVideo* video : {&original, &deidentified})
    if (const std::string note = video->reader.note(); !note.empty()) {
      runner.keep_going = true;
      if (!o.quiet)
        std::fprintf(stderr, "note: %s\n", note.c_str());
    }
  runner.before = [&](GstElement* pipeline) {
    original.reader.attach(pipeline, file_of_original, decoded_original);
    deidentified.reader.attach(pipeline, role::file, role::decoded);
  };
  run_graph(measure_graph(o, original.source, deidentified.source, work.path()), deidentified.source, runner,
            summary);
  original.reader.verify();
  deidentified.reader.verify();
  for (const char* name : files)
    fs::rename(work.path() / name, o.out / name);
  if (!o.quiet)
    std::printf("%s: %llu frames\n%s", (o.out / "report.json").c_str(),
                static_cast<unsigned long long>(Summary::count(summary.meter, "frames")),
                movement_text(summary.meter).c_str());
  return exit_ok;
}

} // namespace deid::cli
