#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace deid::cli {

namespace {

std::string named(const std::string& name) {
  return "name=" + name;
}

const Tokens queue_of_four{"queue", "max-size-buffers=4", "max-size-bytes=0", "max-size-time=0", "!"};

/// Throws Failure(exit_usage) on a setting of another element.
void settings_for(const EvaluateOptions& o, const std::string& element, Tokens& to) {
  for (const std::string& text : o.settings) {
    const Setting setting = parse_setting(text);
    if (setting.element != "facedetect" && setting.element != "cover")
      throw Failure("--set accepts facedetect and cover here, not '" + setting.element + "'.", exit_usage);
    if (setting.element == element)
      to.push_back(property(setting.property, setting.value));
  }
}

std::string model_of(const std::string& method) {
  constexpr std::string_view trained = "autoencoder:";
  return method.starts_with(trained) ? method.substr(trained.size()) : "";
}

/// Returns the frames from one described frame to the next. Two frames .1 s apart show nearly the same face.
int described_every(const EvaluateOptions& o, const Source& source) {
  if (o.interval > 0)
    return o.interval;
  constexpr double a_second = 10;
  return std::max(1, static_cast<int>(std::lround(static_cast<double>(source.fps_n) /
                                                  (a_second * std::max(1, source.fps_d)))));
}

/// From the file to frames with faces and keypoints.
Tokens original_branch(const EvaluateOptions& o, const Source& source, const std::filesystem::path& work) {
  Tokens t{"filesrc", named(role::file), property("location", source.file.string()), "!"};
  append(t, decode_video());
  append(t, {named(role::decoder), std::string(role::decoder) + ".", "!", "video/x-raw", "!", "queue",
             named(role::decoded), "max-size-buffers=4", "max-size-bytes=0", "max-size-time=0", "!",
             "videoconvert", "!", "video/x-raw,format=I420", "!", "videoflip",
             "video-direction=" + source.turning(), "!"});
  append(t, {"deidfacedetect", named(role::detect)});
  settings_for(o, "facedetect", t);
  t.push_back("!");
  append(t, queue_of_four);
  append(t, {"deididentitymeter", "stage=original", named("identity-original")});
  t.push_back("interval=" + std::to_string(described_every(o, source)));
  t.push_back("!");
  append(t, queue_of_four);
  // The methods' branches begin before the original's keypoints are attached: with both keypoint sets on a
  // frame, oksmeter takes its faces for the original's.
  append(t, {"identity", named(search_original), "!", "queue", "min-threshold-time=200000000",
             "max-size-time=250000000", "max-size-buffers=0", "max-size-bytes=0", "!", "identity",
             named(tap_original), "!", "tee", named("all"), "all.", "!"});
  append(t, queue_of_four);
  append(t, {"deidposedetect", "stage=original", named(part_name("pose", "original")),
             property("location", file_of(work, "original", "keypoints.jsonl").string()), "!", "tee",
             named("reference")});
  return t;
}

/// posedetect on the result, and the meter that compares it with the original.
Tokens measure(const EvaluateOptions& o, const std::string& name, const std::filesystem::path& work,
               bool watched) {
  Tokens t;
  if (o.face)
    append(t, {"deidfacedetect", "updates=none", named(part_name("again", name)), "!"});
  append(t, queue_of_four);
  append(t, {"deidposedetect", "stage=deidentified", named(part_name("pose", name)),
             property("location", file_of(work, name, "keypoints.jsonl").string()), "!"});
  const std::string meter = watched ? role::meter : part_name("meter", name);
  append(t, {meter + ".sink", "deidoksmeter", named(meter),
             property("location", file_of(work, name, "movement.json").string()),
             property("csv", file_of(work, name, "movement.csv").string()), "!", "fakesink", "sync=false",
             "async=false", "reference.", "!"});
  append(t, queue_of_four);
  t.push_back(meter + ".reference");
  return t;
}

Tokens cover(const EvaluateOptions& o, const Source& source, const std::string& method,
             const std::filesystem::path& work) {
  const std::string name = name_of(method);
  Tokens t{"all.", "!"};
  append(t, queue_of_four);
  append(t, cover_of(method, o));
  append(t, {named(part_name("cover", name)), property("audit", file_of(work, name, "audit.jsonl").string()),
             "!", "deididentitymeter", named(part_name("identity", name)),
             property("raw", file_of(work, name, "identity.jsonl").string())});
  if (const std::string target = target_of(method, o); !target.empty())
    t.push_back(property("target", target));
  t.push_back("interval=" + std::to_string(described_every(o, source)));
  append(t, {"!", "identity", named(part_name("tap", name)), "!"});
  return t;
}

Tokens encode(const EvaluateOptions&, const Source& source, bool have_x264) {
  RunOptions as_usual;
  as_usual.output = "video.mp4";
  Source frames = source;
  frames.format = "I420";
  const Encoding e = choose_encoding(as_usual, frames, have_x264);
  Tokens t{"all.", "!"};
  append(t, queue_of_four);
  if (!e.encoder_format.empty())
    append(t, {"videoconvert", "!", "video/x-raw,format=" + e.encoder_format, "!"});
  for (const std::string& token : e.encoder)
    t.push_back(token == named(role::encoder) ? named("reencoder") : token);
  append(t, {"!", "h264parse", "!", "avdec_h264", "!", "videoconvert", "!", "video/x-raw,format=I420", "!"});
  return t;
}

} // namespace

std::string name_of(const std::string& method) {
  return method.substr(0, method.find(':'));
}

std::string part_name(const std::string& part, const std::string& method) {
  return part + "-" + method;
}

std::filesystem::path file_of(const std::filesystem::path& work, const std::string& method,
                              const std::string& what) {
  return work / (method + "." + what);
}

Tokens cover_of(const std::string& method, const EvaluateOptions& o) {
  const ElementNames names;
  static const std::map<std::string, Tokens> plain{
      {"mask", {"deidfacemask"}},
      {"blur", {"deidfaceblur", "mode=average"}},
      {"pixelate", {"deidfaceblur", "mode=pixelate"}},
  };
  if (const auto found = plain.find(method); found != plain.end())
    return found->second;
  const std::string model = model_of(method);
  if (method != "swap" && model.empty())
    throw Failure("--methods accepts swap, mask, blur, pixelate and autoencoder:MODEL, not '" + method + "'.",
                  exit_usage);
  Tokens t{names.swap};
  if (!model.empty())
    append(t, {"engine=autoencoder", property("model", model)});
  if (!o.target.empty())
    t.push_back(property("target", o.target));
  if (!o.target_bank.empty())
    t.push_back(property("target-bank", o.target_bank));
  settings_for(o, "cover", t);
  return t;
}

std::string target_of(const std::string& method, const EvaluateOptions& o) {
  if (const std::string model = model_of(method); method == "swap" || !model.empty()) {
    std::vector<Setting> settings;
    std::ranges::transform(o.settings, std::back_inserter(settings), parse_setting);
    return worn_targets(model, o.target, o.target_bank, settings);
  }
  return "";
}

Tokens evaluate_graph(const EvaluateOptions& o, const Source& source, const std::vector<std::string>& methods,
                      const std::filesystem::path& work, bool have_x264) {
  Tokens t = original_branch(o, source, work);
  bool watched = true; // the runner counts the frames of one branch only
  for (const std::string& method : methods) {
    append(t, method == reencoded ? encode(o, source, have_x264) : cover(o, source, method, work));
    append(t, measure(o, name_of(method), work, watched));
    watched = false;
  }
  return t;
}

} // namespace deid::cli
