#include "elements/facedetect/properties.hpp"
#include "elements/base/device_property.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::facedetect {

namespace {

using Table = PropertyTable<Preferences>;

GType precision_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(deid::models::Precision::f32), "32-bit floating point", "f32"},
      {static_cast<int>(deid::models::Precision::bf16), "bfloat16 where the processor has it", "bf16"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidPrecision", values);
  return type;
}

GType updates_type() {
  static const GEnumValue values[] = {
      {UPDATES_EVERY_FRAME, "A message for every frame", "every-frame"},
      {UPDATES_ON_CHANGE, "A message when the number of faces changes", "on-change"},
      {UPDATES_ON_FACE, "A message for every frame with a face", "on-face"},
      {UPDATES_NONE, "No messages", "none"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidFaceDetectUpdates", values);
  return type;
}

GType heads_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Heads::automatic),
       "As facing in pictures and in frames apart, as off in other frames", "auto"},
      {static_cast<int>(Heads::off), "No heads: only faces that a face detector finds", "off"},
      {static_cast<int>(Heads::facing),
       "Also heads of people whose body is seen and whose face is not found, but not from behind", "facing"},
      {static_cast<int>(Heads::all), "As facing, and also heads seen from behind", "all"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidFaceDetectHeads", values);
  return type;
}

void add_detection(Table& table) {
  table.number(
      {"threshold", "Threshold",
       "CenterFace detections with at least this score are accepted at once; weaker ones need a confirmation "
       "[0.05..0.95]"},
      Mutable::playing, [](auto& p) -> auto& { return p.options.tracking.threshold; }, 0.05F, 0.95F);
  table.number(
      {"min-face", "Smallest face", "Smaller detections are ignored [px]"}, Mutable::playing,
      [](auto& p) -> auto& { return p.options.tracking.min_face; }, 4, 4096);
  table.number(
      {"sweep-period", "Sweep period",
       "Thirtieths of a second between sweeps (CenterFace) while something moves; half of it while much "
       "moves, three times it while nothing moves; 0: 20 with a lookahead, 15 without"},
      Mutable::playing, [](auto& p) -> auto& { return p.options.tracking.sweep_period; }, 0, 1000);
  table.number(
      {"max-faces", "Most faces with landmarks",
       "Most faces with landmarks (468-point mesh); further faces are followed and covered without "
       "landmarks"},
      Mutable::playing, [](auto& p) -> auto& { return p.options.tracking.max_faces; }, 1, 256);
  table.number(
      {"lookahead", "Lookahead",
       "Frames that wait, so that a face found late can be covered in them; -1: as many as fit into 100 ms "
       "when live, 30 otherwise. Reported as latency"},
      Mutable::ready, [](auto& p) -> auto& { return p.options.lookahead; }, -1, 600);
  table.number<guint64>(
      {"hold-time", "Hold time", "Time that a lost face stays covered; its region grows [ns]"},
      Mutable::playing, [](auto& p) -> auto& { return p.options.tracking.hold_time; }, 0, 60 * GST_SECOND);
  table.choice(
      {"precision", "Precision", "Number format of the detectors (landmarks: always f32)"}, Mutable::ready,
      precision_type, [](auto& p) -> auto& { return p.options.precision; });
  table.number(
      {"threads", "Threads", "Threads of one inference"}, Mutable::ready,
      [](auto& p) -> auto& { return p.options.threads; }, 1, 64);
  table.text(
      device_property, Mutable::ready, [](auto& p) -> auto& { return p.options.device; });
  table.choice(
      {"updates", "Updates", "When to post the facedetect element message"}, Mutable::playing, updates_type,
      [](auto& p) -> auto& { return p.updates; });
  table.choice(
      {"heads", "Heads", "Which people's heads are covered when the body is seen and the face is not found"},
      Mutable::playing, heads_type, [](auto& p) -> auto& { return p.options.tracking.heads; });
}

void add_files(Table& table) {
  table.text(
      {"model-short-range", "model-short-range",
       "File of BlazeFace short range; empty: the file that set-up fetched"},
      Mutable::ready, [](auto& p) -> auto& { return p.options.files.short_range; });
  table.text(
      {"model-full-range", "model-full-range",
       "File of BlazeFace full range sparse; empty: the file that set-up fetched"},
      Mutable::ready, [](auto& p) -> auto& { return p.options.files.full_range; });
  table.text(
      {"model-centerface", "model-centerface", "File of CenterFace; empty: the file that set-up fetched"},
      Mutable::ready, [](auto& p) -> auto& { return p.options.files.centerface; });
  table.text(
      {"model-mesh", "model-mesh", "File of the 468-point face mesh; empty: the file that set-up fetched"},
      Mutable::ready, [](auto& p) -> auto& { return p.options.files.mesh; });
}

} // namespace

const PropertyTable<Preferences>& properties() {
  static const Table table = [] {
    Table all;
    add_detection(all);
    add_files(all);
    return all;
  }();
  return table;
}

} // namespace deid::facedetect
