/// SECTION:element-identitymeter
///
/// Measures the distance of each face of the result from the original face, by a face recogniser. Never
/// changes a pixel. A pipeline has two of them: stage=original, behind facedetect, describes the original
/// faces, in memory only; the other, behind the cover, compares. See docs/identitymeter.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect ! deididentitymeter stage=original
///       ! deidfaceswap ! deididentitymeter location=report.json ! fakesink
#include "elements/identitymeter/gstidentitymeter.hpp"
#include "elements/base/gst_ptr.hpp"
#include "elements/base/shell.hpp"
#include "elements/identitymeter/options.hpp"
#include "elements/identitymeter/stats.hpp"
#include "elements/meta/face_meta.hpp"
#include "elements/meta/original_meta.hpp"
#include <memory>
#include <mutex>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(identity_meter_debug);
#define GST_CAT_DEFAULT identity_meter_debug

namespace {

using deid::identitymeter::Measurement;
using deid::identitymeter::MeterOptions;
using deid::identitymeter::Missing;
using deid::identitymeter::Side;
using deid::identitymeter::structure_of;
using deid::identitymeter::Taken;

struct Inside {
  std::mutex mutex; ///< guards options, taken and the pointer
  MeterOptions options{};
  Taken taken{};
  std::shared_ptr<Measurement> measurement{}; ///< shared: another thread may still read its stats
  MeterOptions run{};                         ///< options of this run; streaming thread, as all below
  unsigned interval = 1;
  std::uint64_t next_number = 0;                             ///< stage=original
  std::unique_ptr<deid::identitymeter::Networks> networks{}; ///< stage=original
  Missing missed = Missing::none;
  GstClockTime next_message = 0;

  bool set(guint id, const GValue* value) {
    return deid::identitymeter::properties().set(options, id, value);
  }
  bool get(guint id, GValue* value) const {
    return deid::identitymeter::properties().get(options, id, value);
  }
};

using Shell = deid::Shell<Inside>;
using GstDeidIdentityMeter = Shell::Instance;

GstDeidIdentityMeter* self_of(gpointer instance) {
  return static_cast<GstDeidIdentityMeter*>(instance);
}

std::shared_ptr<Measurement> measurement_of(GstDeidIdentityMeter* self) {
  const std::lock_guard lock(self->inside->mutex);
  return self->inside->measurement;
}

// --- properties ---

GstStructure* get_stats(GstDeidVideo* base) {
  Inside& inside = *self_of(base)->inside;
  if (const auto measurement = measurement_of(self_of(base)))
    return structure_of("stats", measurement->summary(false));
  const std::lock_guard lock(inside.mutex);
  return structure_of("stats", inside.taken);
}

// --- messages ---

void post(GstDeidIdentityMeter* self, GstStructure* structure) {
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), structure));
}

void post_summary(GstDeidIdentityMeter* self, const deid::identitymeter::Summary& summary, bool last) {
  GstStructure* structure = structure_of("identitymeter", summary);
  gst_structure_set(structure, "final", G_TYPE_BOOLEAN, last ? TRUE : FALSE, nullptr);
  post(self, structure);
}

/// Reports the first frame of a run of frames that cannot be measured.
void tell_missing(GstDeidIdentityMeter* self, GstBuffer* buffer, Missing why) {
  GST_WARNING_OBJECT(self, "frames from here on cannot be measured: %s", to_string(why));
  post(self, gst_structure_new("identity-missing", "reason", G_TYPE_STRING, to_string(why), "pts",
                               G_TYPE_UINT64, GST_BUFFER_PTS(buffer), nullptr));
}

void period_message(GstDeidIdentityMeter* self, const Measurement& measurement, GstClockTime pts) {
  Inside& inside = *self->inside;
  if (inside.run.period == 0 || !GST_CLOCK_TIME_IS_VALID(pts) || pts < inside.next_message)
    return;
  if (inside.next_message > 0) // not on the first frame
    post_summary(self, measurement.summary(false), false);
  inside.next_message = pts + inside.run.period;
}

