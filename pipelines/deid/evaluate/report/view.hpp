#pragma once
// Private to this room: the texts that the template shows.
#include "pipelines/deid/evaluate/report/collect.hpp"

namespace deid::evaluate {

using Json = nlohmann::ordered_json;

/// "0.993"; "n/a" for a value that is no number.
std::string fixed(const Json& value, int digits);
/// "9.4 %".
std::string percent(const Json& share, int digits = 1);
/// "3 of 11,730".
std::string of(std::size_t part, std::size_t all);

/// Each returns a table: {"head": [..], "rows": [{"cells": [{"text", "note"?}], "strong"?}]}.
Json distances_table(const Json& report);
Json people_table(const Json& report);
Json attacks_table(const Json& report);
Json keypoints_table(const Json& report);
Json movement_table(const Json& report);
Json leaks_table(const Json& report);
Json audit_table(const Json& report);
/// Why faces were not swapped, or not covered; no rows when all were.
Json reasons_table(const Json& report);
Json cost_table(const Json& report);
Json videos_table(const Json& report);

/// A sentence or two per method, for readers without technical background.
Json summary_of(const Json& report);

/// Fig. 6: {"caption", "picture" (data URI), "width", "height", "before": [{x,y}], "after": [{x,y}]}.
Json sample_frames(const Evaluation& evaluation, const Collection& collection);
/// Frames with a risk, one list per method: {"caption", "picture", "width", "height", "boxes": [{x,y,w,h}]}.
Json risky_frames(const Evaluation& evaluation, const Collection& collection);

} // namespace deid::evaluate
