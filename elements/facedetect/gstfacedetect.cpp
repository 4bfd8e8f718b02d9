/// SECTION:element-facedetect
///
/// Finds every face of every frame and never changes a pixel. Attaches face regions and the stamp that covers
/// ask for.
/// See docs/facedetect.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect ! deidfacemask
///       ! x264enc ! mp4mux ! filesink location=out.mp4
#include "elements/facedetect/gstfacedetect.hpp"
#include "elements/base/one_thread.hpp"
#include "elements/base/shell.hpp"
#include "elements/facedetect/detector.hpp"
#include "elements/facedetect/properties.hpp"
#include <atomic>
#include <string>

GST_DEBUG_CATEGORY_STATIC(face_detect_debug);
#define GST_CAT_DEFAULT face_detect_debug

namespace {

using deid::facedetect::Detected;
using deid::facedetect::Detector;
using deid::facedetect::Options;
using deid::facedetect::Preferences;

struct Inside {
  std::mutex mutex; ///< guards preferences
  Preferences preferences{};
  Detector detector{};
  std::atomic<int> reported_lookahead = 0; ///< frames; queries come from any thread
  std::size_t last_count = 0;

  bool set(guint id, const GValue* value) {
    return deid::facedetect::properties().set(preferences, id, value);
  }
  bool get(guint id, GValue* value) const {
    return deid::facedetect::properties().get(preferences, id, value);
  }
};

using Shell = deid::Shell<Inside>;
using GstDeidFaceDetect = Shell::Instance;

GstDeidFaceDetect* self_of(gpointer instance) {
  return static_cast<GstDeidFaceDetect*>(instance);
}

Options options_of(GstDeidFaceDetect* self) {
  const std::lock_guard lock(self->inside->mutex);
  return self->inside->preferences.options;
}

// --- properties ---

GstStructure* get_stats(GstDeidVideo* base) {
  const Detector::Snapshot now = self_of(base)->inside->detector.snapshot();
  const auto ms = [](const deid::models::Spent& spent) {
    return static_cast<double>(spent.nanoseconds) * 1e-6;
  };
  const deid::facedetect::Counts& c = now.counts;
  return gst_structure_new(
      "stats", "frames", G_TYPE_UINT64, c.frames, "frames-with-faces", G_TYPE_UINT64, c.frames_with_faces,
      "detected", G_TYPE_UINT64, c.detected, "tracked", G_TYPE_UINT64, c.tracked, "held", G_TYPE_UINT64,
      c.held, "backfilled", G_TYPE_UINT64, c.backfilled, "body", G_TYPE_UINT64, c.body, "sweeps",
      G_TYPE_UINT64, c.sweeps, "cuts", G_TYPE_UINT64, c.cuts, "tracks", G_TYPE_UINT64, c.tracks, "glances",
      G_TYPE_UINT64, now.cost.glance.calls, "looks", G_TYPE_UINT64, now.cost.look.calls, "meshes",
      G_TYPE_UINT64, now.cost.mesh.calls, "glance-ms", G_TYPE_DOUBLE, ms(now.cost.glance), "sweep-ms",
      G_TYPE_DOUBLE, ms(now.cost.sweep), "look-ms", G_TYPE_DOUBLE, ms(now.cost.look), "mesh-ms",
      G_TYPE_DOUBLE, ms(now.cost.mesh), "head-looks", G_TYPE_UINT64, now.cost.heads.calls, "heads-ms",
      G_TYPE_DOUBLE, ms(now.cost.heads), nullptr);
}

// --- messages
// ---------------------------------------------------------------------------------------------------------------

bool wants_message(GstDeidFaceDetect* self, std::size_t faces) {
  const std::lock_guard lock(self->inside->mutex);
  const bool changed = faces != std::exchange(self->inside->last_count, faces);
  switch (self->inside->preferences.updates) {
  case deid::facedetect::UPDATES_EVERY_FRAME:
    return true;
  case deid::facedetect::UPDATES_ON_CHANGE:
    return changed;
  case deid::facedetect::UPDATES_ON_FACE:
    return faces > 0;
  case deid::facedetect::UPDATES_NONE:
    break;
  }
  return false;
}

// The element message has the fields of gstreamer1.0-opencv's facedetect, so that existing programs keep
// working.
void post_faces(GstDeidFaceDetect* self, const Detected& detected) {
  if (!wants_message(self, detected.faces.faces.size()))
    return;
  const GstSegment& segment = GST_BASE_TRANSFORM(self)->segment;
  const GstClockTime pts = GST_BUFFER_PTS(detected.buffer.get());
  GstStructure* message =
      gst_structure_new("facedetect", "timestamp", G_TYPE_UINT64, pts, "stream-time", G_TYPE_UINT64,
                        gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, pts), "running-time",
                        G_TYPE_UINT64, gst_segment_to_running_time(&segment, GST_FORMAT_TIME, pts),
                        "duration", G_TYPE_UINT64, GST_BUFFER_DURATION(detected.buffer.get()), nullptr);
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_LIST);
  for (const deid::FaceRegion& face : detected.faces.faces) {
    const auto px = [](float value) { return static_cast<guint>(std::max(0.F, value)); };
    GValue entry = G_VALUE_INIT;
    g_value_init(&entry, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&entry, gst_structure_new("face", "x", G_TYPE_UINT, px(face.box.x), "y", G_TYPE_UINT,
                                                 px(face.box.y), "width", G_TYPE_UINT, px(face.box.width),
                                                 "height", G_TYPE_UINT, px(face.box.height), "id",
                                                 G_TYPE_UINT, face.id, nullptr));
    gst_value_list_append_and_take_value(&list, &entry);
  }
  gst_structure_take_value(message, "faces", &list);
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), message));
}

