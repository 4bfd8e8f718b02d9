#include "pipelines/deid/run/watch.hpp"
#include "elements/base/scrub.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/film_reader.hpp"
#include "pipelines/deid/run/graph.hpp"
#include <algorithm>
#include <cmath>
#include <gst/video/video.h>

namespace deid::cli {
namespace {

std::int64_t running_time(GstPad* pad, GstClockTime pts) {
  const Ref<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event || !GST_CLOCK_TIME_IS_VALID(pts))
    return -1;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  return static_cast<std::int64_t>(gst_segment_to_running_time(segment, GST_FORMAT_TIME, pts));
}

/// Keeps metadata that is needed to read a frame. Other metadata may tell about people, places or times.
gboolean keep_layout_only(GstBuffer*, GstMeta** meta, gpointer) {
  const GType api = (*meta)->info->api;
  if (api != GST_VIDEO_META_API_TYPE && api != GST_VIDEO_CROP_META_API_TYPE)
    *meta = nullptr;
  return TRUE;
}

gboolean has_other_meta(GstBuffer*, GstMeta** meta, gpointer found) {
  const GType api = (*meta)->info->api;
  if (api != GST_VIDEO_META_API_TYPE && api != GST_VIDEO_CROP_META_API_TYPE)
    *static_cast<bool*>(found) = true;
  return TRUE;
}

bool caps_size(GstEvent* event, int& width, int& height) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  return gst_structure_get_int(s, "width", &width) && gst_structure_get_int(s, "height", &height);
}

/// Drops tags and chapters. Of a tag that says that faces are synthetic, only this sentence remains.
GstPadProbeReturn filter_names(GstPadProbeInfo* info) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG && GST_EVENT_TYPE(event) != GST_EVENT_TOC)
    return GST_PAD_PROBE_OK;
  if (!scrub::says(event, scrub::synthetic_note))
    return GST_PAD_PROBE_DROP;
  GST_PAD_PROBE_INFO_DATA(info) = scrub::with_note(nullptr, scrub::synthetic_note).release();
  gst_event_unref(event);
  return GST_PAD_PROBE_OK;
}

} // namespace

Watch::Watch(GstElement* pipeline, const Options& options) : pipeline_(pipeline), options_(options) {
  if (options.film)
    table_.emplace(*options.film, !options.stop_on_corrupt);
  shift_muxer();
  add_probe(role::decoded, "src", input);
  const Ref<GstElement> meter(gst_bin_get_by_name(GST_BIN(pipeline_), role::meter));
  const Ref<GstElement> encoder(gst_bin_get_by_name(GST_BIN(pipeline_), role::encoder));
  // keypoints stay on the frames up to the meter
  add_probe(meter ? role::meter : role::cover, "src", strip);
  add_probe(encoder ? role::encoder : role::meter, "src", output);
  add_probe("audio_encoder", "src", drop_tags);
  add_probe("side_encoder", "src", drop_tags);
  handler_ = g_signal_connect(pipeline_, "deep-element-added", G_CALLBACK(on_element), this);
}

Watch::~Watch() {
  g_signal_handler_disconnect(pipeline_, handler_);
  for (const Probe& probe : probes_)
    gst_pad_remove_probe(probe.pad.get(), probe.id);
}

void Watch::add_probe(const char* name, const char* pad_name, GstPadProbeCallback callback) {
  const Ref<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline_), name));
  if (!element)
    return;
  Ref<GstPad> pad(gst_element_get_static_pad(element.get(), pad_name));
  const auto kinds =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  const gulong id = gst_pad_add_probe(pad.get(), kinds, callback, this, nullptr);
  probes_.push_back({std::move(pad), id});
}

std::string Watch::trouble() const {
  const std::scoped_lock guard(lock_);
  return trouble_;
}

void Watch::note_trouble(const std::string& what) {
  const std::scoped_lock guard(lock_);
  if (trouble_.empty())
    trouble_ = what;
}

/// Makes decoders stop at the first error instead of hiding it, and output damaged pictures so that these are
/// counted. Times MPEG program streams by their frames, not by their packs, whose clock jumps in files that
/// were cut.
void Watch::on_element(GstBin*, GstBin*, GstElement* element, gpointer data) noexcept {
  auto& self = *static_cast<Watch*>(data);
  auto* klass = G_OBJECT_GET_CLASS(element);
  if (self.options_.live)
    return;
  if (self.table_)
    widen_decoder(element);
  if (g_object_class_find_property(klass, "output-corrupt"))
    g_object_set(element, "output-corrupt", TRUE, nullptr);
  if (self.options_.stop_on_corrupt && g_object_class_find_property(klass, "max-errors"))
    g_object_set(element, "max-errors", 0, nullptr);
  if (g_object_class_find_property(klass, "ignore-scr"))
    g_object_set(element, "ignore-scr", TRUE, nullptr);
}

/// The graph's time begins with the first frame. The muxer gets the offset, so that a file that starts at 33
/// ms still does.
void Watch::shift_muxer() const {
  if (!table_ || table_->begin() == 0)
    return;
  const Ref<GstElement> encoder(gst_bin_get_by_name(GST_BIN(pipeline_), role::encoder));
  const Ref<GstPad> src(encoder ? gst_element_get_static_pad(encoder.get(), "src") : nullptr);
  const Ref<GstPad> mux(src ? gst_pad_get_peer(src.get()) : nullptr);
  if (mux)
    gst_pad_set_offset(mux.get(), table_->begin());
}

