#pragma once
#include "pipelines/deid/train/options.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Extracts the faces of both people, refuses what cannot be trained on, and runs the trainer. Returns its
/// exit status; throws Failure. Needs gst_init() and the plugin.
int train_model(const TrainOptions& options);

/// The arguments of the trainer for these options.
std::vector<std::string> trainer_arguments(const TrainOptions& options, const std::filesystem::path& program);

/// Where the work of a training is kept: beside the model, unless options say where.
std::filesystem::path work_folder(const TrainOptions& options);

} // namespace deid::cli
