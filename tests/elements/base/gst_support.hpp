#pragma once
#include <functional>
#include <gst/check/gstharness.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <memory>
#include <string>
#include <vector>

namespace deid::test {

struct HarnessEnd {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};
using Harness = std::unique_ptr<GstHarness, HarnessEnd>;

/// An element of this type in a harness, whose bus keeps its messages.
struct Bench {
  /// configure: sets properties before the element starts.
  explicit Bench(GType type, const std::function<void(GstElement*)>& configure = {}) {
    element = GST_ELEMENT(g_object_new(type, nullptr));
    if (configure)
      configure(element);
    bus = gst_bus_new();
    gst_element_set_bus(element, bus);
    harness.reset(gst_harness_new_with_element(element, "sink", "src"));
    gst_harness_set_live(harness.get(), FALSE); // a harness is a camera by default
    gst_object_unref(element);                  // the harness holds it
  }
  /// property: a text set before the start, for elements that need it to start.
  Bench(GType type, const char* property, const std::string& value)
      : Bench(type, [&](GstElement* made) { g_object_set(made, property, value.c_str(), nullptr); }) {}
  ~Bench() {
    gst_element_set_bus(element, nullptr);
    harness.reset();
    gst_object_unref(bus);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void caps(const std::string& format, int width, int height) {
    gst_harness_set_src_caps(
        harness.get(),
        gst_caps_from_string(("video/x-raw,format=" + format + ",width=" + std::to_string(width) +
                              ",height=" + std::to_string(height) + ",framerate=25/1")
                                 .c_str()));
  }
  GstFlowReturn push(GstBuffer* buffer) { return gst_harness_push(harness.get(), buffer); }
  GstBuffer* pull() { return gst_harness_try_pull(harness.get()); }

  /// Returns the next message of this type, or null; the caller unrefs it.
  GstMessage* message(GstMessageType type) { return gst_bus_pop_filtered(bus, type); }
  /// Returns "domain code" of the next error, "" when there is none.
  std::string error() {
    GstMessage* found = message(GST_MESSAGE_ERROR);
    if (found == nullptr)
      return "";
    GError* parsed = nullptr;
    gst_message_parse_error(found, &parsed, nullptr);
    const std::string text =
        std::string(g_quark_to_string(parsed->domain)) + " " + std::to_string(parsed->code);
    g_error_free(parsed);
    gst_message_unref(found);
    return text;
  }

  GstElement* element;
  GstBus* bus;
  Harness harness;
};

inline std::string error_text(GQuark domain, int code) {
  return std::string(g_quark_to_string(domain)) + " " + std::to_string(code);
}

inline GstVideoInfo video_info(const std::string& format, int width, int height) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, gst_video_format_from_string(format.c_str()), static_cast<guint>(width),
                            static_cast<guint>(height));
  return info;
}

/// Returns a frame with a recognisable byte pattern. padding > 0: so many more bytes a row, stated in a
/// GstVideoMeta.
inline GstBuffer* new_frame(const GstVideoInfo& info, int padding = 0) {
  std::size_t size = GST_VIDEO_INFO_SIZE(&info);
  std::array<gsize, GST_VIDEO_MAX_PLANES> offset{};
  std::array<gint, GST_VIDEO_MAX_PLANES> stride{};
  if (padding > 0) {
    size = 0;
    for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES(&info); ++i) {
      offset.at(i) = size;
      stride.at(i) = GST_VIDEO_INFO_PLANE_STRIDE(&info, i) + padding;
      const int rows = i == 0 ? GST_VIDEO_INFO_HEIGHT(&info) : (GST_VIDEO_INFO_HEIGHT(&info) + 1) / 2;
      size += static_cast<std::size_t>(stride.at(i)) * static_cast<std::size_t>(rows);
    }
  }
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  GstMapInfo map;
  gst_buffer_map(buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < map.size; ++i)
    map.data[i] = static_cast<guint8>(40 + (i * 31 + i / 97) % 170);
  gst_buffer_unmap(buffer, &map);
  if (padding > 0)
    gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT(&info),
                                   static_cast<guint>(info.width), static_cast<guint>(info.height),
                                   GST_VIDEO_INFO_N_PLANES(&info), offset.data(), stride.data());
  return buffer;
}

inline std::vector<std::uint8_t> bytes(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
    return {};
  std::vector<std::uint8_t> all(map.data, map.data + map.size);
  gst_buffer_unmap(buffer, &map);
  return all;
}

/// Memory that cannot be mapped, like a device's.
struct UnmappableAllocator {
  GstAllocator parent;
};
inline GType unmappable_type() {
  static const GType type = [] {
    const auto init = [](gpointer klass, gpointer) {
      GST_ALLOCATOR_CLASS(klass)->alloc = [](GstAllocator* allocator, gsize size, GstAllocationParams*) {
        auto* memory = g_new0(GstMemory, 1);
        gst_memory_init(memory, static_cast<GstMemoryFlags>(0), allocator, nullptr, size, 0, 0, size);
        return memory;
      };
      GST_ALLOCATOR_CLASS(klass)->free = [](GstAllocator*, GstMemory* memory) { g_free(memory); };
    };
    const auto instance = [](GTypeInstance* self, gpointer) {
      auto* allocator = reinterpret_cast<GstAllocator*>(self);
      allocator->mem_type = "unmappable";
      allocator->mem_map = [](GstMemory*, gsize, GstMapFlags) -> gpointer { return nullptr; };
      allocator->mem_unmap = [](GstMemory*) {};
      GST_OBJECT_FLAG_SET(allocator, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
    };
    return g_type_register_static_simple(GST_TYPE_ALLOCATOR, "DeidTestUnmappable", sizeof(GstAllocatorClass),
                                         init, sizeof(UnmappableAllocator), instance,
                                         static_cast<GTypeFlags>(0));
  }();
  return type;
}
inline GstBuffer* unmappable_frame(const GstVideoInfo& info) {
  auto* allocator = GST_ALLOCATOR(g_object_new(unmappable_type(), nullptr));
  gst_object_ref_sink(allocator);
  GstBuffer* buffer = gst_buffer_new_allocate(allocator, GST_VIDEO_INFO_SIZE(&info), nullptr);
  gst_object_unref(allocator);
  return buffer;
}

} // namespace deid::test
