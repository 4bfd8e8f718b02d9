#include "pipelines/deid/run/summary.hpp"
#include "pipelines/deid/run/progress.hpp"
#include <optional>
#include <sys/resource.h>

namespace deid::cli {
namespace {
using Json = nlohmann::ordered_json;

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string frames_text(const Summary& s) {
  return s.kind == "picture" ? "a picture" : std::to_string(s.frames) + " frames";
}

bool holds(const GValue* value, GType type) {
  return g_type_check_value_holds(value, type) != FALSE;
}

/// Returns a number as a double or as an integer; nothing when the value is no number.
std::optional<Json> number_of(const GValue* value) {
  const bool fraction = holds(value, G_TYPE_DOUBLE) || holds(value, G_TYPE_FLOAT);
  GValue number = G_VALUE_INIT;
  g_value_init(&number, fraction ? G_TYPE_DOUBLE : G_TYPE_INT64);
  std::optional<Json> found;
  if (g_value_transform(value, &number))
    found = fraction ? Json(g_value_get_double(&number)) : Json(g_value_get_int64(&number));
  g_value_unset(&number);
  return found;
}

/// Returns a string; an empty one for NULL.
std::optional<Json> text_of(const GValue* value) {
  const gchar* text = g_value_get_string(value);
  return Json(text ? text : "");
}

gboolean add_field(GQuark name, const GValue* value, gpointer data) {
  auto& json = *static_cast<Json*>(data);
  const auto field = holds(value, G_TYPE_STRING) ? text_of(value) : number_of(value);
  if (field)
    json[g_quark_to_string(name)] = *field;
  return TRUE;
}

/// ": 20 detected, 60 tracked", of the fields that are there.
std::string counts(const Json& stats, std::initializer_list<const char*> fields) {
  std::string line;
  for (const char* field : fields)
    if (stats.contains(field))
      line += (line.empty() ? ": " : ", ") + std::to_string(Summary::count(stats, field)) + " " + field;
  return line;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string line;
  for (const std::string& part : parts)
    line += (line.empty() ? "" : ", ") + part;
  return line;
}

/// Doubts that happened, by their reason.
std::string doubts(const Json& cover) {
  std::string line;
  for (const auto& [key, value] : cover.items())
    if (key.starts_with("doubt") && value.is_number() && value.get<double>() > 0)
      line += (line.empty() ? "" : ", ") + std::to_string(Summary::count(cover, key)) + " frames of " + key;
  return line.empty() ? "no doubt" : line;
}

} // namespace

std::uint64_t Summary::count(const Json& stats, const std::string& field) {
  const auto found = stats.find(field);
  return found != stats.end() && found->is_number() && found->get<double>() > 0 ? found->get<std::uint64_t>()
                                                                                : 0;
}

Json read_stats(GstElement* element) {
  Json json = Json::object();
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "stats");
  if (!spec || spec->value_type != GST_TYPE_STRUCTURE)
    return json;
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  const Ref<GstStructure> owned(stats);
  if (stats)
    gst_structure_foreach(stats, add_field, &json);
  return json;
}

Json to_json(const Summary& s) {
  Json j{{"input", s.input}, {"output", s.output}, {"status", s.status}};
  if (!s.error.empty())
    j["error"] = s.error;
  if (s.status != "done")
    return j;
  if (!s.audit.empty())
    j["audit"] = s.audit;
  if (!s.side_by_side.empty())
    j["side_by_side"] = s.side_by_side;
  if (!s.measure.empty())
    j["measure"] = s.measure;
  if (!s.notes.empty())
    j["notes"] = s.notes;
  j["kind"] = s.kind;
  j["method"] = s.method;
  j["codec"] = s.codec;
  j["audio"] = s.audio;
  j["provenance"] = s.provenance;
  j["frames"] = s.frames;
  j["frames_missing"] = s.frames_missing;
  if (!s.damage.empty())
    j["damage"] = s.damage;
  j["video_seconds"] = s.duration;
  j["seconds"] = s.seconds;
  j["fps"] = s.seconds > 0 ? static_cast<double>(s.frames) / s.seconds : 0.0;
  j["cpu_seconds_per_frame"] = s.frames > 0 ? s.cpu_seconds / static_cast<double>(s.frames) : 0.0;
  j["facedetect"] = s.detect;
  j["cover"] = s.cover;
  if (!s.meter.empty())
    j["oksmeter"] = s.meter;
  if (!s.identity.empty())
    j["identitymeter"] = s.identity;
  return j;
}

