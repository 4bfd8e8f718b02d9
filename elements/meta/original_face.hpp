#pragma once
#include "elements/meta/secret.hpp"
#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace deid {

/// One face as it was before anything covered it. Values in px of the frame.
struct OriginalFace {
  static constexpr int chip_size = 150; ///< [px]
  std::uint32_t id = 0;                 ///< as on the stamp
  cv::Rect2f box{};                     ///< as on the stamp
  /// Where a mesh is to be looked for: centre, side of the square, its turn [radians, clockwise].
  cv::Point2f centre{};
  float side = 0.F;
  float turn = 0.F;
  /// dlib's five points, and the face cut out by them: R, G, B, row by row. Without points (a profile, a face
  /// that is held) there is no chip.
  std::optional<std::array<cv::Point2f, 5>> points{};
  SecretBytes chip{};
};

/// What identitymeter stage=original says of one frame.
struct OriginalFaces {
  int width = 0, height = 0; ///< px of the frame
  std::uint64_t number = 0;  ///< of the frame, from 0 at the start or the last seek
  bool taken = false;        ///< false: this frame was left out on purpose, and has no faces
  std::vector<OriginalFace> faces{};
};

} // namespace deid
