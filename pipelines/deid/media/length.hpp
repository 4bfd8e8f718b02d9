#pragma once
#include "pipelines/deid/archive/state.hpp"
#include <filesystem>

namespace deid::cli {

/// Returns how long a video is, as its header says; nothing else of the file is read. A picture has one
/// frame. A file that cannot be read has the length 0. Never throws. Threads: any.
archive::Length length_of(const std::filesystem::path& file);

} // namespace deid::cli
