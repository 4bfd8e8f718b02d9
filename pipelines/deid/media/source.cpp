#include "pipelines/deid/media/source.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/gif.hpp"
#include "pipelines/deid/media/pixel_format.hpp"
#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>
#include <mutex>

namespace deid::cli {
namespace {

/// Filled by decodebin's threads.
struct Found {
  std::mutex lock{};
  Source source{};
  GstElement* pipeline = nullptr;
  Ref<GstPad> sink{}; ///< receives the first frame, and the tags before it
};

bool swaps_axes(const char* orientation) {
  const std::string o = orientation ? orientation : "";
  return o == "rotate-90" || o == "rotate-270" || o == "flip-rotate-90" || o == "flip-rotate-270";
}

void read_orientation(GstPad* pad, Source& source) {
  for (guint i = 0;; ++i) {
    const Ref<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, i));
    if (!event)
      return;
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    char* text = nullptr;
    if (gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &text))
      source.turned = swaps_axes(take_string(text).c_str());
  }
}

/// Whether this is a usable pixel aspect ratio: positive, small enough for H.264, and at most 16 to 1.
bool is_ratio(int n, int d) {
  constexpr int most_term = 65535, most_ratio = 16;
  return n > 0 && d > 0 && n <= most_term && d <= most_term && n / most_ratio <= d && d / most_ratio <= n;
}

std::string text_of(const GstCaps* caps, const char* field) {
  const char* text = gst_structure_get_string(gst_caps_get_structure(caps, 0), field);
  return text ? text : "";
}

void read_pixel_shape(const GstCaps* caps, Source& source) {
  int n = 1, d = 1;
  gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "pixel-aspect-ratio", &n, &d);
  source.par_mended = !is_ratio(n, d);
  if (source.par_mended && n > 0 && d > 0)
    source.par_text = std::to_string(n) + ":" + std::to_string(d);
  source.par_n = source.par_mended ? 1 : n;
  source.par_d = source.par_mended ? 1 : d;
}

void read_caps(const GstCaps* caps, Source& source) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps))
    return;
  source.format = gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info));
  source.width = GST_VIDEO_INFO_WIDTH(&info);
  source.height = GST_VIDEO_INFO_HEIGHT(&info);
  source.fps_n = GST_VIDEO_INFO_FPS_N(&info);
  source.fps_d = GST_VIDEO_INFO_FPS_D(&info);
  read_pixel_shape(caps, source);
  source.colour = colour_of(caps);
  source.decoder = source.colour;
  source.chroma_site = text_of(caps, "chroma-site");
  source.interlaced = GST_VIDEO_INFO_IS_INTERLACED(&info);
}

void on_pad(GstElement*, GstPad* pad, gpointer data) noexcept {
  auto& found = *static_cast<Found*>(data);
  const Ref<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (!caps || gst_caps_is_empty(caps.get()))
    return;
  const std::string kind = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  const std::scoped_lock guard(found.lock);
  if (kind == "audio/x-raw")
    ++found.source.audio_streams;
  if (kind != "video/x-raw" || ++found.source.video_streams > 1)
    return;
  read_caps(caps.get(), found.source);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add(GST_BIN(found.pipeline), sink);
  found.sink.reset(gst_element_get_static_pad(sink, "sink"));
  gst_pad_link(pad, found.sink.get());
  gst_element_sync_state_with_parent(sink);
}

[[noreturn]] void refuse_source(const std::filesystem::path& file, const std::string& why) {
  throw Failure(file.string() + ": " + why);
}

bool is_video_decoder(GstObject* object) {
  GstElementFactory* factory =
      GST_IS_ELEMENT(object) ? gst_element_get_factory(GST_ELEMENT(object)) : nullptr;
  constexpr auto kinds = GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO;
  return factory && gst_element_factory_list_is_type(factory, kinds);
}

