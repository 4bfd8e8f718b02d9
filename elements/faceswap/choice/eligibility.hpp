#pragma once
#include "elements/faceswap/choice/assignment.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include "elements/meta/face_region.hpp"
#include <span>

namespace deid::faceswap {

using tuning::eligibility::score_to_begin;
using tuning::eligibility::score_to_go_on;

/// The limits of a face in this frame.
struct Limits {
  float max_angle = 45.F;             ///< degrees of yaw and pitch
  float least_score = score_to_begin; ///< of the mesh
};

/// Returns whether the landmarks of this face are known: 468 finite points that were found in this frame.
bool has_mesh(const FaceRegion& face);

/// Returns Reason::none when this face can be swapped in this frame, otherwise the reason against it. others:
/// all faces of the frame; `face` itself may be one of them. frame: size, px. Thread: any.
Reason judge(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size frame,
             const Limits& limits);

} // namespace deid::faceswap
