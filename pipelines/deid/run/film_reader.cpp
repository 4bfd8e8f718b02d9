#include "pipelines/deid/run/film_reader.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/run/edit_lists.hpp"
#include <atomic>
#include <utility>

namespace deid::cli {
namespace {

GstPadProbeReturn widen(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  widen_segment(info);
  return GST_PAD_PROBE_OK;
}

bool is_decoder(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  return factory && gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_DECODER);
}

/// Ends the stream after the pad's current picture: the event waits until the pad is free.
void end_stream(GstPad* pad) {
  const Ref<GstElement> element(gst_pad_get_parent_element(pad));
  gst_element_call_async(
      element.get(), [](GstElement*, gpointer to) { gst_pad_send_event(GST_PAD(to), gst_event_new_eos()); },
      gst_object_ref(pad), gst_object_unref);
}

} // namespace

void widen_segment(GstPadProbeInfo* info) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT)
    return;
  const GstSegment* given = nullptr;
  gst_event_parse_segment(event, &given);
  if (given->format != GST_FORMAT_TIME)
    return;
  GstSegment all;
  gst_segment_init(&all, GST_FORMAT_TIME);
  GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_segment(&all);
  gst_event_unref(event);
}

void widen_decoder(GstElement* element) {
  const Ref<GstPad> sink(is_decoder(element) ? gst_element_get_static_pad(element, "sink") : nullptr);
  if (sink) // the probe is removed with the pad
    gst_pad_add_probe(sink.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, widen, nullptr, nullptr);
}

void give_time(GstPadProbeInfo* info, const Timetable::Slot& slot, std::int64_t begin) {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(begin + slot.time);
  GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(slot.duration);
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
}

struct FilmReader::Impl {
  std::filesystem::path file;
  Film film;
  bool damaged = !film.damage.empty();
  bool endless = is_gif(file);    ///< the demuxer does not report its end
  Timetable table{film, damaged}; ///< used in the decoder's thread
  bool ended = false;             ///< of an endless file; used in the decoder's thread
  std::atomic<std::uint64_t> decoded{0};
  Ref<GstElement> pipeline{};
  Ref<GstPad> pad{};
  gulong probe = 0, handler = 0;

  explicit Impl(const std::filesystem::path& path) : file(path), film(read_film(path, Look::decoded)) {}

  GstPadProbeReturn take(GstPadProbeInfo* info) {
    const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    const Timetable::Slot slot =
        table.next(GST_BUFFER_PTS_IS_VALID(buffer) ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)) : -1);
    decoded = table.decoded();
    if (endless && decoded >= film.frames.size() && !std::exchange(ended, true))
      end_stream(pad.get());
    if (slot.kind != Timetable::Kind::shown)
      return GST_PAD_PROBE_DROP;
    give_time(info, slot, table.begin());
    return GST_PAD_PROBE_OK;
  }

  static GstPadProbeReturn pass(GstPad*, GstPadProbeInfo* info, gpointer self) noexcept {
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
      return static_cast<Impl*>(self)->take(info);
    widen_segment(info);
    return GST_PAD_PROBE_OK;
  }

  static void on_element(GstBin*, GstBin*, GstElement* element, gpointer) noexcept { widen_decoder(element); }
};

FilmReader::FilmReader(const std::filesystem::path& file) : impl_(std::make_unique<Impl>(file)) {}

FilmReader::~FilmReader() {
  if (impl_->pad)
    gst_pad_remove_probe(impl_->pad.get(), impl_->probe);
  if (impl_->pipeline)
    g_signal_handler_disconnect(impl_->pipeline.get(), impl_->handler);
}

void FilmReader::attach(GstElement* pipeline, const std::string& filesrc, const std::string& queue) {
  Impl& self = *impl_;
  const Ref<GstElement> source(gst_bin_get_by_name(GST_BIN(pipeline), filesrc.c_str())),
      decoded(gst_bin_get_by_name(GST_BIN(pipeline), queue.c_str()));
  if (!source || !decoded)
    throw Failure("The graph has no " + filesrc + " or no " + queue + ".");
  hide_edit_lists(source.get(), self.file);
  const auto kinds =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  self.pad.reset(gst_element_get_static_pad(decoded.get(), "sink"));
  self.probe = gst_pad_add_probe(self.pad.get(), kinds, Impl::pass, &self, nullptr);
  self.pipeline.reset(static_cast<GstElement*>(gst_object_ref(pipeline)));
  self.handler = g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(Impl::on_element), nullptr);
}

const Film& FilmReader::film() const {
  return impl_->film;
}

std::string FilmReader::note() const {
  return impl_->damaged ? impl_->file.string() + ": " + impl_->film.damage : "";
}

void FilmReader::verify() const {
  const std::uint64_t all = impl_->film.frames.size(), decoded = impl_->decoded;
  if (!impl_->damaged && decoded != all)
    throw Failure(impl_->file.string() + ": " + std::to_string(decoded) + " of its " + std::to_string(all) +
                  " frames were decoded; write it again first (ffmpeg -i INPUT -c:v ffv1 NEW.mkv).");
}

} // namespace deid::cli
