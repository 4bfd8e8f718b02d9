#include "pipelines/deid/evaluate/unit_runner.hpp"
#include "elements/faceswap/choice/bank.hpp"
#include "models/files/whole_file.hpp"
#include "models/manifest/manifest.hpp"
#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/evaluate/tap.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/run/film_reader.hpp"
#include "pipelines/deid/run/runner.hpp"
#include "pipelines/deid/workplace.hpp"
#include <algorithm>
#include <cstdio>

namespace deid::cli {
namespace fs = std::filesystem;
using nlohmann::ordered_json;

namespace {

constexpr int picture_width = 640; // px in the report

/// Name and hash of every JSON file of a folder, or of one file.
std::string contents_of(const fs::path& path) {
  std::vector<fs::path> files;
  std::error_code ec;
  if (fs::is_directory(path, ec)) {
    for (const auto& entry : fs::directory_iterator(path, ec))
      if (entry.path().extension() == ".json")
        files.push_back(entry.path());
  } else if (fs::exists(path, ec)) {
    files.push_back(path);
  }
  std::ranges::sort(files);
  std::string text;
  for (const fs::path& file : files)
    text.append(" ").append(file.filename().string()).append("=").append(models::sha256_of(file), 0, 16);
  return text;
}

/// Versions of everything else that a figure depends on: deid, models, targets.
std::string version_of(const EvaluateOptions& o) {
  std::string text = "deid " DEID_VERSION;
  for (const models::Weight& weight : models::weights())
    text.append(" ").append(weight.name).append("=").append(weight.sha256, 0, 16);
  if (!models::any_present({"faceres_graph", "faceres"}))
    text += " one judge";
  const bool own = !o.target.empty() || !o.target_bank.empty();
  std::string targets = o.target;
  for (std::size_t at = 0; !targets.empty(); targets.erase(0, at == std::string::npos ? at : at + 1)) {
    at = targets.find(':');
    text += contents_of(targets.substr(0, at));
    if (at == std::string::npos)
      break;
  }
  if (!o.target_bank.empty())
    text += contents_of(o.target_bank);
  if (!own)
    text += contents_of(faceswap::default_bank(models::model_dirs()).value_or(""));
  return text;
}

std::string line_of(const Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens)
    text.append(text.empty() ? "" : " ").append(token);
  return text;
}

ordered_json box_of(const cv::Rect2f& box) {
  return {box.x, box.y, box.width, box.height};
}

ordered_json leaks_of(const Looked& looked) {
  ordered_json json{{"frames", looked.frames}, {"faces", looked.faces}, {"outside", looked.outside}};
  json["risks"] = ordered_json::array();
  for (const evaluate::Risk& r : looked.risks)
    json["risks"].push_back({{"frame", r.frame},
                             {"pts", r.pts},
                             {"box", box_of(r.box)},
                             {"score", r.score},
                             {"inner", r.shown.inner},
                             {"mark", r.shown.mark}});
  return json;
}

/// Writes the pictures and returns their list.
ordered_json pictures_of(const std::vector<Kept>& kept, const char* kind, const evaluate::Folder& folder,
                         const Video& video, const std::string& method, ordered_json& files) {
  auto list = ordered_json::array();
  for (const Kept& one : kept) {
    const std::string what = std::string(kind) + "-" + std::to_string(one.frame);
    const fs::path file = folder.picture(video.name, method, what + ".jpg");
    files::write_whole(file, jpeg_of(one.sample.get(), picture_width), 0600);
    files[what] = folder.relative(file);
    list.push_back({{"frame", one.frame}, {"pts", one.pts}, {"path", folder.relative(file)}});
  }
  return list;
}

ordered_json times_of(const Taps& taps, const std::string& method) {
  auto json = ordered_json::object();
  for (const auto& [name, time] : taps.times())
    if (time.frames > 0 && (name.ends_with("-" + method) || name.ends_with("-original") ||
                            name == role::detect || (name == role::meter && method.empty())))
      json[name] = {{"cpu_seconds", time.cpu}, {"wall_seconds", time.wall}, {"frames", time.frames}};
  return json;
}

std::vector<std::string> timed_parts(const std::vector<std::string>& methods) {
  std::vector<std::string> names{role::detect, "identity-original", "pose-original", search_original,
                                 tap_original};
  for (const std::string& method : methods)
    for (const char* part : {"cover", "identity", "tap", "again", "pose"})
      names.push_back(part_name(part, name_of(method)));
  return names;
}

/// Moves the files that the graph wrote into the folder of raw data and returns their names.
ordered_json move_files(const fs::path& work, const evaluate::Folder& folder, const Video& video,
                        const std::string& method) {
  auto files = ordered_json::object();
  for (const char* what :
       {"keypoints.jsonl", "identity.jsonl", "audit.jsonl", "movement.json", "movement.csv"}) {
    const fs::path from = file_of(work, method, what), to = folder.raw(video.name, method, what);
    if (!fs::exists(from))
      continue;
    fs::permissions(from, fs::perms::owner_read | fs::perms::owner_write);
    fs::rename(from, to);
    files[what] = folder.relative(to);
  }
  return files;
}

/// "[3/12] visit.mp4"
std::string label_of(const Video& video, std::size_t number, std::size_t of) {
  std::string text("[");
  return text.append(std::to_string(number))
      .append("/")
      .append(std::to_string(of))
      .append("] ")
      .append(video.name);
}

/// Returns the methods that are compared with the original.
std::vector<std::string> looked_at(const std::vector<std::string>& methods) {
  std::vector<std::string> names;
  for (const std::string& method : methods)
    if (method != reencoded)
      names.push_back(name_of(method));
  return names;
}

/// Returns the content of a unit's file. Writes the pictures and adds them to `files`.
ordered_json content_of(const Video& video, const Source& source, const Taps& taps, const std::string& name,
                        bool leaks, const evaluate::Folder& folder, ordered_json& files) {
  ordered_json content{{"video",
                        {{"name", video.name},
                         {"width", source.shown_width()},
                         {"height", source.shown_height()},
                         {"frames", taps.frames()},
                         {"seconds", taps.seconds()}}}};
  if (name != reencoded) {
    const Looked looked = taps.looked(name);
    if (leaks) // "nothing found" differs from "not searched"
      content["leaks"] = leaks_of(looked);
    content["samples"] = pictures_of(looked.samples, "sample", folder, video, name, files);
    content["risky"] = pictures_of(looked.risky, "risky", folder, video, name, files);
  } else if (!taps.originals().empty()) { // only with --include-originals
    content["samples"] = pictures_of(taps.originals(), "original", folder, video, name, files);
  }
  content["stages"] = times_of(taps, name);
  return content;
}

} // namespace

