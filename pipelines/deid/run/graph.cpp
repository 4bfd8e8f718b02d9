#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include "pipelines/deid/run/pixels.hpp"
#include <algorithm>
#include <iterator>

namespace deid::cli {
namespace {

/// Most frames between two threads. More would only delay a camera's frames.
constexpr int waiting_of_file = 4, waiting_live = 2;

void settings_for(const RunOptions& o, const std::string& element, Tokens& to) {
  for (const Setting& s : o.settings)
    if (s.element == element)
      to.push_back(property(s.property, s.value));
}

Tokens detect(const RunOptions& o, const ElementNames& names) {
  Tokens t{names.detect, std::string("name=") + role::detect};
  if (names.stand_in)
    return t;
  if (o.lookahead)
    t.push_back("lookahead=" + *o.lookahead);
  if (o.hold_time)
    t.push_back("hold-time=" + *o.hold_time);
  if (o.device)
    t.push_back(property("device", *o.device));
  settings_for(o, "facedetect", t);
  return t;
}

const std::string& cover_element(Method method, const ElementNames& names) {
  if (names.stand_in || method == Method::mask)
    return names.mask;
  return method == Method::swap ? names.swap : names.blur;
}

Tokens cover(const RunOptions& o, const Paths& paths, const ElementNames& names) {
  Tokens t{cover_element(o.method, names), std::string("name=") + role::cover};
  if (names.stand_in) {
    append(t, names.stand_in_properties);
    return t;
  }
  if (o.method == Method::blur || o.method == Method::pixelate)
    t.push_back(o.method == Method::blur ? "mode=average" : "mode=pixelate");
  const auto add = [&t](const char* name, const std::optional<std::string>& value) {
    if (value)
      t.push_back(property(name, *value));
  };
  add("shape", o.shape);
  add("margin", o.margin);
  add("strength", o.strength);
  add("color", o.color);
  add("on-doubt", o.on_doubt);
  if (o.model)
    append(t, {"engine=autoencoder", property("model", *o.model)});
  add("target", o.target);
  add("target-bank", o.target_bank);
  if (o.geometry) {
    const bool automatic = *o.geometry == "auto";
    t.push_back(automatic ? "geometry-auto=true" : "geometry-auto=false");
    if (!automatic)
      t.push_back("geometry=" + *o.geometry);
  }
  add("assign", o.assign);
  if (o.method == Method::swap)
    add("device", o.device);
  if (!paths.audit.empty())
    t.push_back(property("audit", paths.audit.string()));
  settings_for(o, "cover", t);
  return t;
}

/// The encoder with the user's settings. The user's option-string is appended to ours.
Tokens encoder(const RunOptions& o, const Encoding& e) {
  Tokens t = e.encoder;
  append(t, e.colour_options);
  RunOptions others = o;
  std::erase_if(others.settings, [&](const Setting& s) {
    const auto ours =
        std::ranges::find_if(t, [](const std::string& token) { return token.starts_with("option-string="); });
    const bool added = s.element == "encoder" && s.property == "option-string" && ours != t.end();
    if (added)
      *ours = property("option-string", ours->substr(ours->find('=') + 1) + ":" + s.value);
    return added;
  });
  settings_for(others, "encoder", t);
  return t;
}

Tokens queue(const std::string& name, int buffers) {
  Tokens t{"queue"};
  if (!name.empty())
    t.push_back("name=" + name);
  append(t, {"max-size-buffers=" + std::to_string(buffers), "max-size-bytes=0", "max-size-time=0"});
  return t;
}

/// From the covered frames to the file.
Tokens write_video(const RunOptions& o, const Encoding& e, const Paths& paths) {
  Tokens t = queue("", 4);
  t.push_back("!");
  append(t, convert_to(e.encoder_format, e.colours.work));
  append(t, encoder(o, e));
  t.push_back("!");
  append(t, say_colours(e));
  append(t, e.muxer);
  append(t, {"!", "filesink", "name=sink", property("location", paths.output.string())});
  return t;
}

/// Only the sound: a demuxer gives the whole file's tags to each of its tracks.
Tokens keep_audio(const Encoding& e, const ElementNames& names) {
  Tokens t{std::string(role::decoder) + ".", "!", "audio/x-raw", "!"};
  if (!names.stand_in)
    append(t, {names.scrub, "!"});
  append(t, {"queue", "max-size-buffers=0", "max-size-time=0", "max-size-bytes=67108864", "!"});
  append(t, {"audioconvert", "!", "audioresample", "!"});
  append(t, e.audio_encoder);
  append(t, {"!", "mux."});
  return t;
}

const Tokens show{"queue", "max-size-buffers=2", "leaky=downstream", "!", "videoconvert",
                  "!",     "autovideosink",      "sync=false"};

int even(int n) {
  return n + n % 2;
}

/// Original left, de-identified right, joined by timestamp. The left queue is unlimited: it holds as many
/// frames as facedetect's lookahead.
Tokens join_side_by_side(const Source& s, const Paths& paths) {
  const int w = even(s.shown_width()), h = even(s.shown_height());
  const std::string rate = s.fps_n > 0 ? std::to_string(s.fps_n) + "/" + std::to_string(s.fps_d) : "30/1";
  Tokens t{"compositor",
           "name=side",
           "background=black",
           "sink_1::xpos=" + std::to_string(w),
           "!",
           "video/x-raw,format=I420,width=" + std::to_string(2 * w) + ",height=" + std::to_string(h) +
               ",framerate=" + rate + ",pixel-aspect-ratio=" + std::to_string(s.par_n) + "/" +
               std::to_string(s.par_d),
           "!",
           "x264enc",
           "name=side_encoder",
           "pass=qual",
           "quantizer=23",
           "vbv-buf-capacity=0",
           "speed-preset=veryfast",
           "!"};
  append(t, {paths.side_by_side.extension() == ".mkv" ? "matroskamux" : "mp4mux", "name=side_mux", "!",
             "filesink", property("location", paths.side_by_side.string())});
  append(t, {"original.", "!"});
  append(t, queue("", 0));
  append(t, {"!", "side.sink_0", "covered.", "!"});
  append(t, queue("", 4));
  append(t, {"!", "side.sink_1"});
  return t;
}

bool needs_tee(const RunOptions& o, const Paths& paths) {
  return !paths.side_by_side.empty() || (o.preview && !paths.output.empty());
}

Tokens pose(const RunOptions& o, const char* stage, const ElementNames& names) {
  Tokens t{names.pose, std::string("stage=") + stage};
  settings_for(o, "posedetect", t);
  return t;
}

Tokens meter(const RunOptions& o, const Paths& paths, const ElementNames& names) {
  Tokens t{names.meter, std::string("name=") + role::meter, property("location", paths.measure.string()),
           property("csv", paths.measure_csv.string())};
  settings_for(o, "oksmeter", t);
  return t;
}

/// Starts a thread of its own for what follows.
void next_thread(Tokens& to, int buffers) {
  append(to, queue("", buffers));
  to.push_back("!");
}

/// detect ! cover, each in a thread of its own. When measured, posedetect and identitymeter stand before and
/// behind it. waiting: most frames between two threads.
Tokens deidentify(const RunOptions& o, const Paths& paths, const ElementNames& names, int waiting) {
  const bool measured = !paths.measure.empty();
  Tokens t;
  if (measured) {
    append(t, pose(o, "original", names));
    t.push_back("!");
    next_thread(t, waiting);
  }
  append(t, detect(o, names));
  t.push_back("!");
  next_thread(t, waiting);
  if (measured)
    append(t, {names.identity, "stage=original", "!"});
  if (!o.revision.empty()) // next to the cover: nothing in between can lose what the person said
    append(t, {names.revise, std::string("name=") + role::revise, property("location", o.revision.string()),
               "!"});
  append(t, cover(o, paths, names));
  t.push_back("!");
  if (measured) {
    next_thread(t, waiting);
    append(t, {names.identity, std::string("name=") + role::identity});
    if (o.method == Method::swap)
      if (const std::string worn = worn_targets(o.model.value_or(""), o.target.value_or(""),
                                                o.target_bank.value_or(""), o.settings);
          !worn.empty())
        t.push_back(property("target", worn));
    t.push_back("!");
    next_thread(t, waiting);
    append(t, pose(o, "deidentified", names));
    t.push_back("!");
    append(t, meter(o, paths, names));
    t.push_back("!");
  }
  return t;
}

/// The small text of --label.
Tokens label(const RunOptions& o) {
  if (o.label.empty())
    return {};
  return {"textoverlay",      property("text", o.label), "valignment=bottom",  "halignment=right",
          "font-desc=Sans,8", "shaded-background=true",  "draw-outline=false", "!"};
}

/// The part behind the cover.
Tokens covered_part(const RunOptions& o, const Encoding& e, const Paths& paths, const ElementNames& names) {
  Tokens t = deidentified_frames(o, paths, names);
  if (paths.output.empty()) {
    append(t, show);
    return t;
  }
  if (needs_tee(o, paths))
    append(t, {"tee", "name=covered", "!"});
  append(t, write_video(o, e, paths));
  if (o.preview) {
    append(t, {"covered.", "!"});
    append(t, show);
  }
  return t;
}

} // namespace

std::string property(const std::string& name, const std::string& value) {
  if (!is_utf8(value))
    throw Failure("'" + value + "' is not UTF-8, and GStreamer cannot take it as " + name + "; rename it.");
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '+' || c == ',' ||
           c == '#';
  };
  if (!value.empty() && std::ranges::all_of(value, plain))
    return name + "=" + value;
  std::string quoted = name + "=\"";
  for (const char c : value) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

namespace {

/// Sets `value` to the cover's last setting of a property, if there is one.
void take_last(const std::vector<Setting>& settings, const char* property, std::string& value) {
  for (const Setting& s : settings)
    if (s.element == "cover" && s.property == property)
      value = s.value;
}

/// Whether a file has the model's passphrase. identitymeter has no such property: it could not open the model
/// and would not start.
bool is_locked(const std::vector<Setting>& settings) {
  return std::ranges::any_of(settings, [](const Setting& s) {
    return s.element == "cover" && s.property == "passphrase-file" && !s.value.empty();
  });
}

} // namespace

std::string worn_targets(std::string model, std::string target, std::string bank,
                         const std::vector<Setting>& settings) {
  take_last(settings, "model", model);
  take_last(settings, "target", target);
  take_last(settings, "target-bank", bank);
  const bool automatic = target.empty() || target == "auto";
  if (model.empty() && automatic)
    return bank;
  // a list even for one model: a face that was left blurred has no target
  std::string list = model.empty() || is_locked(settings) ? "" : model + ":";
  if (!automatic)
    list += target + ":";
  else if (!bank.empty())
    list += bank + ":";
  else if (!target.empty())
    list += target + ":";
  return list;
}

Tokens deidentified_frames(const RunOptions& o, const Paths& paths, const ElementNames& names) {
  Tokens t = deidentify(o, paths, names, o.live() ? waiting_live : waiting_of_file);
  append(t, label(o));
  return t;
}

Tokens decode_video() {
  return {"decodebin", "expose-all-streams=false", property("caps", "video/x-raw(ANY)")};
}

Tokens file_graph(const RunOptions& o, const Source& s, const Encoding& e, const Paths& paths,
                  const ElementNames& names) {
  const bool sound = o.keep_audio && s.audio_streams > 0;
  Tokens t{"filesrc", std::string("name=") + role::file, property("location", s.file.string()), "!"};
  append(t, sound ? Tokens{"decodebin"} : decode_video());
  append(t,
         {std::string("name=") + role::decoder, std::string(role::decoder) + ".", "!", "video/x-raw", "!"});
  append(t, queue(role::decoded, 4));
  t.push_back("!");
  append(t, mend_caps(s, e));
  append(t, convert_to(e.work_format, e.colours.work, e.colours.via));
  append(t, {"videoflip", "video-direction=" + s.turning(), "!"});
  if (!paths.side_by_side.empty()) {
    append(t, {"tee", "name=original", "!"});
    append(t, queue("", 2));
    t.push_back("!");
  }
  append(t, covered_part(o, e, paths, names));
  if (!paths.side_by_side.empty())
    append(t, join_side_by_side(s, paths));
  if (sound)
    append(t, keep_audio(e, names));
  return t;
}

Source live_source(const RunOptions&) {
  Source s;
  s.format = "I420";
  s.width = 640;
  s.height = 480;
  s.fps_n = 30;
  return s;
}

Tokens live_graph(const RunOptions& o, const Encoding& e, const Paths& paths, const ElementNames& names) {
  Tokens t;
  if (o.camera == "test")
    t = {"videotestsrc",
         "name=source",
         "is-live=true",
         "pattern=ball",
         "!",
         "video/x-raw,format=I420,width=640,height=480,framerate=30/1",
         "!"};
  else
    t = {"v4l2src",
         "name=source",
         property("device", o.camera),
         "do-timestamp=true",
         "!",
         "decodebin",
         std::string("name=") + role::decoder,
         std::string(role::decoder) + ".",
         "!",
         "video/x-raw",
         "!"};
  append(t, queue(role::decoded, 2));
  append(t, {"leaky=downstream", "!", "videoconvert", "!", raw_caps("I420", e.colours.work), "!"});
  append(t, covered_part(o, e, paths, names));
  return t;
}

std::string shell_line(const Tokens& tokens) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '=' || c == ',' ||
           c == ':' || c == '+';
  };
  std::string line = "gst-launch-1.0 -e";
  for (const std::string& token : tokens) {
    line += ' ';
    if (token == "!" || (!token.empty() && std::ranges::all_of(token, plain))) {
      line += token;
      continue;
    }
    line += '\'';
    for (const char c : token)
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

} // namespace deid::cli
