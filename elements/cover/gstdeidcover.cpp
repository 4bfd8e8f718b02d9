#include "elements/cover/gstdeidcover.hpp"
#include "elements/cover/audit.hpp"
#include "elements/cover/beside.hpp"
#include "elements/cover/properties.hpp"
#include "elements/cover/record.hpp"
#include "elements/cover/treatment.hpp"
#include "elements/video/paste.hpp"
#include <optional>
#include <string>

GST_DEBUG_CATEGORY_STATIC(deid_cover_debug);
#define GST_CAT_DEFAULT deid_cover_debug

using deid::FaceFrame;
using deid::cover::Counters;
using deid::cover::Doubt;
using deid::cover::nick;
using deid::cover::on_doubt_type;
using deid::cover::OnDoubt;
using deid::cover::Overlay;
using deid::cover::Plan;
using deid::cover::Settings;
using deid::cover::Shape;
using deid::cover::shape_type;
using deid::cover::Style;
using deid::cover::Tags;
using deid::cover::tags_type;
using Json = nlohmann::ordered_json;

/// The mutex guards settings and counters. Only the streaming thread uses the rest.
struct GstDeidCoverState {
  std::mutex mutex;
  Settings settings;
  Counters counters;
  Doubt run = Doubt::none; ///< doubt of the previous frame
  std::optional<deid::cover::Audit> audit;
  Json written_settings;
  std::string written_detector;
  bool summary_due = false;
  deid::cover::Beside beside;
};

namespace {

gpointer parent_class = nullptr;

/// Writes the header with the first frame, when the detector is known, and again after a change.
void audit_header(GstDeidCover* self, const Settings& settings, const Style& style, const FaceFrame* stamp) {
  auto& state = *self->state;
  const Json now = deid::cover::settings_json(settings, style);
  const std::string detector = stamp != nullptr ? stamp->detector : state.written_detector;
  if (!state.written_settings.is_null() && now == state.written_settings &&
      detector == state.written_detector)
    return;
  GstElementFactory* factory = gst_element_get_factory(GST_ELEMENT(self));
  const char* element = factory != nullptr ? GST_OBJECT_NAME(factory) : G_OBJECT_TYPE_NAME(self);
  state.audit->write(deid::audit::to_json(deid::audit::Header{element, DEID_VERSION, now, detector}));
  state.written_settings = now;
  state.written_detector = detector;
}

void audit_frame(GstDeidCover* self, GstBuffer* buffer, const Settings& settings, const Style& style,
                 const FaceFrame* stamp, const Plan& plan, const char* action,
                 const std::vector<Overlay>& overlays, const deid::Wishes& wishes) {
  auto& state = *self->state;
  if (!state.audit)
    return;
  audit_header(self, settings, style, stamp);
  deid::audit::Frame line;
  if (GST_BUFFER_PTS_IS_VALID(buffer))
    line.pts = GST_BUFFER_PTS(buffer);
  for (std::size_t i = 0; i < plan.faces.size(); ++i) {
    Style of_face = style;
    of_face.method = deid::cover::method_for(plan.faces[i].face, style.method, wishes);
    line.faces.push_back(
        deid::cover::audited(plan.faces[i], of_face, i < overlays.size() ? &overlays[i] : nullptr));
  }
  if (plan.doubt != Doubt::none) {
    line.doubt = deid::cover::to_string(plan.doubt);
    line.action = action;
  }
  state.audit->write(deid::audit::to_json(line));
}

void tell_doubt(GstDeidCover* self, GstBuffer* buffer, Doubt doubt, const char* action, std::uint64_t count) {
  GST_WARNING_OBJECT(self, "doubt (%s): %s", deid::cover::to_string(doubt), action);
  gst_element_post_message(
      GST_ELEMENT(self),
      gst_message_new_element(GST_OBJECT(self),
                              gst_structure_new("deid-doubt", "reason", G_TYPE_STRING,
                                                deid::cover::to_string(doubt), "action", G_TYPE_STRING,
                                                action, "pts", G_TYPE_UINT64, GST_BUFFER_PTS(buffer), "count",
                                                G_TYPE_UINT64, count, nullptr)));
}

void count(GstDeidCover* self, const Plan& plan, OnDoubt on_doubt, std::uint64_t& of_this_doubt) {
  const auto lock = gst_deid_cover_lock(self);
  Counters& counters = self->state->counters;
  ++counters.frames;
  counters.faces += plan.faces.size();
  if (plan.doubt == Doubt::none)
    return;
  of_this_doubt = ++counters.doubts.at(static_cast<std::size_t>(plan.doubt));
  if (on_doubt == OnDoubt::cover_frame)
    ++counters.frames_covered;
  else if (on_doubt == OnDoubt::drop)
    ++counters.frames_dropped;
}

GstFlowReturn settle_doubt(GstBuffer* buffer, Doubt doubt, OnDoubt on_doubt, deid::video::FrameView& frame,
                           const Style& style) {
  switch (on_doubt) {
  case OnDoubt::drop:
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  case OnDoubt::error:
    throw deid::ElementError(
        GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "The places of the faces in this frame are uncertain; the frame was not passed on.",
        std::string("doubt: ") + deid::cover::to_string(doubt));
  case OnDoubt::cover_frame:
    break;
  }
  deid::cover::cover_frame(frame, style.color);
  deid::cover::record_cover(buffer);
  return GST_FLOW_OK;
}

std::vector<Overlay> overlays_of(GstDeidCover* self, const deid::video::FrameView& frame, const Plan& plan,
                                 const deid::Wishes& wishes) {
  const auto overlay = GST_DEID_COVER_GET_CLASS(self)->overlay;
  if (overlay == nullptr || plan.doubt != Doubt::none)
    return {};
  std::vector<Overlay> overlays = overlay(self, frame, plan);
  if (overlays.size() != plan.faces.size())
    throw std::logic_error("overlays and faces differ in number");
  deid::cover::respect_wishes(plan, wishes, overlays);
  return overlays;
}

/// Draws the derived element's picture, but only inside the mask.
void lay_over(deid::video::FrameView& frame, const deid::cover::Mask& mask, const Overlay& overlay) {
  if (overlay.alpha.empty() || mask.bounds.empty())
    return;
  if (overlay.alpha.size() != mask.mask.size())
    throw std::logic_error("overlay and mask differ in size");
  cv::Mat alpha(mask.mask.size(), CV_8UC1, cv::Scalar(0));
  overlay.alpha.copyTo(alpha, mask.mask);
  deid::video::paste_rgb(frame, mask.bounds.tl(), overlay.rgb, alpha);
}

void cover_face(deid::video::FrameView& frame, const deid::cover::PlannedFace& planned, Style style,
                const deid::Wishes& wishes) {
  if (planned.foreign)
    style.shape = Shape::box;
  style.method = deid::cover::method_for(planned.face, style.method, wishes);
  deid::cover::apply(frame, planned.mask, style);
}

void cover_faces(GstBuffer* buffer, deid::video::FrameView& frame, const Plan& plan, const Style& style,
                 const std::vector<Overlay>& overlays, const deid::Wishes& wishes) {
  bool changed = false;
  for (const auto& planned : plan.faces) {
    cover_face(frame, planned, style, wishes);
    changed = changed || !planned.mask.bounds.empty();
  }
  for (std::size_t i = 0; i < overlays.size(); ++i)
    lay_over(frame, plan.faces[i].mask, overlays[i]);
  if (!overlays.empty()) // what a person wants covered lies above the picture of a neighbour
    for (const auto& planned : plan.faces)
      if (deid::wish_for(wishes, planned.face.id) != deid::Treatment::none)
        cover_face(frame, planned, style, wishes);
  deid::cover::record_treatments(buffer, plan, style.method, wishes, overlays);
  if (changed) // a second cover compares the stamp with these pixels
    deid::update_fingerprint(buffer, deid::fingerprint(frame));
}

void say_note(GstDeidCover* self) {
  if (deid::scrub::EventPtr note = self->state->beside.due())
    gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(self), note.release());
}

