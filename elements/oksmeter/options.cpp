#include "elements/oksmeter/options.hpp"
#include "elements/base/gstdeidvideo.hpp"

namespace deid::oksmeter {

namespace {

using Table = PropertyTable<MeterOptions>;

GType scale_type() {
  static const GEnumValue values[] = {
      {static_cast<int>(coco::Scale::keypoint_box), "Box around the labelled points", "keypoint-box"},
      {static_cast<int>(coco::Scale::box_053), ".53 of that box, as xtcocotools does", "box-0.53"},
      {static_cast<int>(coco::Scale::fixed), "scale-px for all people", "fixed"},
      {static_cast<int>(coco::Scale::torso), "Mid shoulder to mid hip", "torso"},
      {0, nullptr, nullptr}};
  static const GType type = enum_type("GstDeidOksScale", values);
  return type;
}

void add_all(Table& table) {
  table.choice(
      {"scale", "Scale", "Measure of a person's size"}, Mutable::ready, scale_type,
      [](auto& o) -> auto& { return o.scale.scale; });
  table.number(
      {"scale-px", "Fixed scale", "Size of every person with scale=fixed [px]"}, Mutable::ready,
      [](auto& o) -> auto& { return o.scale.fixed; }, 1e-3, 1e6);
  table.number(
      {"min-score", "Least score", "Points with this score or less count as absent"}, Mutable::ready,
      [](auto& o) -> auto& { return o.min_score; }, 0, 1);
  table.text(
      {"primary", "Whose scores", "all, largest, or the id of a person of the original"}, Mutable::ready,
      [](auto& o) -> auto& { return o.primary; });
  table.text(
      {"reference", "Keypoints of the original",
       "OpenPose JSON (a folder), COCO JSON or JSON lines, instead of metadata"},
      Mutable::ready, [](auto& o) -> auto& { return o.reference; });
  table.text(
      {"location", "Report", "JSON file, written at the end"}, Mutable::ready,
      [](auto& o) -> auto& { return o.location; });
  table.text(
      {"csv", "Table of movement", "CSV file, written at the end"}, Mutable::ready,
      [](auto& o) -> auto& { return o.csv; });
  table.number(
      {"period", "Period", "Stream time between messages [ns]; 0 = only at the end"}, Mutable::ready,
      [](auto& o) -> auto& { return o.period; }, 0, G_MAXINT64);
  table.number(
      {"bootstrap-block", "Block of the bootstrap",
       "Consecutive frames in a block of the bootstrap; 0: one second of frames"},
      Mutable::ready, [](auto& o) -> auto& { return o.block; }, 0, 1000000);
  table.number(
      {"bootstrap-resamples", "Resamples", "Resamples of the bootstrap for the 95 % intervals"},
      Mutable::ready, [](auto& o) -> auto& { return o.resamples; }, 1, 100000);
  table.number(
      {"bootstrap-seed", "Seed", "The same seed gives the same intervals"}, Mutable::ready,
      [](auto& o) -> auto& { return o.seed; }, 0, G_MAXUINT);
  table.flag(
      {"every-pair", "Every pair", "Write every OKS and every match into the report"}, Mutable::ready,
      [](auto& o) -> auto& { return o.every_pair; });
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

MeterRule rule_of(const MeterOptions& options) {
  MeterRule rule;
  rule.people = {options.scale, static_cast<float>(options.min_score)};
  rule.primary = primary_named(options.primary);
  rule.bootstrap = {options.block, options.resamples, options.seed};
  rule.keep_pairs = options.every_pair;
  rule.kinematics.threshold = static_cast<float>(options.min_score);
  return rule;
}

} // namespace deid::oksmeter
