#pragma once
#include <filesystem>
#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::test {

/// Decodes the frames `wanted` (ascending, counted from 0) of a clip or picture to RGB CV_8UC3, as
/// tests/models/golden/make_goldens.py does. Throws std::runtime_error when a frame is missing.
std::vector<cv::Mat> decode(const std::filesystem::path& clip, const std::vector<int>& wanted);

/// Decodes a long clip frame by frame: calls use(index, RGB) until it returns false or the clip ends.
void each_frame(const std::filesystem::path& clip, const std::function<bool(int, const cv::Mat&)>& use);

/// Folder of the fetched clips (always there after set-up) and of the shared ones (may be absent).
std::filesystem::path footage_dir();
std::filesystem::path shared_dir();

} // namespace deid::test
