#pragma once
#include "models/training/trainer/trainer.hpp"
#include <filesystem>

namespace deid::training {

/// Returns a sheet of up to `rows` rows, RGB CV_8UC3, each part in the network's size. A row shows a held-out
/// face of the subject, the network's redrawing of it as the subject and as the target, then a held-out face
/// of the target and its redrawing.
cv::Mat preview_sheet(Trainer& trainer, int rows, bool bf16);

/// Writes a PNG that only its owner may read, because it shows original faces. Throws FileError.
void write_png(const std::filesystem::path& file, const cv::Mat& rgb);

} // namespace deid::training
