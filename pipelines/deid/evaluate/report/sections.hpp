#pragma once
// Private to this room: one function per section of report.json.
#include "elements/measures/identity/attack.hpp"
#include "elements/measures/identity/distances.hpp"
#include "pipelines/deid/evaluate/report/collect.hpp"

namespace deid::evaluate {

using Json = nlohmann::ordered_json;

Json json_of(const statistics::Spread& spread);     ///< null when empty
Json json_of(const statistics::Interval& interval); ///< [low, high] or null
/// The paper's figures, as far as they are known here.
Json paper_section();
Json videos_section(const Evaluation& evaluation, const Collection& collection);
Json people_section(const People& people);
/// Table 1: all people together, and each person.
Json distances_section(const identity::Samples& samples);
Json roc_section(const identity::Samples& samples);
Json attacks_section(const identity::Samples& samples);
/// Fig. 4: originals and results of every method, thinned evenly to at most 800 rows.
Json tsne_section(const std::vector<std::pair<std::string, identity::Samples>>& by_method);
/// Table 2, Figs 7 and 8.
Json keypoints_section(const Evaluation& evaluation, const std::vector<const Loaded*>& units);
/// Each figure of oksmeter's movement report over the videos: agreement of both streams.
Json movement_section(const std::vector<const Loaded*>& units);
Json leaks_section(const std::vector<const Loaded*>& units);
Json audit_section(const std::vector<const Loaded*>& units);
Json cost_section(const std::vector<const Loaded*>& units);

} // namespace deid::evaluate