std::string movement_text(const Json& meter) {
  if (meter.empty())
    return "";
  const auto rate = [&](const char* field) {
    const double value = meter.value(field, -1.0);
    return value < 0 ? std::string("n/a") : fixed(value, 3);
  };
  return "  movement: OKS median " + rate("median-oks") + "; AP " + rate("ap") + ", at .95 " + rate("ap95") +
         "; AR " + rate("ar") + ", at .95 " + rate("ar95") + "; " +
         std::to_string(Summary::count(meter, "people")) + " people in " +
         std::to_string(Summary::count(meter, "frames")) + " frames, " +
         std::to_string(Summary::count(meter, "missing-people")) + " missing, " +
         std::to_string(Summary::count(meter, "extra-people")) + " extra, " +
         std::to_string(Summary::count(meter, "only-original") + Summary::count(meter, "only-deidentified")) +
         " frames without a partner\n";
}

std::string identity_text(const Json& identity) {
  if (identity.empty())
    return "";
  const std::uint64_t faces = Summary::count(identity, "to-original-count"),
                      missed = Summary::count(identity, "without-landmarks"),
                      frames = Summary::count(identity, "no-stamp") +
                               Summary::count(identity, "no-original") +
                               Summary::count(identity, "other-picture");
  std::string t = "  identity: ";
  if (faces == 0)
    t += "no face could be compared";
  else
    t += "distance to the original " + fixed(identity.value("to-original-mean", -1.0), 3) + ", least " +
         fixed(identity.value("to-original-min", -1.0), 3) + "; " +
         std::to_string(Summary::count(identity, "to-original-above")) + " of " + std::to_string(faces) +
         " faces above " + fixed(identity.value("threshold", -1.0), 2);
  return t + "; not compared: " + std::to_string(missed) + " faces, " + std::to_string(frames) + " frames\n";
}

std::string to_text(const Summary& s) {
  const auto frames = static_cast<double>(s.frames);
  std::string t = (s.output.empty() ? "preview" : s.output) + ": " + frames_text(s) + " in " +
                  human_time(s.seconds) + " (" + fixed(s.seconds > 0 ? frames / s.seconds : 0, 1) + " fps, " +
                  fixed(frames > 0 ? 1000 * s.cpu_seconds / frames : 0, 1) + " ms CPU a frame)\n";
  if (!s.detect.empty())
    t += "  faces in " + std::to_string(Summary::count(s.detect, "frames-with-faces")) + " frames" +
         counts(s.detect, {"detected", "tracked", "held", "backfilled", "body", "sweeps"}) + "\n";
  if (!s.cover.empty())
    t += "  covered by " + s.method + ": " + std::to_string(Summary::count(s.cover, "faces")) + " faces, " +
         std::to_string(Summary::count(s.cover, "frames-covered")) +
         " whole frames; dropped: " + std::to_string(s.frames_dropped()) + " frames; " + doubts(s.cover) +
         "\n";
  if (!s.damage.empty())
    t += "  input: " + s.damage + "\n";
  if (s.frames_missing > 0)
    t += "  MISSING: " + std::to_string(s.frames_missing) + " frames of the input could not be decoded\n";
  if (s.audio == "dropped")
    t += "  sound: left out, because a voice can identify a person (--audio keep keeps it)\n";
  else if (s.audio == "kept")
    t += "  sound: KEPT (--audio keep); a voice can identify a person\n";
  if (!s.provenance.empty())
    t += "  provenance marks of the input, removed from the result: " + joined(s.provenance) + "\n";
  t += movement_text(s.meter);
  t += identity_text(s.identity);
  if (!s.measure.empty())
    t += "  measured: " + s.measure + " and the .csv beside it\n";
  if (!s.audit.empty())
    t += "  audit: " + s.audit + "\n";
  if (!s.side_by_side.empty())
    t += "  side by side: " + s.side_by_side + " (shows the ORIGINAL faces; never pass it on)\n";
  return t;
}

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

} // namespace deid::cli
