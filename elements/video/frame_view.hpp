#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>

namespace deid::video {

/// Memory layouts that we process in place. I420 and YV12 are both `planar420`; the planes are always in the
/// order Y, U, V.
enum class Layout : std::uint8_t { planar420, nv12, packed, gray };

struct Plane {
  std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0; ///< bytes from row to row
};

/// A mapped frame; it does not own the memory. planar420: planes Y, U, V. nv12: Y, UV. packed: one plane with
/// `pixel_stride` bytes a pixel. gray: one plane. With odd sizes, chroma planes have (width + 1) / 2 x
/// (height + 1) / 2.
struct FrameView {
  Layout layout = Layout::gray;
  int width = 0;
  int height = 0;
  std::array<Plane, 3> planes{};
  int pixel_stride = 1;            ///< packed only: 3 or 4
  std::array<int, 3> rgb_offset{}; ///< packed only: byte offset of R, G, B in a pixel
  bool full_range = false;         ///< YUV and gray: 0..255 instead of 16..235
  bool bt709 = false;              ///< YUV: BT.709 matrix instead of BT.601
  [[nodiscard]] cv::Size size() const { return {width, height}; }
};

/// Returns a view on the same memory with every k-th row of luma and of chroma, for thumbnails. k:
/// [1..height].
FrameView every_kth_row(const FrameView& frame, int k);

/// How a crop treats the area outside the frame, and reduction.
struct CropRule {
  bool repeat_edge = false; ///< outside the frame: the nearest pixel instead of black
  bool average = true;      ///< at scale > 2: average the source instead of sampling it
};

/// Returns an RGB crop (CV_8UC3, `size`): the frame at crop_to_frame * (x, y), bilinear, black outside the
/// frame. The cost depends on the crop, not on the frame. At a scale above 2 the source is averaged, so that
/// small faces do not alias. `rule` changes both; a crop that does not touch the frame is always black.
cv::Mat crop_rgb(const FrameView& frame, const cv::Matx23f& crop_to_frame, cv::Size size, CropRule rule = {});

/// Scales the whole frame to RGB (CV_8UC3, `size`, not larger than the frame), area averaged, aspect not
/// kept. Gray frames give equal channels. `out` is reused when it has the right size.
void downscale_rgb(const FrameView& frame, cv::Size size, cv::Mat& out);

/// Scales the luma of the whole frame (CV_8UC1, `size`), area averaged, expanded to 0..255.
void downscale_luma(const FrameView& frame, cv::Size size, cv::Mat& out);

} // namespace deid::video
