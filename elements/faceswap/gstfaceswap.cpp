/// SECTION:element-faceswap
///
/// Replaces the faces that facedetect found by a target's face. Expression, gaze and movement stay; the
/// identity of the person goes.
/// See docs/faceswap.md.
///
/// ## Example launch line
///
///     gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! deidfacedetect ! deidfaceswap
///       ! x264enc ! mp4mux ! filesink location=out.mp4
#include "elements/faceswap/gstfaceswap.hpp"
#include "elements/base/scrub.hpp"
#include "elements/cover/gstdeidcover.hpp"
#include "elements/faceswap/budget.hpp"
#include "elements/faceswap/events.hpp"
#include "elements/faceswap/perception/hand_networks.hpp"
#include "elements/faceswap/properties.hpp"
#include <algorithm>
#include <chrono>

GST_DEBUG_CATEGORY_STATIC(deid_face_swap_debug);
#define GST_CAT_DEFAULT deid_face_swap_debug

using deid::faceswap::Budget;
using deid::faceswap::DlibDescriber;
using deid::faceswap::Economy;
using deid::faceswap::FaceResJudge;
using deid::faceswap::FaceResLooks;
using deid::faceswap::LiveBudget;
using deid::faceswap::Loaded;
using deid::faceswap::SecondUse;
using deid::faceswap::Settings;
using deid::faceswap::SharedFaceRes;
using deid::faceswap::SwapCounters;
using deid::faceswap::Swapper;
using deid::faceswap::SwapSettings;
using deid::faceswap::Trained;

namespace {

/// gst_deid_cover_lock() guards settings and counters. The streaming thread owns the rest.
struct State {
  Settings settings{};
  SwapCounters counters{};
  Budget budget{};
  std::optional<Swapper> swapper{};
  bool live = false;
  Settings at_start{}; ///< Sources, correct and hands are read at the start alone.
};

} // namespace

struct GstDeidFaceSwap {
  GstDeidCover parent;
  State* state;
};

namespace {

GstDeidVideoClass* parent_class = nullptr;

State& state_of(gpointer object) {
  return *static_cast<GstDeidFaceSwap*>(object)->state;
}

Settings settings_of(gpointer object) {
  const auto lock = gst_deid_cover_lock(object);
  return state_of(object).settings;
}

/// Returns the settings for this frame. Sources, correct and hands stay as they were at the start.
SwapSettings settings_now(gpointer object) {
  const State& state = state_of(object);
  Settings settings = settings_of(object);
  settings.sources = state.at_start.sources;
  settings.swap.correct = state.at_start.swap.correct;
  settings.swap.hands = state.at_start.swap.hands;
  SwapSettings swap = deid::faceswap::understood(settings);
  gint shape = 0;
  g_object_get(object, "shape", &shape, "margin", &swap.margin, nullptr);
  swap.shape = static_cast<deid::cover::Shape>(shape);
  const Economy given_up = state.budget.level();
  swap.correct = swap.correct && given_up < Economy::correction;
  swap.hands = swap.hands && given_up < Economy::hands;
  swap.compose.draw.fine = given_up < Economy::sharpness;
  swap.draws = given_up < Economy::swap;
  swap.beside = state.live;
  return swap;
}

/// Returns the style of the cover, on which a swap is drawn and which stays where there is none.
deid::cover::Style style(GstDeidCover*) {
  return Swapper::style();
}

Swapper made(const Loaded& loaded, deid::faceswap::Networks networks, bool describe,
             std::optional<Trained> trained) {
  try {
    return {loaded, std::move(networks), describe, std::move(trained)};
  } catch (const deid::faceswap::TargetError& error) { // the landmarks of the target make no mesh
    throw deid::ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, error.what(), "target");
  }
}

