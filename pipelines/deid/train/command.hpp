#pragma once
#include "pipelines/deid/train/options.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Extracts the faces of both people, refuses unsuitable ones, and runs the trainer. Returns its exit status.
/// Throws Failure. Requires gst_init and the plugin.
int train_model(const TrainOptions& options);

/// Returns the trainer's arguments for these options.
std::vector<std::string> trainer_arguments(const TrainOptions& options, const std::filesystem::path& program);

/// Returns the folder for the training's files: the option, or one beside the model.
std::filesystem::path work_folder(const TrainOptions& options);

} // namespace deid::cli
