// A program outside the project: counts the faces that facedetect attached, by the installed headers and
// library.
#include <cstdio>
#include <elements/meta/face_meta.hpp>
#include <elements/meta/pose_meta.hpp>
#include <gst/gst.h>

static GstPadProbeReturn count(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* counts = static_cast<int*>(data);
  const deid::FaceFrame* frame = deid::find_faces(GST_PAD_PROBE_INFO_BUFFER(info));
  counts[0] += frame != nullptr ? 1 : 0;
  counts[1] += frame != nullptr ? static_cast<int>(frame->faces.size()) : 0;
  return GST_PAD_PROBE_OK;
}

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  int counts[2]{};
  GstElement* pipeline = gst_parse_launch(argv[1], nullptr);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  GstPad* pad = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count, counts, nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  const bool done = GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS;
  gst_message_unref(end);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pad);
  gst_object_unref(sink);
  gst_object_unref(pipeline);
  std::printf("frames %d faces %d\n", counts[0], counts[1]);
  return done ? 0 : 1;
}
