/// SECTION:element-faceswap
///
/// Replaces the faces that facedetect found by a target's: expression, gaze and movement stay, the person
/// goes.
///
/// ## Example launch line
/// gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! facedetect ! faceswap target=nobody.json ! x264enc !
/// mp4mux !
///   filesink location=out.mp4
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/cover/gstdeidcover.hpp"
#include "elements/faceswap/compose.hpp"

GST_DEBUG_CATEGORY_STATIC(deid_face_swap_debug);
#define GST_CAT_DEFAULT deid_face_swap_debug

using deid::cover::Overlay;
using deid::faceswap::Eyes;
using deid::faceswap::Ladder;
using deid::faceswap::LadderOptions;
using deid::faceswap::NamedTexture;
using deid::faceswap::Reason;
using deid::faceswap::Texture;

namespace {

struct Settings {
  std::string target{}; ///< files, separated by ':'
  deid::faceswap::ComposeOptions compose{};
  LadderOptions ladder{};
};

/// settings and counters: gst_deid_cover_lock(). The rest: streaming thread.
struct State {
  Settings settings{};
  std::uint64_t swapped = 0, blurred = 0;
  std::vector<NamedTexture> targets{};
  std::optional<Ladder> ladder{};
};

} // namespace

struct GstDeidFaceSwap {
  GstDeidCover parent;
  State* state;
};

namespace {

GstDeidVideoClass* parent_class = nullptr;
enum Property { PROP_0, PROP_TARGET, PROP_FEATHER, PROP_EYES, PROP_MAX_ANGLE, PROP_FADE, PROP_OPACITY };

State& state_of(gpointer object) {
  return *static_cast<GstDeidFaceSwap*>(object)->state;
}

GType eyes_type() {
  static const GType type = deid::type_once("GstDeidSwapEyes", [] {
    static const GEnumValue values[] = {
        {static_cast<int>(Eyes::own), "The person's own, so that gaze and blinks stay", "own"},
        {static_cast<int>(Eyes::target), "The target's, opened and closed with the person's lids", "target"},
        {0, nullptr, nullptr}};
    return g_enum_register_static("GstDeidSwapEyes", values);
  });
  return type;
}

/// What a swap is drawn on, and what stays where there is none.
deid::cover::Style style(GstDeidCover*) {
  deid::cover::Style result;
  result.method = deid::cover::Method::average;
  return result;
}

std::vector<std::string> files_in(const std::string& list) {
  std::vector<std::string> files;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    if (end > at)
      files.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return files;
}

std::vector<NamedTexture> load(const std::string& list) {
  const std::vector<std::string> files = files_in(list);
  if (files.empty())
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                             "There is no face to swap with: set the property target to a target file.",
                             "target is empty");
  std::vector<NamedTexture> targets;
  for (const std::string& file : files) {
    try {
      const deid::faceswap::Target target = deid::faceswap::read_target(file);
      targets.push_back({target.name, Texture(target)});
    } catch (const deid::faceswap::TargetError& error) {
      std::error_code ignored;
      const bool there = std::filesystem::exists(file, ignored);
      throw deid::ElementError(GST_RESOURCE_ERROR,
                               there ? GST_RESOURCE_ERROR_OPEN_READ : GST_RESOURCE_ERROR_NOT_FOUND,
                               error.what(), "target=" + file);
    }
  }
  return targets;
}

bool start(GstDeidVideo* video) {
  State& state = state_of(video);
  std::string list;
  {
    const auto lock = gst_deid_cover_lock(video);
    list = state.settings.target;
    state.swapped = 0;
    state.blurred = 0;
  }
  state.targets = load(list);
  state.ladder.emplace(state.targets.size());
  return parent_class->start(video);
}

bool stop(GstDeidVideo* video) {
  State& state = state_of(video);
  state.ladder.reset();
  state.targets.clear();
  return parent_class->stop(video);
}

void event(GstDeidVideo* video, GstEvent* event) {
  State& state = state_of(video);
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP && state.ladder)
    state.ladder->flush();
  parent_class->event(video, event);
}

/// Faces as the ladder wants them: what others attached has an id of theirs, and no mesh.
std::vector<deid::FaceRegion> faces_of(const deid::cover::Plan& plan) {
  std::vector<deid::FaceRegion> faces;
  for (const auto& planned : plan.faces) {
    faces.push_back(planned.face);
    if (planned.foreign) {
      faces.back().id = G_MAXUINT32;
      faces.back().landmarks.clear();
    }
  }
  return faces;
}

std::vector<Overlay> overlay(GstDeidCover* self, const deid::video::FrameView& original,
                             const deid::cover::Plan& plan) {
  State& state = state_of(self);
  Settings settings;
  {
    const auto lock = gst_deid_cover_lock(self);
    settings = state.settings;
  }
  const std::vector<deid::FaceRegion> faces = faces_of(plan);
  const auto steps = state.ladder.value().frame(faces, original.size(), settings.ladder);
  std::vector<Overlay> overlays;
  std::uint64_t swapped = 0, blurred = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& planned = plan.faces[i];
    if (planned.mask.bounds.empty()) {
      overlays.emplace_back();
      continue;
    }
    if (steps[i].shown > 0 && !planned.foreign) {
      overlays.push_back(deid::faceswap::compose(state.targets.at(steps[i].person->target), original,
                                                 plan, i, steps[i], settings.compose));
      ++swapped;
      continue;
    }
    const Reason reason = steps[i].reason;
    overlays.push_back(
        {{}, {}, std::string("average (") + (reason == Reason::none ? "soon" : to_string(reason)) + ")"});
    ++blurred;
  }
  const auto lock = gst_deid_cover_lock(self);
  state.swapped += swapped;
  state.blurred += blurred;
  return overlays;
}