/// Returns the second judge. Null: it is not wanted, or `use` allows that it is missing, which a warning
/// says. A damaged one is an error. now: results are judged from the start; else the network is loaded when
/// it is first asked, after `verify` was set.
std::unique_ptr<deid::faceswap::SecondJudge> second_judge(GstDeidVideo* video, SecondUse use, bool now,
                                                          const std::shared_ptr<SharedFaceRes>& faceres) {
  if (use == SecondUse::off)
    return {};
  const bool there = use == SecondUse::needed || SharedFaceRes::there();
  if (there && now)
    faceres->load();
  if (there)
    return std::make_unique<FaceResJudge>(faceres);
  if (now)
    gst_element_message_full(
        GST_ELEMENT(video), GST_MESSAGE_WARNING, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        g_strdup("Only one recogniser, dlib, judges whether a result still shows the person: the second one "
                 "is not installed. Run ./meson-free-scripts/setup, or set second-judge=off."),
        g_strdup("faceres"), __FILE__, "second_judge", __LINE__);
  return {};
}

/// Returns the reader of people's looks. Null: nobody needs it, or FaceRes is not installed, so the choice
/// does without looks.
std::unique_ptr<deid::faceswap::LooksReader> looks_reader(const Settings& all, const Loaded& loaded,
                                                          const std::shared_ptr<SharedFaceRes>& faceres) {
  const bool known =
      std::ranges::any_of(loaded.targets, [](const auto& target) { return target.looks.has_value(); });
  if (!all.swap.keep_looks || !all.sources.pick() || !known || !SharedFaceRes::there())
    return {};
  faceres->load(); // now: the frame in which a person enters has no time for it
  return std::make_unique<FaceResLooks>(faceres);
}

/// Loads the networks. An element without a network that its settings need does not start.
deid::faceswap::Networks networks_for(GstDeidVideo* video, const Settings& all, const Loaded& loaded,
                                      bool describe) {
  const SwapSettings& settings = all.swap;
  const deid::models::SessionOptions options{.device = all.sources.device};
  auto describer = std::make_unique<DlibDescriber>(options);
  if (describe)
    describer->load();
  deid::faceswap::Networks networks{.describer = std::move(describer)};
  const auto faceres = std::make_shared<SharedFaceRes>();
  networks.second = second_judge(video, all.sources.second, describe, faceres);
  networks.looks = looks_reader(all, loaded, faceres);
  if (settings.correct)
    networks.landmarker = std::make_unique<deid::faceswap::MeshLandmarker>(options);
  if (settings.hands)
    networks.hands = std::make_unique<deid::faceswap::HandNetworks>(options);
  return networks;
}

bool start(GstDeidVideo* video) {
  State& state = state_of(video);
  const Settings settings = settings_of(video);
  const bool describe = deid::faceswap::understood(settings).tracking().describe;
  std::optional<Trained> trained = deid::faceswap::load_trained(settings.sources);
  const Loaded loaded = deid::faceswap::load(settings.sources);
  state.at_start = settings;
  state.swapper.emplace(
      made(loaded, networks_for(video, settings, loaded, describe), describe, std::move(trained)));
  {
    const auto lock = gst_deid_cover_lock(video);
    state.counters = {};
    state.budget = {};
  }
  return parent_class->start(video);
}

bool stop(GstDeidVideo* video) {
  state_of(video).swapper.reset();
  return parent_class->stop(video);
}

void event(GstDeidVideo* video, GstEvent* event) {
  State& state = state_of(video);
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP && state.swapper)
    state.swapper->flush(settings_now(video));
  parent_class->event(video, event);
}

bool set_info(GstDeidVideo* video, const GstVideoInfo& info) {
  state_of(video).live = gst_deid_video_is_live(video);
  return parent_class->set_info == nullptr || parent_class->set_info(video, info);
}

/// Says once for each change what is given up.
void say(GstDeidVideo* video, Economy given_up) {
  GST_WARNING_OBJECT(video, "frames come faster than they can be drawn: gives up %s", to_string(given_up));
  gst_element_post_message(
      GST_ELEMENT(video),
      gst_message_new_element(GST_OBJECT(video), gst_structure_new("deid-budget", "gives-up", G_TYPE_STRING,
                                                                   to_string(given_up), nullptr)));
}