// --- flow
// -------------------------------------------------------------------------------------------------------------------

GstBuffer* finish(GstDeidFaceDetect* self, Detected detected) {
  post_faces(self, detected);
  GstBuffer* buffer = gst_buffer_make_writable(detected.buffer.release());
  deid::Ref<GstBuffer> owner(buffer); // released when attaching throws
  deid::attach_faces(buffer, std::move(detected.faces));
  return owner.release();
}

GstFlowReturn generate_output(GstBaseTransform* trans, GstBuffer** out) {
  auto* self = self_of(trans);
  *out = nullptr;
  GstBuffer* input = std::exchange(trans->queued_buf, nullptr);
  return deid::guarded(GST_ELEMENT(self), [&] {
    auto detected = deid::on_one_thread([&] {
      Detector& detector = self->inside->detector;
      if (input != nullptr)
        detector.push(deid::Ref<GstBuffer>(input), options_of(self));
      return detector.pop(false);
    });
    if (detected)
      *out = finish(self, std::move(*detected));
    return GST_FLOW_OK;
  });
}

/// Returns whether downstream took the frame.
bool push(GstDeidFaceDetect* self, Detected detected) {
  const GstFlowReturn flow =
      gst_pad_push(GST_BASE_TRANSFORM_SRC_PAD(self), finish(self, std::move(detected)));
  if (flow != GST_FLOW_OK)
    GST_DEBUG_OBJECT(self, "downstream said %s while draining", gst_flow_get_name(flow));
  return flow == GST_FLOW_OK;
}

void drain(GstDeidFaceDetect* self) {
  deid::on_one_thread([&] {
    self->inside->detector.finish();
    return true;
  });
  while (auto detected = self->inside->detector.pop(true))
    if (!push(self, std::move(*detected)))
      self->inside->detector.clear();
}

void event(GstDeidVideo* base, GstEvent* what) {
  auto* self = self_of(base);
  switch (GST_EVENT_TYPE(what)) {
  case GST_EVENT_FLUSH_START:
    break;
  case GST_EVENT_FLUSH_STOP:
    self->inside->detector.clear();
    break;
  case GST_EVENT_EOS:
  case GST_EVENT_CAPS:
  case GST_EVENT_SEGMENT:
  case GST_EVENT_STREAM_START:
  case GST_EVENT_GAP:
  case GST_EVENT_SEGMENT_DONE:
    drain(self);
    break;
  default:
    break;
  }
}

/// A gap event must not overtake the waiting frames, and must not release them before later faces are
/// back-filled. So a short gap event is dropped while frames wait; the frames' times show the gap. A gap
/// event that is longer than frames wait releases them and is passed on, so that a paused stream does not
/// block its receivers.
gboolean sink_event(GstBaseTransform* trans, GstEvent* what) {
  if (GST_EVENT_TYPE(what) == GST_EVENT_GAP) {
    GstClockTime from = 0, lasts = 0;
    gst_event_parse_gap(what, &from, &lasts);
    if (self_of(trans)->inside->detector.waits_beyond(from + (GST_CLOCK_TIME_IS_VALID(lasts) ? lasts : 0))) {
      gst_event_unref(what);
      return TRUE;
    }
  }
  return GST_BASE_TRANSFORM_CLASS(Shell::above())->sink_event(trans, what);
}

