#pragma once
#include "elements/meta/secret.hpp"
#include <array>
#include <opencv2/core.hpp>
#include <optional>

namespace deid {

/// One face before it was covered. Values in px of the frame.
struct OriginalFace {
  std::uint32_t id = 0; ///< as on the stamp
  cv::Rect2f box{};     ///< as on the stamp
  /// Region for the face mesh: centre, side of the square, its rotation [radians, clockwise].
  cv::Point2f centre{};
  float side = 0.F;
  float turn = 0.F;
  /// dlib's five points, and dlib's descriptor of the face at these points: 128 numbers. A face without
  /// points (profile, held) has neither.
  std::optional<std::array<cv::Point2f, 5>> points{};
  SecretFloats descriptor{};
  /// 1024 numbers of the second judge; empty: there is none, or the face has no landmarks. The square that it
  /// saw: centre, side, turn as above.
  SecretFloats second{};
  std::array<float, 4> second_square{};
};

/// identitymeter's result for one frame at stage=original.
struct OriginalFaces {
  int width = 0, height = 0; ///< px of the frame
  std::uint64_t number = 0;  ///< number of the frame, from 0 at the start or the last seek
  bool taken = false;        ///< false: this frame was skipped on purpose and has no faces
  std::vector<OriginalFace> faces{};
};

} // namespace deid
