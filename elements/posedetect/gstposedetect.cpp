/// SECTION:element-posedetect
///
/// Finds people and their body points in every frame. Changes no pixel, except that draw=true draws the
/// skeletons.
/// See docs/posedetect.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! videoconvert ! deidposedetect draw=true
///       ! x264enc ! mp4mux ! filesink location=out.mp4
#include "elements/posedetect/gstposedetect.hpp"
#include "elements/base/shell.hpp"
#include "elements/meta/pose_meta.hpp"
#include "elements/posedetect/draw.hpp"
#include "elements/posedetect/properties.hpp"

GST_DEBUG_CATEGORY_STATIC(pose_detect_debug);
#define GST_CAT_DEFAULT pose_detect_debug

namespace {

using deid::posedetect::Detector;
using deid::posedetect::Options;

struct Inside {
  std::mutex mutex; ///< guards options
  Options options{};
  Options now{}; ///< of the current frame; streaming thread
  Detector detector{};

  bool set(guint id, const GValue* value) { return deid::posedetect::properties().set(options, id, value); }
  bool get(guint id, GValue* value) const { return deid::posedetect::properties().get(options, id, value); }
};

using Shell = deid::Shell<Inside>;
using GstDeidPoseDetect = Shell::Instance;

GstDeidPoseDetect* self_of(gpointer instance) {
  return static_cast<GstDeidPoseDetect*>(instance);
}

Options options_of(GstDeidPoseDetect* self) {
  const std::lock_guard lock(self->inside->mutex);
  return self->inside->options;
}

// --- properties ---

GstStructure* get_stats(GstDeidVideo* base) {
  const Detector::Snapshot now = self_of(base)->inside->detector.snapshot();
  const auto ms = [](const deid::models::Spent& spent) {
    return static_cast<double>(spent.nanoseconds) * 1e-6;
  };
  const deid::posedetect::Counts& c = now.counts;
  return gst_structure_new(
      "stats", "frames", G_TYPE_UINT64, c.frames, "frames-with-people", G_TYPE_UINT64, c.frames_with_people,
      "people", G_TYPE_UINT64, c.people, "detector-runs", G_TYPE_UINT64, c.looks, "landmark-runs",
      G_TYPE_UINT64, c.landmarks, "cuts", G_TYPE_UINT64, c.cuts, "ids", G_TYPE_UINT64, c.ids, "lost",
      G_TYPE_UINT64, c.lost, "resumed", G_TYPE_UINT64, c.resumed, "detector-ms", G_TYPE_DOUBLE,
      ms(now.cost.detect), "landmark-ms", G_TYPE_DOUBLE, ms(now.cost.landmarks), nullptr);
}

// --- flow ---

// The settings of the frame are copied here, because mapping depends on them.
GstMapFlags choose_map(GstDeidVideo* base) {
  auto* self = self_of(base);
  self->inside->now = options_of(self);
  return self->inside->now.draw ? GST_MAP_READWRITE : GST_MAP_READ;
}

GstFlowReturn process(GstDeidVideo* base, GstBuffer* buffer, deid::video::FrameView& frame) {
  Inside& inside = *self_of(base)->inside;
  deid::PoseFrame found = inside.detector.detect(frame, GST_BUFFER_PTS(buffer), inside.now);
  if (inside.now.draw)
    deid::posedetect::draw(frame, found.people);
  GST_LOG_OBJECT(base, "%zu people", found.people.size());
  const bool native = inside.now.set == deid::KeypointSet::blazepose33;
  deid::attach_pose(buffer, std::move(found), native ? std::nullopt : std::optional(inside.now.set));
  return GST_FLOW_OK;
}

void event(GstDeidVideo* base, GstEvent* what) {
  Detector& detector = self_of(base)->inside->detector;
  switch (GST_EVENT_TYPE(what)) {
  case GST_EVENT_FLUSH_STOP:
    detector.clear();
    break;
  case GST_EVENT_EOS:
    detector.finish();
    break;
  default:
    break;
  }
}

bool set_info(GstDeidVideo* base, const GstVideoInfo& info) {
  self_of(base)->inside->detector.set_format(info);
  return true;
}

bool start(GstDeidVideo* base) {
  auto* self = self_of(base);
  self->inside->detector.start(options_of(self));
  return true;
}

bool stop(GstDeidVideo* base) {
  self_of(base)->inside->detector.stop();
  return true;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(pose_detect_debug, "deidposedetect", 0, "finds people and their body points");
  Shell::set_up(klass);
  deid::posedetect::properties().install(G_OBJECT_CLASS(klass));
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Pose detector (de-identification)", "Filter/Analyzer/Video",
      "Finds and follows people and their body points; changes no pixel unless told to draw",
      "gst-deid developers");
  auto* deid_class = static_cast<GstDeidVideoClass*>(klass);
  deid_class->choose_map = choose_map;
  deid_class->process = process;
  deid_class->start = start;
  deid_class->stop = stop;
  deid_class->set_info = set_info;
  deid_class->event = event;
  deid_class->get_stats = get_stats;
}

} // namespace

GType gst_deid_pose_detect_get_type() {
  static const GType type = Shell::type("GstDeidPoseDetect", class_init);
  return type;
}
