// embed IN OUT.mkv: replaces faces from within a program of your own, with GStreamer's library only.
//   g++ embed.cpp -o embed $(pkg-config --cflags --libs gstreamer-1.0)
//   . build/env          (or . PREFIX/share/gst-deid/env): makes the elements available
#include <cstdio>
#include <gst/gst.h>
#include <memory>
#include <string>

namespace {

template <auto Free> struct Deleter {
  void operator()(auto* object) const { Free(object); }
};
using Element = std::unique_ptr<GstElement, Deleter<gst_object_unref>>;
using Bus = std::unique_ptr<GstBus, Deleter<gst_object_unref>>;
using Message = std::unique_ptr<GstMessage, Deleter<gst_message_unref>>;

/// The safe names (deid...) cannot be mistaken for elements of other plugins. videoflip rotates upright what
/// a phone recorded sideways.
constexpr const char* graph =
    "filesrc name=in ! decodebin expose-all-streams=false caps=video/x-raw(ANY) ! video/x-raw ! queue "
    "! videoconvert ! videoflip video-direction=auto ! deidfacedetect ! deidfaceswap name=swap "
    "! queue ! x264enc speed-preset=veryfast ! matroskamux ! filesink name=out";

void set_location(GstElement* pipeline, const char* name, const char* file) {
  const Element element(gst_bin_get_by_name(GST_BIN(pipeline), name));
  g_object_set(element.get(), "location", file, nullptr);
}

/// Prints how many faces were replaced, blurred and so on.
void print_stats(GstElement* pipeline) {
  const Element swap(gst_bin_get_by_name(GST_BIN(pipeline), "swap"));
  GstStructure* stats = nullptr;
  g_object_get(swap.get(), "stats", &stats, nullptr);
  gchar* text = gst_structure_to_string(stats);
  std::puts(text);
  g_free(text);
  gst_structure_free(stats);
}

/// Returns false when the pipeline ended with an error; the output must not be used then.
bool play(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const Bus bus(gst_element_get_bus(pipeline));
  const Message message(gst_bus_timed_pop_filtered(
      bus.get(), GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS)
    return true;
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  std::fprintf(stderr, "%s\n", error->message);
  g_error_free(error);
  return false;
}

} // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 3) {
    std::fprintf(stderr, "usage: embed IN OUT.mkv\n");
    return 2;
  }
  GError* error = nullptr;
  const Element pipeline(gst_parse_launch(graph, &error));
  if (error != nullptr) {
    std::fprintf(stderr, "%s\n", error->message);
    g_error_free(error);
    return 1;
  }
  set_location(pipeline.get(), "in", argv[1]);
  set_location(pipeline.get(), "out", argv[2]);
  const bool done = play(pipeline.get());
  if (done)
    print_stats(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return done ? 0 : 1;
}
