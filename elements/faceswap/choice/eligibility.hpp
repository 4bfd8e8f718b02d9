#pragma once
#include "elements/faceswap/choice/assignment.hpp"
#include "elements/meta/face_region.hpp"
#include <span>

namespace deid::faceswap {

/// Scores of the mesh [0..1]. The mesh gives .95 and more sooner or later for every person of the trial
/// clips, in the dark too. It gave up to .94 for a skull printed on a shirt. A lower score_to_begin swaps
/// prints; a higher one leaves people covered. score_to_go_on applies while the face has credit, see
/// GateState.
constexpr float score_to_begin = 0.95F, score_to_go_on = 0.5F;

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
