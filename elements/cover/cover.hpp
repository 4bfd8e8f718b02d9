#pragma once
#include "elements/meta/face_region.hpp"
#include "elements/video/frame_view.hpp"
#include <span>

namespace deid::cover {

/// The pixels that a face means. Each shape contains at least the face; contour and ellipse contain the
/// mesh's contour grown by the margin.
enum class Shape : std::uint8_t { box, ellipse, contour, head };
enum class Method : std::uint8_t { fill, average, gaussian, pixelate };

/// margin: share of the face's size added on each side [0..2]. color: R, G, B for `fill`. strength: ]0..4], 1
/// is the method's default (average: the kernel is half of the box, as in the paper).
struct Style {
  Shape shape = Shape::box;
  Method method = Method::fill;
  float margin = 0.1F;
  std::array<std::uint8_t, 3> color{0, 0, 0};
  float strength = 1.F;
};

/// A region's pixels. mask: CV_8UC1 (0 or 255) of the size of bounds. bounds: clipped to the frame, may be
/// empty.
struct Mask {
  cv::Rect bounds{};
  cv::Mat mask{};
};

/// Returns the pixels that a face means in a frame of this size; they are the same for every method and for
/// faceswap. Without landmarks (held or back-filled faces), box and contour are the box, and ellipse is
/// around the box. Throws std::invalid_argument on NaN or absurd values.
Mask rasterize(const FaceRegion& face, Shape shape, float margin, cv::Size frame);

/// Covers the mask's pixels in place, in any layout, and every chroma sample that a covered pixel touches. No
/// pixel outside bounds changes. The cost does not grow with the kernel. After `fill` no original pixel value
/// remains.
void apply(video::FrameView& frame, const Mask& mask, const Style& style);

/// Covers the whole frame with one colour.
void cover_frame(video::FrameView& frame, const std::array<std::uint8_t, 3>& color);

} // namespace deid::cover
