#pragma once
#include <filesystem>
#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::test {

/// Decodes frames `wanted` (ascending, counted from 0) of a clip or picture into RGB CV_8UC3, as
/// tests/models/golden/make_goldens.py does. Throws std::runtime_error when a frame cannot be had.
std::vector<cv::Mat> decode(const std::filesystem::path& clip, const std::vector<int>& wanted);

/// The same for frame after frame of a long clip: use(index, RGB) until it says false or the clip ends.
void each_frame(const std::filesystem::path& clip, const std::function<bool(int, const cv::Mat&)>& use);

/// Folder of the fetched clips (always there after set-up) and of the shared ones (may be absent).
std::filesystem::path footage_dir();
std::filesystem::path shared_dir();

} // namespace deid::test