bool set_info(GstDeidVideo* base, const GstVideoInfo& info) {
  auto* self = self_of(base);
  Detector& detector = self->inside->detector;
  detector.set_format(info, options_of(self), gst_deid_video_is_live(base));
  const bool changed =
      self->inside->reported_lookahead.exchange(detector.lookahead()) != detector.lookahead();
  if (changed)
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
  GST_INFO_OBJECT(self, "%dx%d, lookahead %d frames", info.width, info.height, detector.lookahead());
  return true;
}

GstClockTime own_latency(GstDeidFaceDetect* self) {
  GstCaps* caps = gst_pad_get_current_caps(GST_BASE_TRANSFORM_SINK_PAD(self));
  GstVideoInfo info;
  GstClockTime duration = GST_SECOND / 30; // when the rate is not known
  if (caps != nullptr && gst_video_info_from_caps(&info, caps) && info.fps_n > 0)
    duration = gst_util_uint64_scale_int(GST_SECOND, info.fps_d, info.fps_n);
  gst_clear_caps(&caps);
  return duration * static_cast<GstClockTime>(self->inside->reported_lookahead.load());
}

gboolean query(GstBaseTransform* trans, GstPadDirection direction, GstQuery* what) {
  const gboolean known = GST_BASE_TRANSFORM_CLASS(Shell::above())->query(trans, direction, what);
  if (!known || direction != GST_PAD_SRC || GST_QUERY_TYPE(what) != GST_QUERY_LATENCY)
    return known;
  gboolean live = FALSE;
  GstClockTime least = 0, most = 0;
  gst_query_parse_latency(what, &live, &least, &most);
  const GstClockTime own = own_latency(self_of(trans));
  gst_query_set_latency(what, live, least + own, GST_CLOCK_TIME_IS_VALID(most) ? most + own : most);
  return TRUE;
}

// Frames wait here, so upstream pools need as many more buffers.
gboolean propose_allocation(GstBaseTransform* trans, GstQuery* decide, GstQuery* what) {
  const gboolean fine = GST_BASE_TRANSFORM_CLASS(Shell::above())->propose_allocation(trans, decide, what);
  auto* self = self_of(trans);
  const auto waiting = static_cast<guint>(self->inside->detector.lookahead());
  for (guint i = 0; i < gst_query_get_n_allocation_pools(what); ++i) {
    GstBufferPool* pool = nullptr;
    guint size = 0, least = 0, most = 0;
    gst_query_parse_nth_allocation_pool(what, i, &pool, &size, &least, &most);
    gst_query_set_nth_allocation_pool(what, i, pool, size, least + waiting, most == 0 ? 0 : most + waiting);
    gst_clear_object(&pool);
  }
  return fine;
}

bool start(GstDeidVideo* base) {
  auto* self = self_of(base);
  self->inside->last_count = 0;
  self->inside->detector.start(options_of(self));
  return true;
}

bool stop(GstDeidVideo* base) {
  const deid::Ref<GstStructure> stats(get_stats(base));
  GST_INFO_OBJECT(base, "%" GST_PTR_FORMAT, static_cast<void*>(stats.get()));
  self_of(base)->inside->detector.stop();
  return true;
}

// --- class
// ------------------------------------------------------------------------------------------------------------------

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(face_detect_debug, "deidfacedetect", 0, "finds faces");
  Shell::set_up(klass);
  // `stats` belongs to the base class, whose getter must handle it.
  deid::facedetect::properties().install(G_OBJECT_CLASS(klass));
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Face detector (de-identification)", "Filter/Analyzer/Video",
      "Finds and follows every face and attaches face regions; changes no pixel", "gst-deid developers");
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  transform_class->generate_output = generate_output;
  transform_class->query = query;
  transform_class->sink_event = sink_event;
  transform_class->propose_allocation = propose_allocation;
  auto* deid_class = static_cast<GstDeidVideoClass*>(klass);
  deid_class->start = start;
  deid_class->stop = stop;
  deid_class->set_info = set_info;
  deid_class->event = event;
  deid_class->get_stats = get_stats;
}

} // namespace

GType gst_deid_face_detect_get_type() {
  static const GType type = Shell::type("GstDeidFaceDetect", class_init);
  return type;
}
