#pragma once
#include "elements/measures/coco/bootstrap.hpp"
#include "elements/measures/coco/preservation.hpp"
#include <optional>
#include <string>

namespace deid::coco {

/// The content of the report of one comparison.
struct Report {
  const Evaluation* evaluation = nullptr;
  const Preservation* preservation = nullptr;
  std::optional<Intervals> intervals{};
  BootstrapRule bootstrap{}; ///< rule of the intervals
  std::string scale{};       ///< describe(rule), or "area of the file"
  LeftOut left_out{};
};

/// The names of Scores::stats, e.g. "AP_medium".
const std::array<const char*, 10>& stat_names();

/// {"stats":[10],"stats_labels":[…],"AP95","AR95","AP_per_thr":{"all","medium","large"},"AR_per_thr":{…},"scale",
/// "counts":{…},"similarity":{…},"keypoints":{…},"intervals":{…} (if made),"oks":[…],"matches":[…] (if
/// kept)}: the first ones, oks and matches have the shape that scripts around pycocotools print. One line.
std::string to_json(const Report& report);

} // namespace deid::coco
