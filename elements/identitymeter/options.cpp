#include "elements/identitymeter/options.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::identitymeter {

namespace {

using Table = PropertyTable<MeterOptions>;

GType stage_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(Side::original), "Behind facedetect, before the cover: takes the original faces",
       "original"},
      {static_cast<int>(Side::deidentified), "Behind the cover: measures", "deidentified"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidIdentityStage", values);
  return type;
}

GType landmarks_type() {
  static const GEnumValue values[] = {{static_cast<int>(Landmarks::result),
                                       "Landmarks found on the result; if none are found, the original's",
                                       "result"},
                                      {static_cast<int>(Landmarks::original), "The original's", "original"},
                                      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidIdentityLandmarks", values);
  return type;
}

void add_all(Table& table) {
  table.choice(
      {"stage", "Stage", "Position of this element: before or behind the cover"}, Mutable::ready, stage_type,
      [](auto& o) -> auto& { return o.stage; });
  table.number(
      {"interval", "Interval", "Measure every n-th frame; 0: every frame, of a live source every 5th"},
      Mutable::ready, [](auto& o) -> auto& { return o.interval; }, 0, 1000);
  table.number(
      {"threshold", "Threshold",
       "Faces at least this far apart belong to two people (the paper's value: .6)"},
      Mutable::ready, [](auto& o) -> auto& { return o.threshold; }, 0, 2);
  table.choice(
      {"landmarks", "Landmarks", "Landmarks that are used to cut the face out of the result"}, Mutable::ready,
      landmarks_type, [](auto& o) -> auto& { return o.landmarks; });
  table.flag(
      {"second-judge", "Second judge",
       "Also measure with FaceRes, a recogniser that is independent of dlib, where set-up brought it"},
      Mutable::ready, [](auto& o) -> auto& { return o.second; });
  table.text(
      {"target", "Target",
       "Target file or model of all faces; or a folder, or a list separated by ':', whose targets are found "
       "by name (empty: the bank that set-up made)"},
      Mutable::ready, [](auto& o) -> auto& { return o.target; });
  table.text(
      {"location", "Report", "JSON file, written at the end"}, Mutable::ready,
      [](auto& o) -> auto& { return o.location; });
  table.text(
      {"csv", "Table of distances", "CSV file with one line per face and measured frame"}, Mutable::ready,
      [](auto& o) -> auto& { return o.csv; });
  table.text(
      {"raw", "Raw data",
       "File of JSON lines with every descriptor. DESCRIPTORS CAN IDENTIFY THE PEOPLE IN THE VIDEO (empty: "
       "off)"},
      Mutable::ready, [](auto& o) -> auto& { return o.raw; });
  table.number(
      {"period", "Period", "Stream time between messages [ns]; 0 = only at the end"}, Mutable::ready,
      [](auto& o) -> auto& { return o.period; }, 0, G_MAXINT64);
}

} // namespace

const PropertyTable<MeterOptions>& properties() {
  static const Table table = [] {
    Table all;
    add_all(all);
    return all;
  }();
  return table;
}

} // namespace deid::identitymeter