/// Returns the plan with what a person asked for each face.
Plan plan_of(GstBuffer* buffer, const deid::video::FrameView& frame, const Style& style,
             const deid::Wishes& wishes) {
  Plan plan = deid::cover::make_plan(buffer, frame, style.shape, style.margin);
  for (deid::cover::PlannedFace& planned : plan.faces)
    if (const auto asked = wishes.not_as.find(planned.face.id);
        asked != wishes.not_as.end() && !planned.foreign)
      planned.not_as = asked->second;
  return plan;
}

GstFlowReturn process(GstDeidVideo* video, GstBuffer* buffer, deid::video::FrameView& frame) {
  auto* self = GST_DEID_COVER(video);
  auto& state = *self->state;
  say_note(self);
  Settings settings;
  Style style;
  {
    const auto lock = gst_deid_cover_lock(self);
    settings = state.settings;
    style = GST_DEID_COVER_GET_CLASS(self)->style(self);
  }
  style.shape = settings.shape;
  style.margin = settings.margin;

  const deid::Wishes* asked = deid::find_wishes(buffer);
  const deid::Wishes wishes = asked == nullptr ? deid::Wishes{} : *asked; // cleaning drops them
  const Plan plan = plan_of(buffer, frame, style, wishes);
  const char* action = nick(on_doubt_type(), static_cast<int>(settings.on_doubt));
  std::uint64_t of_this_doubt = 0;
  count(self, plan, settings.on_doubt, of_this_doubt);
  state.summary_due = true;
  const bool first_of_run = plan.doubt != Doubt::none && plan.doubt != state.run;
  state.run = plan.doubt;
  if (settings.tags == Tags::drop)
    deid::scrub::clean(buffer);
  if (first_of_run)
    tell_doubt(self, buffer, plan.doubt, action, of_this_doubt);
  const std::vector<Overlay> overlays = overlays_of(self, frame, plan, wishes);
  audit_frame(self, buffer, settings, style, deid::find_faces(buffer), plan, action, overlays, wishes);
  if (plan.doubt != Doubt::none)
    return settle_doubt(buffer, plan.doubt, settings.on_doubt, frame, style);
  cover_faces(buffer, frame, plan, style, overlays, wishes);
  return GST_FLOW_OK;
}

