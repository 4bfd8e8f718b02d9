#pragma once
#include <cstddef>
#include <cstdint>

/// The constants of Swapper and of what it calls beside its rooms. The rooms have their own:
/// drawing/tuning.hpp, choice/tuning.hpp, perception/tuning.hpp. Each constant has its unit in brackets, and
/// a note on the effect of another value. A note names the pictures that a value was measured on. Without
/// such a note the value was set by reasoning: no measurement is on record.
namespace deid::faceswap::tuning {

/// Runs of the describer (swapper.cpp).
namespace runs {
/// [runs in one frame], 14 ms of one core each: live, and otherwise. A face without a run waits for the next
/// frame, and stays covered when it must be verified first. A picture has one frame. With more, a frame with
/// many faces takes longer.
constexpr int most = 6, most_at_leisure = 16;
/// [runs] that are kept for results: as many as comparing three targets takes, and one check. With fewer, a
/// group of new people delays the checks.
constexpr int most_kept = 4;
/// [share of a face] that hands may hide during an observation. With more, the descriptor would describe the
/// hand.
constexpr double most_hidden = .1;
} // namespace runs

/// Results (results.cpp).
namespace results {
/// [runs of the landmarker] at the first result (live: one, because each takes 15 ms), and in all until
/// little is left to learn.
constexpr int first_runs = 3, many_runs = 9;
/// [frames] between two runs, before and after many_runs.
constexpr int run_every = 5, run_rarely = 15;
/// [share of the difference] that a run corrects, at the first result and later. A higher later_gain makes
/// features jump.
constexpr float first_gain = 0.8F, later_gain = 0.2F;
/// [targets] that are compared by their results; each costs one run of the describer.
constexpr std::size_t most_rivals = 3;
/// [frames] from one comparison to the next in a live stream. With less, the stream is late when a person
/// enters; with more, the person is blurred for longer at first.
constexpr int trial_every = 2;
} // namespace results

/// The outline of a face (compose.cpp).
namespace compose {
/// [sizes of the mesh] Largest distance between the middles of mesh and box. With more, a mesh at a wrong
/// place counts as sure, and the frame around it is restored.
constexpr float most_apart = 0.25F;
/// [share of the box] that the mesh must cover. A box is larger than its mesh for safety. With less, a mesh
/// of a part of the face counts as sure.
constexpr float least_share = 0.2F;
} // namespace compose

/// Faces that are described (crop.cpp).
namespace crop {
/// [sizes of the face] on each side of a crop. dlib's chip reaches .25 and more beyond the landmarks.
constexpr float around = .4F;
/// Of a sure observation: [degrees] of yaw and pitch, and the score of the mesh [0..1]. With looser limits
/// the first observations mistake one person for another; with tighter ones people stay covered for longer.
constexpr float most_angle = 30, least_score = .7F;
/// [px] of the mesh's longer side, of a sure observation.
constexpr float least_size = 48;
/// [px] A face is scaled to this side before its sharpness is measured.
constexpr int sharp_side = 96;
/// [share of the contrast] that is fine detail on a sharp face. With more, faces out of focus and soft skin
/// stay unsure; with less, a face that moved counts as sure.
constexpr double least_detail = .04;
} // namespace crop

/// [frames of absence] after which light and sharpness of a face are forgotten. After a longer absence the
/// light has usually changed.
constexpr std::uint64_t memory_frames = 50;

} // namespace deid::faceswap::tuning
