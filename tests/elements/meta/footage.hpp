#pragma once
#include "elements/base/mapped_frame.hpp"
#include <cstdlib>
#include <filesystem>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <memory>
#include <string>
#include <vector>

namespace deid::test {

struct Unref {
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstElement* element) const {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
};
using Sample = std::unique_ptr<GstSample, Unref>;
using Pipeline = std::unique_ptr<GstElement, Unref>;

inline std::filesystem::path shared_data() {
  const char* set = std::getenv("DEID_SHARED");
  return std::filesystem::path(set != nullptr ? set : DEID_SOURCE_DIR "/../shared") / "data";
}

inline Sample pull(GstElement* pipeline) {
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  Sample sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 20 * GST_SECOND));
  gst_object_unref(sink);
  return sample;
}

/// Up to `count` frames of a file, as I420, every `step`-th.
inline std::vector<Sample> decode(const std::filesystem::path& file, int count, int step) {
  Pipeline pipeline(gst_parse_launch(("filesrc location=\"" + file.string() +
                                      "\" ! decodebin ! videoconvert ! video/x-raw,format=I420 ! "
                                      "appsink name=out sync=false max-buffers=4")
                                         .c_str(),
                                     nullptr));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  std::vector<Sample> frames;
  for (int i = 0; static_cast<int>(frames.size()) < count; ++i) {
    Sample sample = pull(pipeline.get());
    if (!sample)
      break;
    if (i % step == 0)
      frames.push_back(std::move(sample));
  }
  return frames;
}

/// Returns the output of `elements` for these frames.
inline std::vector<Sample> through(const std::vector<Sample>& frames, const std::string& elements) {
  Pipeline pipeline(gst_parse_launch(
      ("appsrc name=in format=time ! " + elements + " ! appsink name=out sync=false").c_str(), nullptr));
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline.get()), "in");
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  gst_app_src_set_caps(GST_APP_SRC(source), gst_sample_get_caps(frames.front().get()));
  GstClockTime time = 0;
  for (const Sample& frame : frames) {
    GstBuffer* buffer = gst_buffer_copy(gst_sample_get_buffer(frame.get()));
    GST_BUFFER_PTS(buffer) = time;
    GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION(buffer) = 40 * GST_MSECOND;
    time += 40 * GST_MSECOND;
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source));
  gst_object_unref(source);
  std::vector<Sample> out;
  while (Sample sample = pull(pipeline.get()))
    out.push_back(std::move(sample));
  return out;
}

} // namespace deid::test
