#pragma once
#include "pipelines/deid/measure/options.hpp"
#include "pipelines/deid/media/source.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Returns the arguments of gst-launch-1.0. Reports and keypoints go into `folder`.
std::vector<std::string> measure_graph(const MeasureOptions& options, const Source& original,
                                       const Source& deidentified, const std::filesystem::path& folder);

/// Runs both videos through posedetect into oksmeter. Writes report.json, movement.csv, original.jsonl and
/// deidentified.jsonl into options.out, all or none. Returns the exit status. Throws Failure.
int measure_videos(const MeasureOptions& options);

} // namespace deid::cli
