#pragma once
#include "pipelines/deid/picture/picture.hpp"

/// One pair of functions a format. Each throws Failure with a sentence that goes behind the file's name.
namespace deid::cli {

Picture read_jpeg(const Bytes& file);
Bytes write_jpeg(const Picture& picture, const PictureWriting& writing);

Picture read_png(const Bytes& file);
Bytes write_png(const Picture& picture, const PictureWriting& writing);

Picture read_tiff(const Bytes& file);
Bytes write_tiff(const Picture& picture, const PictureWriting& writing);

Picture read_webp(const Bytes& file);
Bytes write_webp(const Picture& picture, const PictureWriting& writing);

/// Throws Failure when a side is 0 or the picture has more pixels than are handled.
void check_size(std::uint64_t width, std::uint64_t height);

/// The gray channel and the alpha of a gray picture with transparency, side by side (2 channels).
cv::Mat gray_and_alpha(const cv::Mat& rgba);
/// RGBA of such a pair.
cv::Mat rgba_of_gray(const cv::Mat& gray_and_alpha);

[[noreturn]] void refuse_depth(int bits);

} // namespace deid::cli