Counters snapshot(GstDeidCover* self) {
  const auto lock = gst_deid_cover_lock(self);
  Counters counters = self->state->counters;
  if (const auto more = GST_DEID_COVER_GET_CLASS(self)->more_counters; more != nullptr)
    counters.more = more(self);
  return counters;
}

void finish(GstDeidCover* self) {
  auto& state = *self->state;
  if (!state.summary_due)
    return;
  state.summary_due = false;
  const Counters counters = snapshot(self);
  gst_element_post_message(
      GST_ELEMENT(self),
      gst_message_new_element(GST_OBJECT(self), deid::cover::counters_structure(counters, "deid-summary")));
  if (state.audit && !state.audit->failed())
    state.audit->write({{"summary", deid::cover::counters_json(counters)}});
}

/// Cleans the event; the base class passes the rest on and calls event().
gboolean sink_event(GstBaseTransform* trans, GstEvent* event) {
  auto* self = GST_DEID_COVER(trans);
  deid::scrub::EventPtr passed(event);
  const gboolean fine = deid::guarded_bool(GST_ELEMENT(self), [&] {
    Tags tags = Tags::drop;
    {
      const auto lock = gst_deid_cover_lock(self);
      tags = self->state->settings.tags;
    }
    passed = self->state->beside.passed(std::move(passed), tags);
    return true;
  });
  if (!passed)
    return fine;
  return GST_BASE_TRANSFORM_CLASS(parent_class)->sink_event(trans, passed.release());
}

void event(GstDeidVideo* video, GstEvent* event) {
  auto* self = GST_DEID_COVER(video);
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS)
    finish(self);
  else if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP)
    self->state->run = Doubt::none;
}

bool start(GstDeidVideo* video) {
  auto* self = GST_DEID_COVER(video);
  auto& state = *self->state;
  std::string file;
  {
    const auto lock = gst_deid_cover_lock(self);
    state.counters = {};
    file = state.settings.audit;
  }
  state.beside = deid::cover::Beside(GST_DEID_COVER_GET_CLASS(self)->note);
  state.run = Doubt::none;
  state.summary_due = !file.empty(); // an audit without frames ends with a summary, too
  state.written_settings = {};
  state.written_detector.clear();
  state.audit.reset();
  if (!file.empty())
    state.audit.emplace(file);
  return true;
}

bool stop(GstDeidVideo* video) {
  auto* self = GST_DEID_COVER(video);
  if (self->state->audit)
    finish(self);
  self->state->audit.reset();
  return true;
}

GstStructure* get_stats(GstDeidVideo* video) {
  return deid::cover::counters_structure(snapshot(GST_DEID_COVER(video)), "stats");
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  auto* self = GST_DEID_COVER(object);
  const auto lock = gst_deid_cover_lock(self);
  if (!deid::cover::properties().set(self->state->settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  auto* self = GST_DEID_COVER(object);
  const auto lock = gst_deid_cover_lock(self);
  if (!deid::cover::properties().get(self->state->settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  auto* self = GST_DEID_COVER(object);
  delete self->state;
  self->state = nullptr;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_cover_debug, "deidcover", 0, "base of the elements that cover faces");
  parent_class = g_type_class_peek_parent(klass);
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  deid::cover::properties().install(object_class);
  gst_deid_video_add_templates(GST_ELEMENT_CLASS(klass));
  gst_type_mark_as_plugin_api(shape_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(on_doubt_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(tags_type(), static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(GST_TYPE_DEID_COVER, static_cast<GstPluginAPIFlags>(0));

  GST_BASE_TRANSFORM_CLASS(klass)->sink_event = sink_event;
  auto* video_class = static_cast<GstDeidVideoClass*>(klass);
  video_class->process = process;
  video_class->event = event;
  video_class->start = start;
  video_class->stop = stop;
  video_class->get_stats = get_stats;
}

void instance_init(GTypeInstance* instance, gpointer) {
  reinterpret_cast<GstDeidCover*>(instance)->state = new GstDeidCoverState;
}

} // namespace

GType gst_deid_cover_get_type() {
  static const GType type = deid::type_once("GstDeidCover", [] {
    return g_type_register_static_simple(GST_TYPE_DEID_VIDEO, "GstDeidCover", sizeof(GstDeidCoverClass),
                                         class_init, sizeof(GstDeidCover), instance_init,
                                         G_TYPE_FLAG_ABSTRACT);
  });
  return type;
}

std::unique_lock<std::mutex> gst_deid_cover_lock(gpointer cover) {
  return std::unique_lock(static_cast<GstDeidCover*>(cover)->state->mutex);
}