std::vector<Video> videos_of(const EvaluateOptions& o) {
  RunOptions as_batch;
  as_batch.inputs = o.originals;
  as_batch.output = o.out;
  std::vector<Video> videos;
  for (const BatchItem& item : plan_batch(as_batch)) {
    // an unsupported container got ".mp4" appended, which is not part of the name
    std::string name = item.output.lexically_relative(o.out).string();
    const std::string end = item.input.extension().string();
    if (!name.ends_with(end) && name.ends_with(".mp4"))
      name.resize(name.size() - 4);
    videos.push_back({item.input, name});
  }
  return videos;
}

UnitRunner::UnitRunner(const EvaluateOptions& options, const evaluate::Folder& folder)
    : options_(options), folder_(folder), methods_(options.methods), version_(version_of(options)) {
  for (const std::string& method : methods_)
    static_cast<void>(cover_of(method, options_)); // throws on an unknown method before hours of work
  methods_.emplace_back(reencoded);
}

evaluate::Key UnitRunner::key_for(const std::string& method, const evaluate::Input& input) const {
  std::string asked = method == reencoded ? "as deid run encodes" : line_of(cover_of(method, options_));
  if (method.find(':') != std::string::npos)
    asked += contents_of(method.substr(method.find(':') + 1));
  if (const std::string target = target_of(method, options_); !target.empty())
    asked.append(" compared with ").append(target);
  for (const std::string& setting : options_.settings)
    if (setting.starts_with("facedetect."))
      asked.append(" ").append(setting); // the cover's settings are part of its own text
  asked += " interval=" + std::to_string(options_.interval) + (options_.face ? " face" : "") +
           (options_.leaks ? " leaks" : " not looked for leaks") +
           (options_.include_originals ? " originals" : "");
  return {input, name_of(method), asked, version_};
}

