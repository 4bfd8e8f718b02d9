#pragma once
#include "elements/measures/keypoint_files/write.hpp"
#include "elements/meta/pose_meta.hpp"
#include "elements/oksmeter/gstoksmeter.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/elements/oksmeter/somebody.hpp"
#include "tests/support/scratch.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace deid::test {

constexpr std::int64_t step = 40'000'000; ///< [ns]

struct Shown {
  bool original = true, deidentified = true;
  float off = 0; ///< px that the de-identified person is moved
  int width = 64, height = 48;
  std::string format = "I420";
};

inline GstClockTime time_at(int number) {
  return static_cast<GstClockTime>(number) * static_cast<GstClockTime>(step);
}

/// A frame with one person in each requested stage.
inline GstBuffer* frame_with(int number, const Shown& shown = {}) {
  GstBuffer* buffer = new_frame(video_info(shown.format, shown.width, shown.height));
  GST_BUFFER_PTS(buffer) = time_at(number);
  GST_BUFFER_DURATION(buffer) = step;
  const auto attach = [&](Stage stage, float off) {
    PoseFrame pose = frame_of(stage, {somebody(1, 100 + off, 50, number * .04)});
    pose.width = shown.width;
    pose.height = shown.height;
    attach_pose(buffer, std::move(pose));
  };
  if (shown.original)
    attach(Stage::original, 0);
  if (shown.deidentified)
    attach(Stage::deidentified, shown.off);
  return buffer;
}

/// The messages of the element.
struct Said {
  std::vector<GstStructure*> messages{};
  std::string error{}, sentence{}, cause{};
  Said() = default;
  Said(Said&&) = default;
  ~Said() {
    for (GstStructure* one : messages)
      gst_structure_free(one);
  }
  [[nodiscard]] static bool final(const GstStructure* one) {
    gboolean last = FALSE;
    gst_structure_get_boolean(one, "final", &last);
    return last != FALSE;
  }
};

inline std::uint64_t count(const GstStructure* structure, const char* name) {
  guint64 number = 999'999;
  gst_structure_get_uint64(structure, name, &number);
  return number;
}

inline double real(const GstStructure* structure, const char* name) {
  gdouble number = -999;
  gst_structure_get_double(structure, name, &number);
  return number;
}

/// All messages on the bus.
inline Said heard(GstBus* bus) {
  Said said;
  while (GstMessage* message = gst_bus_pop_filtered(
             bus, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT))) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT) {
      if (gst_message_has_name(message, "oksmeter"))
        said.messages.push_back(gst_structure_copy(gst_message_get_structure(message)));
    } else if (said.error.empty()) {
      GError* error = nullptr;
      gchar* debug = nullptr;
      gst_message_parse_error(message, &error, &debug);
      said.error = error_text(error->domain, error->code);
      said.sentence = error->message;
      said.cause = debug == nullptr ? "" : debug;
      g_error_free(error);
      g_free(debug);
    }
    gst_message_unref(message);
  }
  return said;
}

/// oksmeter in a harness.
struct MeterBench : Bench {
  using Properties = std::vector<std::pair<const char*, std::filesystem::path>>;
  explicit MeterBench(const Properties& properties = {})
      : Bench(gst_deid_oks_meter_get_type(), [&](GstElement* meter) {
          for (const auto& [name, value] : properties)
            gst_util_set_object_arg(G_OBJECT(meter), name, value.c_str());
        }) {}
  /// Pushes frame `number` and returns the result, or null.
  GstBuffer* pass(int number, const Shown& shown = {}) {
    return push(frame_with(number, shown)) == GST_FLOW_OK ? pull() : nullptr;
  }
  bool passes(int number, const Shown& shown = {}) {
    GstBuffer* out = pass(number, shown);
    if (out != nullptr)
      gst_buffer_unref(out);
    return out != nullptr;
  }
  void end() { gst_harness_push_event(harness.get(), gst_event_new_eos()); }
  Said heard() { return test::heard(bus); }
  GstStructure* stats() {
    GstStructure* got = nullptr;
    g_object_get(element, "stats", &got, nullptr);
    return got;
  }
};

/// The pad `reference` with a source that pushes into it.
struct Reference {
  explicit Reference(GstElement* meter) : element(meter) {
    sink = gst_element_request_pad_simple(meter, "reference");
    if (sink == nullptr)
      return;
    src = gst_pad_new("src", GST_PAD_SRC);
    gst_pad_set_active(src, TRUE);
    gst_pad_link(src, sink);
    begin();
  }
  void begin() {
    gst_pad_push_event(src, gst_event_new_stream_start("reference"));
    GstCaps* caps = gst_caps_from_string("video/x-raw,format=I420,width=64,height=48,framerate=25/1");
    gst_pad_push_event(src, gst_event_new_caps(caps));
    gst_caps_unref(caps);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(src, gst_event_new_segment(&segment));
  }
  ~Reference() {
    release();
    if (src != nullptr) {
      gst_pad_set_active(src, FALSE);
      gst_object_unref(src);
    }
  }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  GstFlowReturn push(int number, const Shown& shown = {.deidentified = false}) {
    return gst_pad_push(src, frame_with(number, shown));
  }
  void end() { gst_pad_push_event(src, gst_event_new_eos()); }
  void release() {
    if (sink == nullptr)
      return;
    gst_pad_unlink(src, sink);
    gst_element_release_request_pad(element, sink);
    gst_object_unref(std::exchange(sink, nullptr));
  }
  GstElement* element;
  GstPad *sink = nullptr, *src = nullptr;
};

inline nlohmann::json json_of(const std::filesystem::path& file) {
  return nlohmann::json::parse(read(file));
}

} // namespace deid::test
