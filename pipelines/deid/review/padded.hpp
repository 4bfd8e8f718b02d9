#pragma once
#include <opencv2/core.hpp>

namespace deid::review {

/// Returns a picture into which libswscale may write. It writes whole vectors, which end after the last pixel
/// of a row; without room behind the last row they would end in memory that belongs to somebody else.
inline cv::Mat padded(int height, int width, int type) {
  constexpr int vector = 64; // px: more than the widest vector has
  return cv::Mat(height, (width + vector - 1) / vector * vector + vector,
                 type)(cv::Rect(0, 0, width, height));
}

} // namespace deid::review
