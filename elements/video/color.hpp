#pragma once
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

namespace deid::video {

/// The colour space of YUV values.
struct YuvKind {
  bool full_range = false; ///< 0..255 instead of 16..235 (chroma 16..240)
  bool bt709 = false;      ///< BT.709 instead of BT.601
};

/// y, u, v: CV_8UC1 of one size (chroma is enlarged before). Writes rgb, CV_8UC3, within 1 level of the
/// formula.
void yuv_to_rgb(const cv::Mat& y, const cv::Mat& u, const cv::Mat& v, YuvKind kind, cv::Mat& rgb);

/// Converts one colour from R G B to Y U V.
std::array<std::uint8_t, 3> rgb_to_yuv(const std::array<std::uint8_t, 3>& rgb, YuvKind kind);

/// packed: CV_8UC3 or CV_8UC4 with the byte offsets of red, green and blue. Writes BT.601 luma, 0..255,
/// CV_8UC1.
void packed_to_luma(const cv::Mat& packed, const std::array<int, 3>& rgb_offset, cv::Mat& luma);

/// Expands luma to 0..255; copies it when it has full range already.
void expand_luma(const cv::Mat& y, bool full_range, cv::Mat& luma);

/// Reorders packed CV_8UC3/4 of any byte order to CV_8UC3 R, G, B.
void reorder_to_rgb(const cv::Mat& packed, const std::array<int, 3>& rgb_offset, cv::Mat& rgb);

} // namespace deid::video
