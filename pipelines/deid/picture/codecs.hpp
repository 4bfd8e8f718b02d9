#pragma once
#include "pipelines/deid/picture/picture.hpp"

/// A reader and a writer per format. Each throws Failure with the part of a sentence that follows the file's
/// name.
namespace deid::cli {

Picture read_jpeg(const Bytes& file);
Bytes write_jpeg(const Picture& picture, const PictureWriting& writing);

Picture read_png(const Bytes& file);
Bytes write_png(const Picture& picture, const PictureWriting& writing);

Picture read_tiff(const Bytes& file);
Bytes write_tiff(const Picture& picture, const PictureWriting& writing);

Picture read_webp(const Bytes& file);
Bytes write_webp(const Picture& picture, const PictureWriting& writing);

/// Throws Failure when a side is 0 or the picture has too many pixels.
void check_size(std::uint64_t width, std::uint64_t height);

/// Returns the gray and the alpha channel of a gray picture with transparency, side by side (2 channels).
cv::Mat gray_and_alpha(const cv::Mat& rgba);
/// Returns RGBA of such a picture.
cv::Mat rgba_of_gray(const cv::Mat& gray_and_alpha);

[[noreturn]] void refuse_depth(int bits);

} // namespace deid::cli
