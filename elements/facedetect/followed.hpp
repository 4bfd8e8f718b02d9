#pragma once
#include "elements/meta/face_region.hpp"
#include "models/facemesh/facemesh.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

/// A detection of a face in one frame, with its mesh when there is one.
struct Followed {
  cv::Rect2f box{}; ///< frame px
  float roll = 0.F; ///< radians
  float score = 0.F;
  Origin origin = Origin::tracked;
  bool by_detector = false;
  bool strong = false;      ///< by CenterFace
  cv::Rect2f covered_too{}; ///< the detector's own box when the mesh gave `box`; otherwise empty
  std::optional<models::FaceMeshResult> mesh{};
  bool doubtful = false;  ///< see Trust
  bool supported = false; ///< CenterFace agrees with BlazeFace at a low score
};

} // namespace deid::facedetect