/// Gives a decoded frame its time. Returns false when the frame is not shown.
bool Watch::take(GstPadProbeInfo* info) {
  const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const Timetable::Slot slot =
      table_->next(GST_BUFFER_PTS_IS_VALID(buffer) ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)) : -1);
  if (options_.endless && slot.kind == Timetable::Kind::beyond)
    return false;
  decoded_ = table_->decoded();
  if (slot.kind != Timetable::Kind::shown)
    return false;
  give_time(info, slot, 0);
  return true;
}

void Watch::on_caps(GstEvent* event) {
  int width = 0, height = 0;
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS || !caps_size(event, width, height))
    return;
  if (in_.width != 0 && (in_.width != width || in_.height != height))
    note_trouble("The picture size changes in the middle of the file, which one output cannot hold.");
  in_.width = width;
  in_.height = height;
}

GstPadProbeReturn Watch::input(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& self = *static_cast<Watch*>(data);
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    self.on_caps(GST_PAD_PROBE_INFO_EVENT(info));
    if (self.table_)
      widen_segment(info);
    return GST_PAD_PROBE_OK;
  }
  if (self.options_.stop_on_corrupt &&
      GST_BUFFER_FLAG_IS_SET(GST_PAD_PROBE_INFO_BUFFER(info), GST_BUFFER_FLAG_CORRUPTED))
    self.note_trouble("The input is damaged (frame " + std::to_string(self.decoded() + 1) +
                      "). --keep-going processes the frames that can be decoded.");
  if (self.table_ && !self.take(info))
    return GST_PAD_PROBE_DROP;
  if (!self.options_.live)
    self.in_.all.push_back(running_time(pad, GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info))));
  ++self.frames_in_;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Watch::strip(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM)
    return filter_names(info);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  bool more = false;
  gst_buffer_foreach_meta(buffer, has_other_meta, &more);
  if (more) {
    buffer = gst_buffer_make_writable(buffer);
    gst_buffer_foreach_meta(buffer, keep_layout_only, nullptr);
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
  }
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Watch::output(GstPad* pad, GstPadProbeInfo* info, gpointer data) noexcept {
  auto& self = *static_cast<Watch*>(data);
  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS)
      caps_size(event, self.out_.width, self.out_.height);
    return filter_names(info);
  }
  const std::int64_t at = running_time(pad, GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
  if (!self.options_.live)
    self.out_.all.push_back(at);
  self.position_ = at;
  ++self.frames_out_;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Watch::drop_tags(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  return info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM ? filter_names(info) : GST_PAD_PROBE_OK;
}

std::uint64_t Watch::missing() const {
  const std::uint64_t all = options_.film ? options_.film->frames.size() : 0;
  return all > decoded() ? all - decoded() : 0;
}

std::vector<std::int64_t> Watch::times_out() const {
  std::vector<std::int64_t> times = out_.all;
  std::ranges::sort(times);
  return times;
}

/// Compares the number of decoded pictures with the file's own index.
void Watch::verify_decoded() const {
  if (!options_.film || !options_.stop_on_corrupt || decoded() == options_.film->frames.size())
    return;
  const std::string all = std::to_string(options_.film->frames.size());
  if (missing() > 0)
    throw Miscounted("The input is damaged: " + std::to_string(missing()) + " of its " + all +
                         " frames cannot be decoded. --keep-going processes the other frames.",
                     decoded());
  throw Miscounted("The input has " + std::to_string(decoded()) + " decoded frames, but its index lists " +
                       all + "; write it again first (ffmpeg -i INPUT -c:v ffv1 NEW.mkv).",
                   decoded());
}

void Watch::verify(const Source& source, std::uint64_t dropped, bool constant_rate) const {
  if (frames_in() == 0)
    throw Failure("The input has no frame.");
  verify_decoded();
  if (frames_out() + dropped != frames_in())
    throw Failure(std::to_string(frames_in()) + " frames came in but " + std::to_string(frames_out()) +
                  " went out; the result is not kept.");
  if (out_.width != source.shown_width() || out_.height != source.shown_height())
    throw Failure("The result is " + std::to_string(out_.width) + "x" + std::to_string(out_.height) +
                  " instead of " + std::to_string(source.shown_width()) + "x" +
                  std::to_string(source.shown_height()) + "; it is not kept.");
  auto in = in_.all;
  std::ranges::sort(in);
  const auto out = times_out();
  if (in.front() < 0)
    throw Failure("The input has frames without a time; remux it first.");
  if (!std::ranges::includes(in, out))
    throw Failure("The result's timestamps differ from the input's; it is not kept.");
  if (constant_rate && source.fps_n > 0) {
    const double step = 1e9 * source.fps_d / source.fps_n;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (std::abs(static_cast<double>(out[i] - out[0]) - step * static_cast<double>(i)) > step / 2)
        throw Failure("AVI has no timestamps and this video's frame rate varies; use .mkv or .mp4.");
  }
}

} // namespace deid::cli
