#pragma once
#include "elements/identitymeter/gstidentitymeter.hpp"
#include "elements/meta/original_meta.hpp"
#include "tests/elements/cover/stamped.hpp"
#include "tests/support/scratch.hpp"
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::test {

constexpr GstClockTime step = 40'000'000; ///< [ns]

/// The messages of an element.
struct Said {
  std::vector<GstStructure*> summaries{}, missing{};
  std::string error{}, sentence{}, warning{};
  Said() = default;
  Said(Said&&) = default;
  ~Said() {
    for (auto* list : {&summaries, &missing})
      for (GstStructure* one : *list)
        gst_structure_free(one);
  }
  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<std::string> all;
    for (const GstStructure* one : missing)
      all.emplace_back(gst_structure_get_string(one, "reason"));
    return all;
  }
};

inline bool is_final(const GstStructure* one) {
  gboolean last = FALSE;
  gst_structure_get_boolean(one, "final", &last);
  return last != FALSE;
}

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

inline void note_error(GstMessage* message, Said& said) {
  GError* error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning(message, &error, nullptr);
    said.warning = error->message;
  } else {
    gst_message_parse_error(message, &error, nullptr);
    if (said.error.empty()) {
      said.error = error_text(error->domain, error->code);
      said.sentence = error->message;
    }
  }
  g_error_free(error);
}

inline Said heard(GstBus* bus) {
  Said said;
  while (GstMessage* message =
             gst_bus_pop_filtered(bus, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_WARNING |
                                                                   GST_MESSAGE_ELEMENT))) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ELEMENT)
      note_error(message, said);
    else if (gst_message_has_name(message, "identitymeter"))
      said.summaries.push_back(gst_structure_copy(gst_message_get_structure(message)));
    else if (gst_message_has_name(message, "identity-missing"))
      said.missing.push_back(gst_structure_copy(gst_message_get_structure(message)));
    gst_message_unref(message);
  }
  return said;
}

using Properties = std::vector<std::pair<const char*, std::string>>;

inline GType meter_type() {
  gst_init(nullptr, nullptr);
  return gst_deid_identity_meter_get_type();
}

/// identitymeter in a harness.
struct MeterBench : Bench {
  explicit MeterBench(const Properties& properties = {})
      : Bench(meter_type(), [&](GstElement* meter) {
          g_object_set(meter, "interval", 1, nullptr); // a harness is live
          for (const auto& [name, value] : properties)
            gst_util_set_object_arg(G_OBJECT(meter), name, value.c_str());
        }) {}
  void end() { gst_harness_push_event(harness.get(), gst_event_new_eos()); }
  Said heard() { return test::heard(bus); }
};

/// Returns the frame that leaves, or null.
inline GstBuffer* through(Bench& bench, GstBuffer* in) {
  return in != nullptr && bench.push(in) == GST_FLOW_OK ? bench.pull() : nullptr;
}

/// stage=original and the meter, with a step in between if needed.
struct Chain {
  explicit Chain(const Properties& properties = {}, const Properties& of_original = {})
      : original([&] {
          Properties all = of_original;
          all.emplace_back("stage", "original");
          return all;
        }()),
        meter(properties) {}
  void caps(const std::string& format, int width, int height) {
    original.caps(format, width, height);
    meter.caps(format, width, height);
  }
  /// cover: the step between the two.
  bool passes(GstBuffer* in, const std::function<GstBuffer*(GstBuffer*)>& cover = {}) {
    GstBuffer* between = through(original, in);
    if (cover && between != nullptr)
      between = cover(between);
    GstBuffer* out = through(meter, between);
    if (out != nullptr)
      gst_buffer_unref(out);
    return out != nullptr;
  }
  MeterBench original, meter;
};

/// A frame with a pattern and a stamp with these faces.
inline GstBuffer* patterned(int number, std::vector<FaceRegion> faces, const std::string& format = "I420",
                            int width = 128, int height = 96) {
  GstBuffer* buffer = stamped_frame(video_info(format, width, height), std::move(faces));
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(number) * step;
  GST_BUFFER_DURATION(buffer) = step;
  return buffer;
}

inline nlohmann::json json_of(const std::filesystem::path& file) {
  return nlohmann::json::parse(read(file));
}

/// A face whose mesh has eyes, nose and mouth in plausible places, so that a chip can be cut out.
inline FaceRegion plausible_face(cv::Rect2f box, std::uint32_t id = 1) {
  FaceRegion face = mesh_face(box, 0, id);
  const auto place = [&](std::size_t index, float x, float y) {
    face.landmarks[index] = {box.x + x * box.width, box.y + y * box.height, 0};
  };
  place(263, .86F, .3F);
  place(362, .65F, .3F);
  place(33, .12F, .3F);
  place(133, .33F, .3F);
  place(2, .49F, .6F);
  return face;
}

} // namespace deid::test
