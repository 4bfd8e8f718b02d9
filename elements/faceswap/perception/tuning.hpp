#pragma once
#include <array>
#include <cstddef>

/// The constants of perception: hands and landmarks. Each has its unit in brackets, and a note on the effect
/// of another value. "Face" as a unit is the longer side of the box of a face's landmarks, "palm" the length
/// of a palm. A note names the pictures that a value was measured on. Without such a note the value was set
/// by reasoning: no measurement is on record.
namespace deid::faceswap::tuning {

/// Networks (hand_networks.cpp, landmarker.cpp).
namespace networks {
/// [score 0..1] of a palm, as MediaPipe sets it.
constexpr float palm_score = .5F;
/// [presence 0..1] of a face, as MediaPipe sets it. With less, a result without a face moves features.
constexpr float face_presence = .5F;
} // namespace networks

/// Hands in front of a face (hands.cpp).
namespace hand_tracks {
/// [presence 0..1] of a hand that is followed, and of a hand that is shown. With a lower second limit parts
/// of faces are shown as hands.
constexpr float kept = 0.5F, sure = 0.8F;
/// [frames] between two searches for palms; each takes a run of the network.
constexpr int palm_period = 3;
/// [px] Side of the small picture of a square; [levels] by which a pixel of it must change, and [pixels] that
/// must, before palms are searched for there again. [searches] that are left out in a row at most.
constexpr int glance_side = 24, moved = 15, least_moved = 16, most_skipped = 4;
/// [frames in a row] in which the network must be very sure before a hand is shown, and before it is fully
/// sure.
constexpr int shown_after = 2, sure_after = 12;
/// [weight] of a hand in the first frame in which it is shown, so that it does not jump in.
constexpr float first_share = 0.5F;
/// [hands a face] that are followed at most. More cost a run each.
constexpr std::size_t hands_a_face = 2;
/// [faces] Sides of the squares in which palms are searched for in turn. The network misses a palm that fills
/// its square, and a palm that is small in it.
constexpr std::array<float, 2> around{2.4F, 1.6F};
/// [faces] between the face and a hand that is followed.
constexpr float near_face = 0.25F;
/// [frames] for which a hand is followed away from all faces.
constexpr int most_away = 5;
/// [heights of the face] Length of a palm. With a wider range parts of faces count as hands.
constexpr float least_palm = 0.2F, most_palm = 1.3F;
/// [factor] on these limits for a hand that is already tracked, so that one frame at a limit does not end its
/// track.
constexpr float followed = 0.7F;
/// [palms] from the wrist along the longest finger, of a hand that faces the camera.
constexpr float fingers_in_palms = 2;
/// [palms a width] Length of a palm of this width between the knuckles.
constexpr float palms_a_width = 1.1F;
/// [palms] between the places of one hand in two frames. A hand that moves further is another one.
constexpr float most_step = 0.7F;
/// [palms] Two hands that are nearer to each other are one hand.
constexpr float same_hand = 0.5F;
/// [palms] Widths of a drawn finger and of the rim of the palm. With more, pixels beside a finger show.
constexpr float finger = 0.2F, palm_rim = 0.14F;
/// [palms] Sigma of the blur at the rim, and its least value [px].
constexpr float softness = 0.03F;
constexpr double least_softness = 0.8;
/// [px] From this sigma on the mask of a hand is made in half the size. With less, its rim shows steps.
constexpr double half_from = 3;
/// [px] No coordinate of a landmark is larger.
constexpr float largest_place = 1e5F;
} // namespace hand_tracks

} // namespace deid::faceswap::tuning