void UnitRunner::fail(const Video& video, const std::vector<std::string>& methods, const std::string& why) {
  for (const std::string& method : methods)
    trouble_.push_back({video.name, name_of(method), why});
  std::fprintf(stderr, "failed: %s: %s\n", video.name.c_str(), why.c_str());
}

void UnitRunner::process(const Video& video, std::size_t number, std::size_t of) {
  std::vector<std::string> missing = methods_;
  try {
    std::optional<evaluate::Input> before;
    for (const std::string& method : methods_)
      if (const auto key = evaluate::key_in(folder_.unit(video.name, name_of(method))))
        before = key->input;
    const evaluate::Input input = evaluate::input_of(video.file, before);
    missing.clear();
    for (const std::string& method : methods_) {
      const fs::path file = folder_.unit(video.name, name_of(method));
      if (evaluate::finished(folder_, file, key_for(method, input))) {
        done_.push_back({video.name, name_of(method), file});
        ++kept_;
      } else {
        missing.push_back(method);
      }
    }
    if (!missing.empty())
      run_or_split(video, input, missing, label_of(video, number, of));
  } catch (const Failure& e) {
    if (e.code() == exit_interrupted)
      throw;
    fail(video, missing, e.what());
  } catch (const std::exception& e) { // one failing video must not stop the others
    fail(video, missing, e.what());
  }
}

/// Runs all methods at once. When that fails, it runs one after the other, so that one failing method does
/// not stop the others.
void UnitRunner::run_or_split(const Video& video, const evaluate::Input& input,
                              const std::vector<std::string>& methods, const std::string& label) {
  try {
    run(video, input, methods, label);
    return;
  } catch (const Failure& e) {
    if (e.code() == exit_interrupted || methods.size() == 1)
      throw;
  }
  for (const std::string& method : methods)
    try {
      run(video, input, {method}, label + " " + name_of(method));
    } catch (const Failure& e) {
      if (e.code() == exit_interrupted)
        throw;
      fail(video, {method}, e.what());
    }
}

void UnitRunner::run(const Video& video, const evaluate::Input& input,
                     const std::vector<std::string>& methods, const std::string& label) {
  Source source = inspect(video.file);
  FilmReader reader(video.file);
  follow(reader.film(), source);
  if (const std::string note = reader.note(); !note.empty() && !options_.quiet)
    std::fprintf(stderr, "note: %s\n", note.c_str());
  const Workplace work(folder_.root());
  Taps taps({.methods = looked_at(methods),
             .timed = timed_parts(methods),
             .size = {source.shown_width(), source.shown_height()},
             .leaks = options_.leaks,
             .originals = options_.include_originals});
  auto stats = ordered_json::object();
  RunnerOptions runner;
  runner.label = label;
  runner.quiet = options_.quiet;
  runner.verify = false;
  runner.keep_going = !reader.note().empty();
  runner.stall_after = RunOptions{}.stall_after;
  runner.before = [&](GstElement* pipeline) {
    reader.attach(pipeline, role::file, role::decoded);
    taps.attach(pipeline);
  };
  runner.after = [&](GstElement* pipeline) {
    for (const std::string& name : timed_parts(methods))
      if (const Ref<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline), name.c_str())); element)
        stats[name] = read_stats(element.get());
  };
  Summary summary;
  run_graph(evaluate_graph(options_, source, methods, work.path(), installed("x264enc")), source, runner,
            summary);
  reader.verify();
  if (const std::string trouble = taps.trouble(); !trouble.empty())
    throw Failure(trouble);
  const ordered_json of_original = move_files(work.path(), folder_, video, "original");
  for (const std::string& method : methods) {
    const std::string name = name_of(method);
    ordered_json files = move_files(work.path(), folder_, video, name);
    files["original"] = of_original.value("keypoints.jsonl", "");
    ordered_json content = content_of(video, source, taps, name, options_.leaks, folder_, files);
    content["run"] = {{"methods_at_once", methods.size()},
                      {"seconds", summary.seconds},
                      {"cpu_seconds", summary.cpu_seconds}};
    for (const auto& [part, values] : stats.items())
      if (part.ends_with("-" + name))
        content["stats"][part] = values;
    content["files"] = files;
    const fs::path unit = folder_.unit(video.name, name);
    evaluate::drop_old_pictures(folder_, video.name, name, files);
    evaluate::publish(folder_, unit, key_for(method, input), content);
    done_.push_back({video.name, name, unit});
  }
}

} // namespace deid::cli