void warn_of_nothing(GstDeidIdentityMeter* self, const deid::identitymeter::Counts& counts) {
  if (counts.frames == 0 || counts.measured > 0)
    return;
  gst_element_message_full(
      GST_ELEMENT(self), GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
      g_strdup(
          "Identity was not measured in any frame: put identitymeter stage=original behind facedetect and "
          "before the cover. No element between the two identitymeters may move or scale the picture."),
      g_strdup_printf("%" G_GUINT64_FORMAT " frames", static_cast<guint64>(counts.frames)), __FILE__,
      "warn_of_nothing", __LINE__);
}

// --- frames ---

/// Whether the stamp belongs to these pixels.
Missing judge(const deid::FaceFrame* stamp, const deid::video::FrameView& frame) {
  if (stamp == nullptr)
    return Missing::no_stamp;
  if (stamp->width != frame.width || stamp->height != frame.height ||
      !deid::matches(stamp->fingerprint, deid::fingerprint(frame), false))
    return Missing::other_picture;
  return Missing::none;
}

void take(GstDeidIdentityMeter* self, GstBuffer* buffer, const deid::video::FrameView& frame) {
  Inside& inside = *self->inside;
  const deid::FaceFrame* stamp = deid::find_faces(buffer);
  const Missing why = judge(stamp, frame);
  const std::uint64_t number = inside.next_number++;
  const bool due = number % inside.interval == 0;
  deid::OriginalFaces faces;
  if (why == Missing::none)
    faces = due ? deid::identitymeter::take_originals(frame, stamp->faces, number, *inside.networks)
                : deid::identitymeter::left_out(frame, number);
  {
    const std::lock_guard lock(inside.mutex);
    Taken& taken = inside.taken;
    ++taken.frames;
    if (why != Missing::none)
      ++taken.missing.at(static_cast<std::size_t>(why));
    else
      ++(due ? taken.taken : taken.left_out);
    taken.faces += faces.faces.size();
    for (const deid::OriginalFace& face : faces.faces)
      taken.without_landmarks += face.descriptor.empty() ? 1 : 0;
  }
  if (why == Missing::none)
    deid::attach_originals(buffer, std::move(faces));
  else
    deid::remove_originals(buffer); // left by an element upstream, not of this picture
  if (std::exchange(inside.missed, why) != why && why != Missing::none)
    tell_missing(self, buffer, why);
}

void measure(GstDeidIdentityMeter* self, GstBuffer* buffer, const deid::video::FrameView& frame,
             Measurement& measurement) {
  const deid::FaceFrame* stamp = deid::find_faces(buffer);
  const deid::OriginalFaces* originals = deid::find_originals(buffer);
  Missing why = judge(stamp, frame);
  if (why == Missing::none && originals == nullptr)
    why = Missing::no_original;
  else if (why == Missing::none && (originals->width != frame.width || originals->height != frame.height))
    why = Missing::other_picture;
  if (why != Missing::none) {
    if (measurement.missed(why))
      tell_missing(self, buffer, why);
    return;
  }
  std::optional<std::uint64_t> pts;
  if (GST_BUFFER_PTS_IS_VALID(buffer))
    pts = GST_BUFFER_PTS(buffer);
  try {
    measurement.measure({frame, stamp->faces, *originals, pts}, stamp->detector);
  } catch (const deid::identitymeter::WriteError& e) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, "The distances cannot be written.",
                             e.what());
  }
}

GstFlowReturn process(GstDeidVideo* base, GstBuffer* buffer, deid::video::FrameView& frame) {
  auto* self = self_of(base);
  if (self->inside->run.stage == Side::original) {
    take(self, buffer, frame);
    return GST_FLOW_OK;
  }
  const auto measurement = measurement_of(self);
  if (!measurement)
    return GST_FLOW_FLUSHING;
  const GstFlowReturn flow = deid::guarded(GST_ELEMENT(self), [&] {
    measure(self, buffer, frame, *measurement);
    period_message(self, *measurement, GST_BUFFER_PTS(buffer));
    return GST_FLOW_OK;
  });
  if (flow == GST_FLOW_ERROR)
    measurement->fail(); // an incomplete measurement must not look complete
  return flow;
}

