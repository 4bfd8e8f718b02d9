#pragma once
#include "models/training/trainer/trainer.hpp"
#include <filesystem>

namespace deid::training {

/// A sheet to look at, RGB CV_8UC3: rows of a subject's held-out face, drawn again, as the target; a target's
/// face, drawn again. Up to `rows` of them, largest side first shown at the network's size.
cv::Mat preview_sheet(Trainer& trainer, int rows, bool bf16);

/// As PNG, readable by its owner only: it shows the original faces. Throws FileError.
void write_png(const std::filesystem::path& file, const cv::Mat& rgb);

} // namespace deid::training
