#include "elements/cover/record.hpp"
#include "elements/base/gstdeidvideo.hpp"
#include <algorithm>
#include <cstdio>

namespace deid::cover {

using Json = nlohmann::ordered_json;

const char* to_string(Method method) {
  switch (method) {
  case Method::fill:
    return "fill";
  case Method::average:
    return "average";
  case Method::gaussian:
    return "gaussian";
  case Method::pixelate:
    return "pixelate";
  }
  return "unknown";
}

GType shape_type() {
  static const GType type = type_once("GstDeidCoverShape", [] {
    static const GEnumValue values[] = {
        {static_cast<int>(Shape::box), "Rectangle", "box"},
        {static_cast<int>(Shape::ellipse), "Ellipse around the face", "ellipse"},
        {static_cast<int>(Shape::contour), "Contour of the face mesh", "contour"},
        {static_cast<int>(Shape::head), "Whole head with hair and ears", "head"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstDeidCoverShape", values);
  });
  return type;
}

GType on_doubt_type() {
  static const GType type = type_once("GstDeidOnDoubt", [] {
    static const GEnumValue values[] = {
        {static_cast<int>(OnDoubt::cover_frame), "Cover the whole frame", "cover-frame"},
        {static_cast<int>(OnDoubt::drop), "Drop the frame", "drop"},
        {static_cast<int>(OnDoubt::error), "Stop with an error", "error"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstDeidOnDoubt", values);
  });
  return type;
}

GType tags_type() {
  static const GType type = type_once("GstDeidTags", [] {
    static const GEnumValue values[] = {
        {static_cast<int>(Tags::drop), "Drop data that could name or show a person", "drop"},
        {static_cast<int>(Tags::keep), "Pass everything on", "keep"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstDeidTags", values);
  });
  return type;
}

const char* nick(GType type, int value) {
  auto* klass = static_cast<GEnumClass*>(g_type_class_ref(type));
  const GEnumValue* found = g_enum_get_value(klass, value);
  const char* name = found != nullptr ? found->value_nick : "unknown"; // static: outlives the class
  g_type_class_unref(klass);
  return name;
}

GstStructure* counters_structure(const Counters& counters, const char* name) {
  GstStructure* out =
      gst_structure_new(name, "frames", G_TYPE_UINT64, counters.frames, "faces", G_TYPE_UINT64,
                        counters.faces, "frames-covered", G_TYPE_UINT64, counters.frames_covered,
                        "frames-dropped", G_TYPE_UINT64, counters.frames_dropped, nullptr);
  for (std::size_t i = 1; i < counters.doubts.size(); ++i) {
    const std::string field = std::string("doubt-") + to_string(static_cast<Doubt>(i));
    gst_structure_set(out, field.c_str(), G_TYPE_UINT64, counters.doubts.at(i), nullptr);
  }
  for (const auto& [field, value] : counters.more)
    gst_structure_set(out, field, G_TYPE_UINT64, value, nullptr);
  return out;
}

Json counters_json(const Counters& counters) {
  Json doubts = Json::object();
  for (std::size_t i = 1; i < counters.doubts.size(); ++i)
    doubts[to_string(static_cast<Doubt>(i))] = counters.doubts.at(i);
  Json all{{"frames", counters.frames},
           {"faces", counters.faces},
           {"frames_covered", counters.frames_covered},
           {"frames_dropped", counters.frames_dropped},
           {"doubts", doubts}};
  for (const auto& [field, value] : counters.more) {
    std::string name = field;
    std::replace(name.begin(), name.end(), '-', '_');
    all[name] = value;
  }
  return all;
}

Json settings_json(const Settings& settings, const Style& style) {
  char color[8];
  std::snprintf(color, sizeof color, "#%02x%02x%02x", style.color[0], style.color[1], style.color[2]);
  return {{"shape", nick(shape_type(), static_cast<int>(settings.shape))},
          {"method", to_string(style.method)},
          {"margin", settings.margin},
          {"color", color},
          {"strength", style.strength},
          {"on_doubt", nick(on_doubt_type(), static_cast<int>(settings.on_doubt))}};
}

} // namespace deid::cover