deid::cover::MoreCounters more_counters(GstDeidCover* self) {
  const State& state = state_of(self);
  return {{"faces-swapped", state.swapped}, {"faces-blurred", state.blurred}};
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  Settings& settings = state_of(object).settings;
  switch (id) {
  case PROP_TARGET:
    settings.target = g_value_get_string(value) != nullptr ? g_value_get_string(value) : "";
    break;
  case PROP_FEATHER:
    settings.compose.draw.feather = g_value_get_float(value);
    break;
  case PROP_EYES:
    settings.compose.draw.eyes = static_cast<Eyes>(g_value_get_enum(value));
    break;
  case PROP_MAX_ANGLE:
    settings.ladder.max_angle = g_value_get_float(value);
    break;
  case PROP_FADE:
    settings.ladder.fade = g_value_get_int(value);
    break;
  case PROP_OPACITY:
    settings.compose.opacity = g_value_get_float(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    break;
  }
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  const Settings& settings = state_of(object).settings;
  switch (id) {
  case PROP_TARGET:
    g_value_set_string(value, settings.target.empty() ? nullptr : settings.target.c_str());
    break;
  case PROP_FEATHER:
    g_value_set_float(value, settings.compose.draw.feather);
    break;
  case PROP_EYES:
    g_value_set_enum(value, static_cast<int>(settings.compose.draw.eyes));
    break;
  case PROP_MAX_ANGLE:
    g_value_set_float(value, settings.ladder.max_angle);
    break;
  case PROP_FADE:
    g_value_set_int(value, settings.ladder.fade);
    break;
  case PROP_OPACITY:
    g_value_set_float(value, settings.compose.opacity);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    break;
  }
}

void finalize(GObject* object) {
  delete static_cast<GstDeidFaceSwap*>(static_cast<gpointer>(object))->state;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

void install_properties(GObjectClass* klass) {
  constexpr auto always =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  constexpr auto ready =
      static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const Settings normal;
  g_object_class_install_property(
      klass, PROP_TARGET,
      g_param_spec_string("target", "Target",
                          "Target file; several, separated by ':', go to people in order of appearance",
                          nullptr, ready));
  g_object_class_install_property(
      klass, PROP_FEATHER,
      g_param_spec_float("feather", "Feather", "Share of the face's width over which the swap fades out", 0.F,
                         0.3F, normal.compose.draw.feather, always));
  g_object_class_install_property(klass, PROP_EYES,
                                  g_param_spec_enum("eyes", "Eyes", "Whose eyes look out", eyes_type(),
                                                    static_cast<int>(normal.compose.draw.eyes), always));
  g_object_class_install_property(klass, PROP_MAX_ANGLE,
                                  g_param_spec_float("max-angle", "Largest angle",
                                                     "Degrees; a head turned or bent further is blurred", 0.F,
                                                     90.F, normal.ladder.max_angle, always));
  g_object_class_install_property(klass, PROP_FADE,
                                  g_param_spec_int("fade", "Fade", "Frames from blur to swap and back", 0,
                                                   100, normal.ladder.fade, always));
  g_object_class_install_property(klass, PROP_OPACITY,
                                  g_param_spec_float("opacity", "Opacity",
                                                     "Of the swap over the blur; 0: blur alone", 0.F, 1.F,
                                                     1.F, always));
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_swap_debug, "deidfaceswap", 0, "replaces faces");
  parent_class = static_cast<GstDeidVideoClass*>(g_type_class_peek_parent(klass));
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Face swap", "Filter/Effect/Video",
                                        "Replaces the faces facedetect found by a target's, over their blur; "
                                        "covers the whole frame when in doubt",
                                        "gst-deid developers");
  gst_type_mark_as_plugin_api(eyes_type(), static_cast<GstPluginAPIFlags>(0));
  auto* video_class = static_cast<GstDeidVideoClass*>(klass);
  video_class->start = start;
  video_class->stop = stop;
  video_class->event = event;
  auto* cover_class = static_cast<GstDeidCoverClass*>(klass);
  cover_class->style = style;
  cover_class->overlay = overlay;
  cover_class->more_counters = more_counters;
}

void instance_init(GTypeInstance* instance, gpointer) {
  reinterpret_cast<GstDeidFaceSwap*>(instance)->state = new State;
  // a wide blur around a swapped face would be looked at; this still covers the whole face up to the hairline
  gst_util_set_object_arg(G_OBJECT(instance), "shape", "contour");
  gst_util_set_object_arg(G_OBJECT(instance), "margin", "0.02");
}

} // namespace

GType gst_deid_face_swap_get_type() {
  static const GType type = deid::type_once("GstDeidFaceSwap", [] {
    return g_type_register_static_simple(GST_TYPE_DEID_COVER, "GstDeidFaceSwap", sizeof(GstDeidCoverClass),
                                         class_init, sizeof(GstDeidFaceSwap), instance_init,
                                         static_cast<GTypeFlags>(0));
  });
  return type;
}