/// The sentence for an error before the first frame.
std::string sentence_of(GstMessage* message, const std::string& missing) {
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  const Ref<GError> owned(error);
  if (!missing.empty())
    return "no decoder for it is installed: " + missing + ". `deid doctor` names the packages.";
  if (is_video_decoder(GST_MESSAGE_SRC(message)))
    return "its decoder " +
           std::string(GST_OBJECT_NAME(gst_element_get_factory(GST_ELEMENT(GST_MESSAGE_SRC(message))))) +
           " gives no picture (" + error->message +
           "). It is damaged, or of a kind that GStreamer does not know.";
  return std::string("cannot be read as a video: ") + error->message;
}

/// Waits for the first frame. Returns the sentence that says why there is none, or an empty text.
std::string wait_for_frame(GstElement* pipeline) {
  const Ref<GstBus> bus(gst_element_get_bus(pipeline));
  std::string missing;
  const auto kinds = static_cast<GstMessageType>(GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ERROR |
                                                 GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS);
  while (const auto message =
             Ref<GstMessage>(gst_bus_timed_pop_filtered(bus.get(), 60 * GST_SECOND, kinds))) {
    switch (GST_MESSAGE_TYPE(message.get())) {
    case GST_MESSAGE_ELEMENT:
      if (gst_is_missing_plugin_message(message.get()))
        missing = take_string(gst_missing_plugin_message_get_description(message.get()));
      break;
    case GST_MESSAGE_ERROR:
      return sentence_of(message.get(), missing);
    default:
      return "";
    }
  }
  return "gave no frame within a minute.";
}

} // namespace

Source inspect(const std::filesystem::path& file) {
  std::error_code ec;
  if (!std::filesystem::exists(file, ec))
    refuse_source(file, "there is no such file.");
  if (!std::filesystem::is_regular_file(file, ec))
    refuse_source(file, "is not a file.");
  if (is_gif(file) && gif_times(file).size() < 2)
    refuse_source(file, "the GIF is cut short or damaged.");
  const PixelFacts pixels = pixel_facts(file);
  if (!pixels.lacking.empty())
    refuse_source(file, "GStreamer does not support its pixel format (" + pixels.lacking +
                            "). Convert it first: `ffmpeg -i IN -c:v ffv1 -pix_fmt yuv420p OUT.mkv`.");
  Found found;
  found.source.file = file;
  const Ref<GstElement> pipeline(static_cast<GstElement*>(gst_object_ref_sink(gst_pipeline_new("inspect"))));
  found.pipeline = pipeline.get();
  GstElement* src = gst_element_factory_make("filesrc", nullptr);
  GstElement* decode = gst_element_factory_make("decodebin", nullptr);
  if (!src || !decode)
    throw Failure("GStreamer's base elements are missing. `deid doctor` names the packages.");
  g_object_set(src, "location", file.c_str(), nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), src, decode, nullptr);
  gst_element_link(src, decode);
  g_signal_connect(decode, "pad-added", G_CALLBACK(on_pad), &found);
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  const std::string trouble = wait_for_frame(pipeline.get());
  gint64 duration = 0;
  if (gst_element_query_duration(pipeline.get(), GST_FORMAT_TIME, &duration) && duration > 0)
    found.source.duration = duration;
  if (const std::scoped_lock guard(found.lock); found.sink)
    read_orientation(found.sink.get(), found.source);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (!trouble.empty())
    refuse_source(file, trouble);
  if (found.source.format == "RGB8P")
    refuse_source(
        file, "it has palette pixels, whose colours GStreamer loses. Convert it first: `ffmpeg -i IN -c:v "
              "ffv1 -pix_fmt bgr0 OUT.mkv`.");
  if (found.source.video_streams == 0 || found.source.width == 0)
    refuse_source(file, "has no video stream.");
  if (pixels.known)
    found.source.colour = pixels.colour;
  found.source.matrix = pixels.matrix;
  return found.source;
}

void follow(const Film& film, Source& source) {
  source.timescale = film.timescale;
  source.direction = film.direction;
  if (!film.direction.empty())
    source.turned = film.direction == "90r" || film.direction == "90l" || film.direction == "ul-lr" ||
                    film.direction == "ur-ll";
}

} // namespace deid::cli
