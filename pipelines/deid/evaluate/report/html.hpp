#pragma once
#include "pipelines/deid/evaluate/report/collect.hpp"

namespace deid::evaluate {

/// report.html from report.json and the units' pictures: one file that needs no other. Without gnuplot its
/// figures are sentences that say so.
std::string html_of(const Evaluation& evaluation, const nlohmann::ordered_json& report,
                    const Collection& collection);

/// A template of mustache filled in: objects, lists, texts, numbers and true or false of `view`. Texts are
/// escaped unless the template says {{{name}}}. Throws std::runtime_error when the template is wrong.
std::string filled(const std::string& pattern, const nlohmann::ordered_json& view);

} // namespace deid::evaluate
