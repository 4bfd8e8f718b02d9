#pragma once
#include "elements/meta/face_region.hpp"
#include "elements/video/frame_view.hpp"
#include <span>

namespace deid::cover {

/// Which pixels a face means. Each shape covers at least the face: contour and ellipse contain the mesh
/// contour grown by the margin.
enum class Shape : std::uint8_t { box, ellipse, contour, head };
enum class Method : std::uint8_t { fill, average, gaussian, pixelate };

/// margin: share of the face's size added on each side [0..2]. color: R, G, B for `fill`.
/// strength: (0..4], 1 = the method's default (average: kernel = half of the box, as the paper's).
struct Style {
  Shape shape = Shape::box;
  Method method = Method::fill;
  float margin = 0.1F;
  std::array<std::uint8_t, 3> color{0, 0, 0};
  float strength = 1.F;
};

/// A region as pixels: mask is CV_8UC1 (0 or 255) of bounds' size; bounds is clipped to the frame, may be
/// empty.
struct Mask {
  cv::Rect bounds{};
  cv::Mat mask{};
};

/// The pixels a face means in a frame of this size; the same for every method and for faceswap.
/// Faces without landmarks (held, back-filled): box and contour are their box, ellipse is around it. Regions
/// with NaN or absurd values throw std::invalid_argument.
Mask rasterize(const FaceRegion& face, Shape shape, float margin, cv::Size frame);

/// Covers the mask's pixels in place in any layout; chroma samples any covered pixel touches are covered too.
/// No pixel outside bounds changes. Cost does not grow with the kernel. No original pixel value survives
/// `fill`.
void apply(video::FrameView& frame, const Mask& mask, const Style& style);

/// Solid cover of everything (the last step before an error).
void cover_frame(video::FrameView& frame, const std::array<std::uint8_t, 3>& color);

} // namespace deid::cover
