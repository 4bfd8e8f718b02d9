// Feeds raw frames at their rate into a piece of pipeline, like a camera, and measures the delay of each
// frame.
//
// Usage: live_latency GRAPH FORMAT WIDTH HEIGHT FPS COUNT < frames
// Input: frames of that format and size as GStreamer packs them. They are played forth and back until COUNT
// frames were pushed. Output: one JSON object. "latency_ms": one number per frame that came out, the time
// from the source to the sink. "pushed". "stats": the text of each element's `stats` property, if it has one.
// Exit status 1 with one sentence on standard error when the pipeline fails.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>

namespace {

using Clock = std::chrono::steady_clock;

template <typename T> struct Unref {
  void operator()(T* object) const { gst_object_unref(object); }
};
using Element = std::unique_ptr<GstElement, Unref<GstElement>>;

/// Times by presentation timestamp; written from streaming threads.
struct Times {
  std::mutex lock;
  std::map<GstClockTime, Clock::time_point> in;
  std::map<GstClockTime, Clock::time_point> out;
};

GstPadProbeReturn note(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* times = static_cast<Times*>(data);
  const GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  const std::lock_guard guard(times->lock);
  (GST_PAD_IS_SRC(pad) ? times->in : times->out).emplace(pts, Clock::now());
  return GST_PAD_PROBE_OK;
}

void watch(GstElement* element, const char* pad_name, Times* times) {
  GstPad* pad = gst_element_get_static_pad(element, pad_name);
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, note, times, nullptr);
  gst_object_unref(pad);
}

std::vector<std::vector<char>> read_frames(std::size_t size) {
  std::vector<std::vector<char>> frames;
  for (std::vector<char> frame(size); std::fread(frame.data(), 1, size, stdin) == size;)
    frames.push_back(frame);
  if (frames.empty())
    throw std::runtime_error("no whole frame on standard input");
  return frames;
}

/// Throws when the pipeline has posted an error.
void check(GstElement* pipeline, GstClockTime wait, GstMessageType also) {
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message =
      gst_bus_timed_pop_filtered(bus, wait, static_cast<GstMessageType>(GST_MESSAGE_ERROR | also));
  gst_object_unref(bus);
  if (message == nullptr) {
    if (also != GST_MESSAGE_UNKNOWN)
      throw std::runtime_error("the pipeline did not end in time");
    return;
  }
  std::string text;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    text = error->message;
    g_error_free(error);
  }
  gst_message_unref(message);
  if (!text.empty())
    throw std::runtime_error(text);
}

void play(GstElement* pipeline, GstAppSrc* source, const std::vector<std::vector<char>>& frames, double fps,
          int count) {
  const auto start = Clock::now();
  const auto last = static_cast<int>(frames.size()) - 1;
  for (int n = 0; n < count; ++n) {
    std::this_thread::sleep_until(
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(n / fps)));
    const int at =
        last == 0 ? 0 : std::abs((n + last) % (2 * last) - last); // forth and back: no cut at the seam
    const auto& frame = frames[static_cast<std::size_t>(at)];
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, frame.size(), nullptr);
    gst_buffer_fill(buffer, 0, frame.data(), frame.size());
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(n / fps * GST_SECOND);
    GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(GST_SECOND / fps);
    if (gst_app_src_push_buffer(source, buffer) != GST_FLOW_OK)
      break; // the error is on the bus
    check(pipeline, 0, GST_MESSAGE_UNKNOWN);
  }
  gst_app_src_end_of_stream(source);
  check(pipeline, 120 * GST_SECOND, GST_MESSAGE_EOS);
}

std::string quoted(const gchar* text) {
  std::string out = "\"";
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\')
      out += '\\';
    out += *text;
  }
  return out + "\"";
}

/// The `stats` structures of all elements as JSON members.
std::string stats_of(GstElement* pipeline) {
  std::string out;
  GstIterator* all = gst_bin_iterate_elements(GST_BIN(pipeline));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(all, &item) == GST_ITERATOR_OK) {
    auto* element = GST_ELEMENT(g_value_get_object(&item));
    GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "stats");
    if (spec != nullptr && spec->value_type == GST_TYPE_STRUCTURE) {
      GstStructure* stats = nullptr;
      g_object_get(element, "stats", &stats, nullptr);
      if (stats != nullptr) {
        gchar* text = gst_structure_to_string(stats);
        out += (out.empty() ? "" : ", ") + quoted(GST_OBJECT_NAME(element)) + ": " + quoted(text);
        g_free(text);
        gst_structure_free(stats);
      }
    }
    g_value_unset(&item);
  }
  gst_iterator_free(all);
  return out;
}

void report(Times& times, GstElement* pipeline) {
  const std::lock_guard guard(times.lock);
  std::cout << "{\"pushed\": " << times.in.size() << ", \"latency_ms\": [";
  const char* comma = "";
  for (const auto& [pts, out] : times.out)
    if (const auto in = times.in.find(pts); in != times.in.end()) {
      std::cout << comma << std::chrono::duration<double, std::milli>(out - in->second).count();
      comma = ", ";
    }
  std::cout << "], \"stats\": {" << stats_of(pipeline) << "}}\n";
}

void run(char** argv) {
  GstVideoInfo info;
  const GstVideoFormat format = gst_video_format_from_string(argv[2]);
  if (format == GST_VIDEO_FORMAT_UNKNOWN ||
      !gst_video_info_set_format(&info, format, std::atoi(argv[3]), std::atoi(argv[4])))
    throw std::runtime_error("no such format and size");
  const double fps = std::atof(argv[5]);
  gst_util_double_to_fraction(fps, &info.fps_n, &info.fps_d);
  const auto frames = read_frames(GST_VIDEO_INFO_SIZE(&info));

  GError* error = nullptr;
  const std::string text = std::string("appsrc name=bench_source is-live=true format=time ! ") + argv[1] +
                           " ! fakesink name=bench_sink sync=false";
  Element pipeline(gst_parse_launch(text.c_str(), &error));
  if (error != nullptr)
    throw std::runtime_error(error->message);
  Element source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "bench_source"));
  Element sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "bench_sink"));
  GstCaps* caps = gst_video_info_to_caps(&info);
  gst_app_src_set_caps(GST_APP_SRC(source.get()), caps);
  gst_caps_unref(caps);

  Times times;
  watch(source.get(), "src", &times);
  watch(sink.get(), "sink", &times);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  try {
    play(pipeline.get(), GST_APP_SRC(source.get()), frames, fps, std::atoi(argv[6]));
    report(times, pipeline.get());
  } catch (const std::exception&) {
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    throw;
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: live_latency GRAPH FORMAT WIDTH HEIGHT FPS COUNT < frames\n";
    return 2;
  }
  gst_init(nullptr, nullptr);
  try {
    run(argv);
  } catch (const std::exception& problem) {
    std::cerr << "live_latency: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
