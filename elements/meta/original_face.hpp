#pragma once
#include "elements/meta/secret.hpp"
#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace deid {

/// One face as it was before anything covered it. Values in px of the frame.
struct OriginalFace {
  std::uint32_t id = 0; ///< as on the stamp
  cv::Rect2f box{};     ///< as on the stamp
  /// Where a mesh is to be looked for: centre, side of the square, its turn [radians, clockwise].
  cv::Point2f centre{};
  float side = 0.F;
  float turn = 0.F;
  /// dlib's five points, and its descriptor of the face that they cut out: 128 numbers. A face without points
  /// (a profile, one that is held) has none.
  std::optional<std::array<cv::Point2f, 5>> points{};
  SecretFloats descriptor{};
};

/// What identitymeter stage=original says of one frame.
struct OriginalFaces {
  int width = 0, height = 0; ///< px of the frame
  std::uint64_t number = 0;  ///< of the frame, from 0 at the start or the last seek
  bool taken = false;        ///< false: this frame was left out on purpose, and has no faces
  std::vector<OriginalFace> faces{};
};

} // namespace deid
