#pragma once
#include <filesystem>
#include <opencv2/core.hpp>

namespace deid::cli {

/// Decodes the first frame of a picture or video as RGB CV_8UC3, rotated upright by its tags. Requires
/// gst_init. Throws Failure with one sentence when it cannot be decoded.
cv::Mat decode_picture(const std::filesystem::path& file);

} // namespace deid::cli
