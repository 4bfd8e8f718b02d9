#pragma once
#include "pipelines/deid/evaluate/report/collect.hpp"

namespace deid::evaluate {

/// Makes report.html from report.json and the units' pictures: one self-contained file. Without gnuplot
/// sentences replace the figures.
std::string html_of(const Evaluation& evaluation, const nlohmann::ordered_json& report,
                    const Collection& collection);

/// Fills a mustache template with `view`: objects, lists, texts, numbers, true and false. Texts are escaped
/// except in {{{name}}}. Throws std::runtime_error when the template is wrong.
std::string filled(const std::string& pattern, const nlohmann::ordered_json& view);

} // namespace deid::evaluate
