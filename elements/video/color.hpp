#pragma once
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace deid::video {

/// How YUV numbers mean colours.
struct YuvKind {
  bool full_range = false; ///< 0..255 instead of 16..235 (chroma 16..240)
  bool bt709 = false;      ///< BT.709 instead of BT.601
};

/// y, u, v: CV_8UC1 of one size (chroma already brought to the luma's size) -> rgb CV_8UC3. Within 1 level of
/// the formula.
void yuv_to_rgb(const cv::Mat& y, const cv::Mat& u, const cv::Mat& v, YuvKind kind, cv::Mat& rgb);

/// One colour, R G B -> Y U V.
std::array<std::uint8_t, 3> rgb_to_yuv(const std::array<std::uint8_t, 3>& rgb, YuvKind kind);

/// rgb: CV_8UC3 or CV_8UC4 with the byte offsets of red, green and blue -> BT.601 luma, 0..255, CV_8UC1.
void packed_to_luma(const cv::Mat& packed, const std::array<int, 3>& rgb_offset, cv::Mat& luma);

/// Luma to 0..255; a copy when it already is.
void expand_luma(const cv::Mat& y, bool full_range, cv::Mat& luma);

/// Packed CV_8UC3/4 with any byte order -> CV_8UC3 R, G, B.
void reorder_to_rgb(const cv::Mat& packed, const std::array<int, 3>& rgb_offset, cv::Mat& rgb);

} // namespace deid::video
