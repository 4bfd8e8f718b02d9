/// SECTION:element-oksmeter
///
/// Measures how much of the body movement is preserved: OKS, AP, AR, displacement, angles, tremor. Never
/// changes a pixel.
/// See docs/oksmeter.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! videoconvert ! deidposedetect stage=original
///       ! deidfacedetect ! deidfacemask ! deidposedetect stage=deidentified
///       ! deidoksmeter location=report.json ! fakesink
#include "elements/oksmeter/gstoksmeter.hpp"
#include "elements/base/gst_ptr.hpp"
#include "elements/base/shell.hpp"
#include "elements/meta/face_meta.hpp"
#include "elements/meta/pose_meta.hpp"
#include "elements/oksmeter/measurement.hpp"
#include "elements/oksmeter/stats.hpp"
#include <memory>
#include <optional>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(oks_meter_debug);
#define GST_CAT_DEFAULT oks_meter_debug

namespace {

using deid::Stage;
using deid::coco::Seen;
using deid::oksmeter::Measurement;
using deid::oksmeter::MeterOptions;

struct Inside {
  std::mutex mutex; ///< guards options and the pointer
  MeterOptions options{};
  std::shared_ptr<Measurement> measurement{}; ///< shared: the reference pad's thread may still use it
  GstPad* reference = nullptr;                ///< owned by the element; nullptr when not requested
  GstSegment reference_segment{};             ///< that pad's streaming thread
  GstClockTime next_message = 0;              ///< streaming thread

  bool set(guint id, const GValue* value) { return deid::oksmeter::properties().set(options, id, value); }
  bool get(guint id, GValue* value) const { return deid::oksmeter::properties().get(options, id, value); }
};

using Shell = deid::Shell<Inside>;
using GstDeidOksMeter = Shell::Instance;

GstDeidOksMeter* self_of(gpointer instance) {
  return static_cast<GstDeidOksMeter*>(instance);
}

std::shared_ptr<Measurement> measurement_of(GstDeidOksMeter* self) {
  const std::lock_guard lock(self->inside->mutex);
  return self->inside->measurement;
}

// --- properties ---

GstStructure* get_stats(GstDeidVideo* base) {
  const auto measurement = measurement_of(self_of(base));
  return measurement ? deid::oksmeter::structure_of("stats", measurement->summary())
                     : gst_structure_new_empty("stats");
}

void post_summary(GstDeidOksMeter* self, const Measurement& measurement, bool last) {
  GstStructure* structure = deid::oksmeter::structure_of("oksmeter", measurement.summary());
  gst_structure_set(structure, "final", G_TYPE_BOOLEAN, last ? TRUE : FALSE, nullptr);
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), structure));
}

// --- frames ---

constexpr const char* cannot_compare = "The two videos cannot be compared.";

std::vector<std::vector<cv::Point2f>> faces_of(GstBuffer* buffer) {
  std::vector<std::vector<cv::Point2f>> faces;
  const deid::FaceFrame* frame = deid::find_faces(buffer);
  if (frame == nullptr)
    return faces;
  for (const deid::FaceRegion& face : frame->faces) {
    auto& points = faces.emplace_back();
    for (const cv::Point3f& point : face.landmarks)
      points.emplace_back(point.x, point.y);
    if (points.empty())
      faces.pop_back();
  }
  return faces;
}

/// Returns the PTS, or the running time, which is negative before the segment's start [ns].
std::int64_t time_of(GstBuffer* buffer, const GstSegment& segment, bool as_in_files) {
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  guint64 away = 0;
  const int sign = segment.format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID(pts)
                       ? 0
                       : gst_segment_to_running_time_full(&segment, GST_FORMAT_TIME, pts, &away);
  if (sign == 0 || away > G_MAXINT64 || pts > G_MAXINT64)
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                             "This frame has no time and cannot be measured.", "no valid PTS");
  return as_in_files ? static_cast<std::int64_t>(pts) : sign * static_cast<std::int64_t>(away);
}

void period_message(GstDeidOksMeter* self, const Measurement& measurement, GstClockTime pts) {
  Inside& inside = *self->inside;
  const std::uint64_t period = [&] {
    const std::lock_guard lock(inside.mutex);
    return inside.options.period;
  }();
  if (period == 0 || !GST_CLOCK_TIME_IS_VALID(pts) || pts < inside.next_message)
    return;
  if (inside.next_message > 0) // not on the first frame
    post_summary(self, measurement, false);
  inside.next_message = pts + period;
}