/// Tells the budget of a live stream how long a frame took.
void account(GstDeidVideo* video, GstClockTime period, std::chrono::nanoseconds spent) {
  Economy before, after;
  {
    const auto lock = gst_deid_cover_lock(video);
    State& state = state_of(video);
    before = state.budget.level();
    after = before;
    if (state.live && state.settings.budget == LiveBudget::automatic)
      after = state.budget.frame(spent.count(),
                                 GST_CLOCK_TIME_IS_VALID(period) ? static_cast<std::int64_t>(period) : 0);
    else
      state.budget.reset();
  }
  if (after != before)
    say(video, after);
}

/// Time from one frame to the next, by the caps. A variable rate gives no time.
GstClockTime period_of(GstDeidVideo* video) {
  const GstVideoInfo& info = gst_deid_video_info(video);
  return GST_VIDEO_INFO_FPS_N(&info) > 0
             ? gst_util_uint64_scale_int(GST_SECOND, GST_VIDEO_INFO_FPS_D(&info), GST_VIDEO_INFO_FPS_N(&info))
             : GST_CLOCK_TIME_NONE;
}

GstFlowReturn process(GstDeidVideo* video, GstBuffer* buffer, deid::video::FrameView& frame) {
  const auto begin = std::chrono::steady_clock::now();
  const GstFlowReturn flow = parent_class->process(video, buffer, frame);
  account(video, period_of(video), std::chrono::steady_clock::now() - begin);
  return flow;
}

std::vector<deid::cover::Overlay> overlay(GstDeidCover* self, const deid::video::FrameView& original,
                                          const deid::cover::Plan& plan) {
  State& state = state_of(self);
  const SwapSettings settings = settings_now(self);
  Swapper::Done done = state.swapper.value().frame(original, plan, settings);
  {
    const auto lock = gst_deid_cover_lock(self);
    state.counters = state.swapper->counters();
  }
  for (const auto& swap_event : done.events) {
    GST_INFO_OBJECT(self, "face %u: %s (%s), target %s, distance %.3f", swap_event.face,
                    to_string(swap_event.kind), to_string(swap_event.why), swap_event.target.c_str(),
                    swap_event.distance);
    deid::faceswap::post(GST_ELEMENT(self), swap_event, settings.verify.least);
  }
  return std::move(done.overlays);
}

deid::cover::MoreCounters more_counters(GstDeidCover* self) {
  const State& state = state_of(self);
  return deid::faceswap::more(state.counters, state.budget);
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!deid::faceswap::properties().set(state_of(object).settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  const auto lock = gst_deid_cover_lock(object);
  if (!deid::faceswap::properties().get(state_of(object).settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

void finalize(GObject* object) {
  delete static_cast<GstDeidFaceSwap*>(static_cast<gpointer>(object))->state;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

void class_init(gpointer klass, gpointer) {
  GST_DEBUG_CATEGORY_INIT(deid_face_swap_debug, "deidfaceswap", 0, "replaces faces");
  parent_class = static_cast<GstDeidVideoClass*>(g_type_class_peek_parent(klass));
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  deid::faceswap::properties().install(object_class);
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "Face swap", "Filter/Effect/Video",
      "Draws a target's face over the blur of each face; covers the whole frame in doubt",
      "gst-deid developers");
  auto* video_class = static_cast<GstDeidVideoClass*>(klass);
  video_class->start = start;
  video_class->stop = stop;
  video_class->event = event;
  video_class->set_info = set_info;
  video_class->process = process;
  auto* cover_class = static_cast<GstDeidCoverClass*>(klass);
  cover_class->note = deid::scrub::synthetic_note;
  cover_class->style = style;
  cover_class->overlay = overlay;
  cover_class->more_counters = more_counters;
}

void instance_init(GTypeInstance* instance, gpointer) {
  reinterpret_cast<GstDeidFaceSwap*>(instance)->state = new State;
  // a wide blur around a swapped face disturbs; this mask still covers the whole face up to the hairline
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