void finish(GstDeidIdentityMeter* self, Measurement& measurement) {
  try {
    if (!measurement.finish())
      return; // reported already
  } catch (const deid::identitymeter::WriteError& e) {
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, "The report cannot be written.",
                             e.what());
  }
  const deid::identitymeter::Summary summary = measurement.summary(true);
  warn_of_nothing(self, summary.counts);
  post_summary(self, summary, true);
}

void event(GstDeidVideo* base, GstEvent* what) {
  auto* self = self_of(base);
  const auto measurement = measurement_of(self);
  if (GST_EVENT_TYPE(what) == GST_EVENT_FLUSH_STOP) {
    self->inside->next_number = 0;
    self->inside->next_message = 0;
    self->inside->missed = Missing::none;
    if (measurement)
      measurement->restart();
  } else if (GST_EVENT_TYPE(what) == GST_EVENT_EOS && measurement) {
    finish(self, *measurement);
  }
}

// --- states ---

bool set_info(GstDeidVideo* base, const GstVideoInfo&) {
  auto* self = self_of(base);
  Inside& inside = *self->inside;
  inside.interval = inside.run.interval;
  if (inside.interval == 0)
    inside.interval = gst_deid_video_is_live(base) ? deid::identitymeter::live_interval
                                                   : deid::identitymeter::file_interval;
  GST_INFO_OBJECT(self, "every frame of %u", inside.interval);
  const auto measurement = measurement_of(self);
  if (!measurement)
    return true;
  measurement->format(inside.interval,
                      deid::take_string(gst_pad_get_stream_id(GST_BASE_TRANSFORM_SINK_PAD(base))));
  return true;
}

std::shared_ptr<Measurement> begin(const MeterOptions& options) {
  if (options.stage == Side::deidentified) {
    try {
      return std::make_shared<Measurement>(options, deid::identitymeter::real_networks(true, options.second));
    } catch (const deid::identitymeter::TargetError& e) {
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, e.what(), "target");
    } catch (const std::invalid_argument& e) {
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                               "The measurement cannot begin.", e.what());
    } catch (const deid::identitymeter::WriteError& e) {
      throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
                               "A file for the distances cannot be opened.", e.what());
    }
  }
  if (!options.location.empty() || !options.csv.empty() || !options.raw.empty() || !options.target.empty() ||
      options.period != 0)
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                             "identitymeter stage=original only collects faces. Set location, csv, raw, "
                             "target and period on the identitymeter behind the cover.",
                             "a property of the other stage is set");
  return nullptr;
}

bool start(GstDeidVideo* base) {
  Inside& inside = *self_of(base)->inside;
  {
    const std::lock_guard lock(inside.mutex);
    inside.run = inside.options;
    inside.taken = {};
  }
  inside.next_number = 0;
  inside.next_message = 0;
  inside.missed = Missing::none;
  auto measurement = begin(inside.run);
  if (!measurement)
    inside.networks = deid::identitymeter::real_networks(false, inside.run.second);
  const std::lock_guard lock(inside.mutex);
  inside.measurement = std::move(measurement);
  return true;
}

bool stop(GstDeidVideo* base) {
  auto* self = self_of(base);
  const auto measurement = measurement_of(self);
  if (measurement)
    finish(self, *measurement); // a pipeline that stops without EOS loses nothing
  self->inside->networks.reset();
  const std::lock_guard lock(self->inside->mutex);
  self->inside->measurement.reset();
  return true;
}

// --- class ---

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(identity_meter_debug, "deididentitymeter", 0,
                          "measures how recognisable faces remain");
  Shell::set_up(klass);
  deid::identitymeter::properties().install(G_OBJECT_CLASS(klass));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(element_class, "Identity meter (de-identification)",
                                        "Filter/Analyzer/Video",
                                        "Measures the distance of each face of the result from the original "
                                        "face, with a face recogniser; changes no pixel",
                                        "gst-deid developers");
  auto* video_class = static_cast<GstDeidVideoClass*>(klass);
  video_class->process = process;
  video_class->set_info = set_info;
  video_class->start = start;
  video_class->stop = stop;
  video_class->event = event;
  video_class->get_stats = get_stats;
}

} // namespace

GType gst_deid_identity_meter_get_type() {
  static const GType type = Shell::type("GstDeidIdentityMeter", class_init);
  return type;
}