void measure(GstDeidVideo* base, GstBuffer* buffer, Measurement& measurement) {
  const deid::PoseFrame* before = deid::find_pose(buffer, Stage::original);
  const deid::PoseFrame* after = deid::find_pose(buffer, Stage::deidentified);
  if (after == nullptr)
    std::swap(before, after); // the original's keypoints come from another pad or a file
  if (after == nullptr)
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                             "This frame carries no keypoints: put posedetect before oksmeter.",
                             "no DeidPoseMeta on the buffer");
  const std::int64_t time = time_of(buffer, GST_BASE_TRANSFORM(base)->segment, measurement.by_file());
  Seen own{time, *after, {}};
  std::optional<Seen> inside;
  if (before != nullptr)
    inside = Seen{time, *before, {}};
  else
    own.faces = faces_of(buffer); // with both keypoint sets on one buffer, its faces would be the original's
  try {
    measurement.frame(std::move(own), std::move(inside));
  } catch (const deid::oksmeter::NoOriginal& e) {
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                             "There are no keypoints of the original: put posedetect stage=original before "
                             "the de-identification, connect the pad reference, or set reference=FILE.",
                             e.what());
  } catch (const std::runtime_error& e) {
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, cannot_compare, e.what());
  }
}

/// Runs `work`. When it throws, this run writes no report: an incomplete measurement must not look complete.
template <class Work> GstFlowReturn or_no_report(GstElement* element, Measurement& measurement, Work&& work) {
  const GstFlowReturn flow = deid::guarded(element, std::forward<Work>(work));
  if (flow == GST_FLOW_ERROR)
    measurement.fail();
  return flow;
}

GstFlowReturn process(GstDeidVideo* base, GstBuffer* buffer, deid::video::FrameView&) {
  auto* self = self_of(base);
  const auto measurement = measurement_of(self);
  if (!measurement)
    return GST_FLOW_FLUSHING;
  return or_no_report(GST_ELEMENT(self), *measurement, [&] {
    measure(base, buffer, *measurement);
    period_message(self, *measurement, GST_BUFFER_PTS(buffer));
    return GST_FLOW_OK;
  });
}

void finish(GstDeidOksMeter* self, Measurement& measurement) {
  try {
    if (!measurement.write())
      return; // reported already
  } catch (const std::runtime_error& e) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, "The report cannot be written.",
                             e.what());
  }
  post_summary(self, measurement, true);
}

void event(GstDeidVideo* base, GstEvent* what) {
  auto* self = self_of(base);
  const auto measurement = measurement_of(self);
  if (!measurement)
    return;
  switch (GST_EVENT_TYPE(what)) {
  case GST_EVENT_FLUSH_START:
    measurement->interrupt(true);
    break;
  case GST_EVENT_FLUSH_STOP:
    measurement->restart(false);
    measurement->interrupt(false);
    self->inside->next_message = 0;
    break;
  case GST_EVENT_EOS:
    if (measurement->end())
      finish(self, *measurement);
    break;
  default:
    break;
  }
}

// --- the pad `reference` ---

/// Tells the measurement whether a reference stream is connected. This may settle frames, which may fail.
void expect_reference(GstDeidOksMeter* self, bool expected) {
  const auto measurement = measurement_of(self);
  if (measurement)
    or_no_report(GST_ELEMENT(self), *measurement, [&] {
      measurement->expect_original(expected);
      return GST_FLOW_OK;
    });
}

void take_reference(GstDeidOksMeter* self, GstBuffer* buffer, Measurement& measurement) {
  const deid::PoseFrame* pose = deid::find_pose(buffer, Stage::original);
  if (pose == nullptr)
    pose = deid::find_pose(buffer, Stage::deidentified);
  if (pose == nullptr)
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                             "A frame of the reference carries no keypoints: put posedetect before the pad.",
                             "no DeidPoseMeta on the buffer");
  Seen seen{time_of(buffer, self->inside->reference_segment, false), *pose, faces_of(buffer)};
  try {
    measurement.original(std::move(seen));
  } catch (const std::runtime_error& e) {
    throw deid::ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, cannot_compare, e.what());
  }
}

GstFlowReturn reference_chain(GstPad*, GstObject* parent, GstBuffer* raw) {
  auto* self = self_of(parent);
  const deid::Ref<GstBuffer> buffer(raw);
  const auto measurement = measurement_of(self);
  if (!measurement)
    return GST_FLOW_FLUSHING;
  return or_no_report(GST_ELEMENT(self), *measurement, [&] {
    take_reference(self, raw, *measurement);
    return GST_FLOW_OK;
  });
}

