#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

/// Plots of report.json as SVG, drawn by gnuplot, which writes the same text for the same numbers.
namespace deid::evaluate {

/// Whether gnuplot can be run.
bool can_plot();

/// Runs a gnuplot script; its standard output cleaned for a page: no XML heading, what was black takes the
/// colour of the text around it. Throws std::runtime_error with gnuplot's own words.
std::string plotted(const std::string& script);

/// Each throws std::runtime_error when gnuplot fails, and gives nothing when there is nothing to draw.
std::optional<std::string> tsne_figure(const nlohmann::ordered_json& report);
std::optional<std::string> roc_figure(const nlohmann::ordered_json& report);
std::optional<std::string> similarity_figure(const nlohmann::ordered_json& report);
std::optional<std::string> points_figure(const nlohmann::ordered_json& report, const std::string& method);

/// "#0072b2" of the n-th method (Okabe and Ito's colours, told apart by colour-blind readers too, on black
/// and white).
std::string colour(std::size_t n);

} // namespace deid::evaluate
