#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

/// Plots of report.json as SVG. gnuplot draws them; equal numbers give equal text.
namespace deid::evaluate {

/// Whether gnuplot can be run.
bool can_plot();

/// Runs a gnuplot script and returns its output for a page: without the XML heading, and with the colour of
/// the surrounding text instead of black. Throws std::runtime_error with gnuplot's message.
std::string plotted(const std::string& script);

/// Each throws std::runtime_error when gnuplot fails, and returns nothing when there is no data.
std::optional<std::string> tsne_figure(const nlohmann::ordered_json& report);
std::optional<std::string> roc_figure(const nlohmann::ordered_json& report);
std::optional<std::string> similarity_figure(const nlohmann::ordered_json& report);
std::optional<std::string> points_figure(const nlohmann::ordered_json& report, const std::string& method);

/// Returns the colour of the n-th method, e.g. "#0072b2". They are Okabe and Ito's: colour-blind readers can
/// tell them apart, on black and on white.
std::string colour(std::size_t n);

} // namespace deid::evaluate
