#include "elements/faceswap/properties.hpp"
#include "elements/base/device_property.hpp"

namespace deid::faceswap {

namespace {

using Table = PropertyTable<Settings>;

GType eyes_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Eyes::own), "The person's own, so that gaze and blinks stay", "own"},
      {static_cast<int>(Eyes::target), "The target's, opened and closed with the person's lids", "target"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidSwapEyes", values);
  return type;
}

GType engine_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Engine::mesh), "A target's picture on the person's mesh, without training", "mesh"},
      {static_cast<int>(Engine::autoencoder), "A network that was trained for this person", "autoencoder"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidSwapEngine", values);
  return type;
}

GType others_type() {
  static const GEnumValue values[] = {{static_cast<int>(Others::blur), "Blurred", "blur"},
                                      {static_cast<int>(Others::fill), "Covered in black", "fill"},
                                      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidSwapOthers", values);
  return type;
}

GType second_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(SecondUse::automatic),
       "Used where set-up brought it; a warning says when it is missing", "auto"},
      {static_cast<int>(SecondUse::needed), "Without it the element does not start", "needed"},
      {static_cast<int>(SecondUse::off), "dlib judges alone", "off"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidSwapSecondJudge", values);
  return type;
}

GType budget_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(LiveBudget::automatic),
       "With a live source: correction, hands, sharpness, then the swap are given up, in this order", "auto"},
      {static_cast<int>(LiveBudget::off), "Nothing is given up; frames are late or lost instead", "off"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidSwapBudget", values);
  return type;
}

void add_engine(Table& table) {
  table.choice(
      {"engine", "Engine", "What draws the target's face"}, Mutable::ready, engine_type,
      [](auto& s) -> auto& { return s.sources.engine; });
  table.text(
      {"model", "Model",
       "Model file of deid train, for engine=autoencoder; used only on the person it was trained for"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.model; });
  table.text(
      {"passphrase-file", "Passphrase file",
       "File whose first line is the passphrase of an encrypted model (empty: environment variable "
       "DEID_MODEL_PASSPHRASE)"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.passphrase_file; });
}

void add_device(Table& table) {
  table.text(
      device_property, Mutable::ready, [](auto& s) -> auto& { return s.sources.device; });
}

void add_choice(Table& table) {
  table.text(
      {"target", "Target",
       "Target file, or several separated by ':', one per person in order of appearance; auto: each person "
       "gets the best target of the bank"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.target; });
  table.text(
      {"target-bank", "Target bank",
       "Folder of target files to choose from (empty: the bank that set-up made)"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.bank; });
  table.text(
      {"target-names", "Target names",
       "Names of the targets of the bank that people may get, separated by commas (empty: all)"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.names; });
  table.text(
      {"gallery", "Gallery", "Folder of target or gallery files: further strangers to compare results with"},
      Mutable::ready, [](auto& s) -> auto& { return s.sources.gallery; });
  table.flag(
      {"keep-looks", "Keep looks",
       "Choose a target of the person's apparent sex and age where such a target hides the person; needs "
       "FaceRes"},
      Mutable::ready, [](auto& s) -> auto& { return s.swap.keep_looks; });
  table.number<float>(
      {"least-distance", "Least distance",
       "Least dlib distance of a target, and of a result, to the person; nearer ones are not shown"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.least; }, 0.F, 2.F);
  table.choice(
      {"second-judge", "Second judge",
       "Whether a recogniser that is independent of dlib (FaceRes) judges targets and results, too"},
      Mutable::ready, second_type, [](auto& s) -> auto& { return s.sources.second; });
  table.number<double>(
      {"second-least-distance", "Second least distance",
       "Least FaceRes distance of a result to the person, see second-covers"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.second_least; }, 0., 2.);
  table.flag(
      {"second-covers", "Second judge covers",
       "A result that fails the second judge is not shown; false: it gets more geometry, and the judge takes "
       "part in the choice of targets"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.second_covers; });
  table.number(
      {"least-gallery", "Least gallery",
       "From this number of strangers on, a result also fails when the person is the nearest of all to it"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.least_gallery; }, 1, G_MAXINT);
  table.number(
      {"verify", "Verify", "Check the result in every n-th frame of a person, and in the first; 0: never"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.every; }, 0, 10000);
  table.number(
      {"geometry", "Geometry",
       "How far brows, eyes, nose and mouth move towards the target's; each person begins with this value"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.geometry; }, 0.F, 1.F);
  table.flag(
      {"geometry-auto", "Raise geometry",
       "Let verify raise a person's geometry when the distance is too small"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.verify.raise; });
  table.text(
      {"assign", "Assign",
       "People to swap: everyone, largest, left, right, or ids (1,3); all other faces stay covered"},
      Mutable::playing, [](auto& s) -> auto& { return s.assign; });
  table.choice(
      {"others", "Others", "Cover of the faces that assign leaves out"}, Mutable::playing, others_type,
      [](auto& s) -> auto& { return s.swap.others; });
}

void add_drawing(Table& table) {
  table.number(
      {"feather", "Feather", "Share of the face's width over which the swap fades out"}, Mutable::playing,
      [](auto& s) -> auto& { return s.swap.compose.draw.feather; }, 0.F, 0.3F);
  table.choice(
      {"eyes", "Eyes", "Eyes between the lids: the person's own or the target's"}, Mutable::playing,
      eyes_type, [](auto& s) -> auto& { return s.swap.compose.draw.eyes; });
  table.number(
      {"max-angle", "Largest angle", "Largest yaw and pitch [degrees]; a head turned further is blurred"},
      Mutable::playing, [](auto& s) -> auto& { return s.swap.gate.max_angle; }, 0.F, 90.F);
  table.number(
      {"fade", "Fade", "Frames from blur to swap and back"}, Mutable::playing,
      [](auto& s) -> auto& { return s.swap.gate.fade; }, 0, 100);
  table.number(
      {"opacity", "Opacity", "Opacity of the swap over the blur; 0: blur alone"}, Mutable::playing,
      [](auto& s) -> auto& { return s.swap.compose.opacity; }, 0.F, 1.F);
  table.flag(
      {"correct", "Correct",
       "Find landmarks on results and correct the drawing, so that they are where the person's are"},
      Mutable::ready, [](auto& s) -> auto& { return s.swap.correct; });
  table.choice(
      {"budget", "Budget", "What gives way when frames come faster than they can be drawn; never the cover"},
      Mutable::playing, budget_type, [](auto& s) -> auto& { return s.budget; });
  table.flag(
      {"hands", "Hands", "Hands in front of a face stay in front of the swap"}, Mutable::ready,
      [](auto& s) -> auto& { return s.swap.hands; });
}

} // namespace

const PropertyTable<Settings>& properties() {
  static const Table table = [] {
    Table all;
    add_engine(all);
    add_device(all);
    add_choice(all);
    add_drawing(all);
    return all;
  }();
  return table;
}

SwapSettings understood(const Settings& settings) {
  SwapSettings swap = settings.swap;
  swap.pick = settings.sources.pick();
  swap.trained = settings.sources.engine == Engine::autoencoder;
  const auto assign = parse_selection(settings.assign.empty() ? "everyone" : settings.assign);
  if (!assign)
    throw ElementError(
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "The property assign is everyone, largest, left, right, or ids like 1,3; it is not \"" +
            settings.assign + "\".",
        "assign=" + settings.assign);
  swap.selection = *assign;
  return swap;
}

} // namespace deid::faceswap