void reference_event_now(GstDeidOksMeter* self, GstEvent* what) {
  if (GST_EVENT_TYPE(what) == GST_EVENT_SEGMENT) {
    gst_event_copy_segment(what, &self->inside->reference_segment);
    return;
  }
  const auto measurement = measurement_of(self);
  if (!measurement)
    return;
  if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP)
    measurement->restart(true);
  else if (GST_EVENT_TYPE(what) == GST_EVENT_EOS)
    or_no_report(GST_ELEMENT(self), *measurement, [&] {
      measurement->original_ended();
      return GST_FLOW_OK;
    });
}

// Nothing is passed on: the element's own stream has its own events.
gboolean reference_event(GstPad*, GstObject* parent, GstEvent* what) {
  auto* self = self_of(parent);
  const gboolean fine = deid::guarded_bool(GST_ELEMENT(self), [&] {
    reference_event_now(self, what);
    return true;
  });
  gst_event_unref(what);
  return fine;
}

GstPad* request_new_pad(GstElement* element, GstPadTemplate* templ, const gchar*, const GstCaps*) {
  auto* self = self_of(element);
  GstPad* pad = nullptr;
  {
    const std::lock_guard lock(self->inside->mutex);
    if (self->inside->reference != nullptr) {
      GST_WARNING_OBJECT(self, "there is one reference already");
      return nullptr;
    }
    pad = gst_pad_new_from_template(templ, "reference");
    gst_pad_set_chain_function(pad, reference_chain);
    gst_pad_set_event_function(pad, reference_event);
    self->inside->reference = pad;
    gst_segment_init(&self->inside->reference_segment, GST_FORMAT_TIME);
  }
  expect_reference(self, true);
  gst_pad_set_active(pad, TRUE);
  gst_element_add_pad(element, pad);
  return pad;
}

void release_pad(GstElement* element, GstPad* pad) {
  auto* self = self_of(element);
  {
    const std::lock_guard lock(self->inside->mutex);
    self->inside->reference = nullptr;
  }
  gst_pad_set_active(pad, FALSE); // its thread has left when this returns
  expect_reference(self, false);
  gst_element_remove_pad(element, pad);
}

// --- states ---

bool start(GstDeidVideo* base) {
  auto* self = self_of(base);
  Inside& inside = *self->inside;
  const std::lock_guard lock(inside.mutex);
  inside.next_message = 0;
  try {
    inside.measurement = std::make_shared<Measurement>(inside.options);
  } catch (const std::exception& e) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, "The measurement cannot begin.",
                             e.what());
  }
  inside.measurement->expect_original(inside.reference != nullptr);
  return true;
}

bool stop(GstDeidVideo* base) {
  auto* self = self_of(base);
  const auto measurement = measurement_of(self);
  if (measurement && measurement->break_off())
    finish(self, *measurement); // a pipeline that stops without EOS loses nothing
  const std::lock_guard lock(self->inside->mutex);
  self->inside->measurement.reset();
  return true;
}

// The end of the element's own stream may be waiting for the reference's end. Interrupt it, or the pads could
// not be deactivated.
GstStateChangeReturn change_state(GstElement* element, GstStateChange change) {
  const auto measurement = measurement_of(self_of(element));
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY && measurement)
    measurement->interrupt(true);
  return GST_ELEMENT_CLASS(Shell::above())->change_state(element, change);
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(oks_meter_debug, "deidoksmeter", 0, "measures how well keypoints are preserved");
  Shell::set_up(klass);
  deid::oksmeter::properties().install(G_OBJECT_CLASS(klass));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  const deid::Ref<GstCaps> caps(gst_caps_from_string(GST_VIDEO_CAPS_MAKE(DEID_VIDEO_FORMATS)));
  gst_element_class_add_pad_template(
      element_class, gst_pad_template_new("reference", GST_PAD_SINK, GST_PAD_REQUEST, caps.get()));
  gst_element_class_set_static_metadata(
      element_class, "Keypoint meter (de-identification)", "Filter/Analyzer/Video",
      "Scores keypoints of the de-identified video against the original's; never changes a pixel",
      "gst-deid developers");
  element_class->request_new_pad = request_new_pad;
  element_class->release_pad = release_pad;
  element_class->change_state = change_state;
  auto* deid_class = static_cast<GstDeidVideoClass*>(klass);
  deid_class->process = process;
  deid_class->start = start;
  deid_class->stop = stop;
  deid_class->event = event;
  deid_class->get_stats = get_stats;
}

} // namespace

GType gst_deid_oks_meter_get_type() {
  static const GType type = Shell::type("GstDeidOksMeter", class_init);
  return type;
}
