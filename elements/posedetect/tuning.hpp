#pragma once
#include "models/blazepose/one_euro.hpp"
#include <cstdint>

/// The numbers by which this room decides. Each row says: the unit in brackets; the meaning; the material it
/// was measured on, or "set by reasoning" when no measurement is known; the effect of a greater value.
/// Numbers that a user sees stand elsewhere: the properties' defaults (settings.hpp), and
/// HandTracker::Settings. The radius of a figure is that of BlazePose's circle around the person.
namespace deid::posedetect::tuning {

// --- When two figures are of one person (similarity.cpp) ---

/// [0..1] Points that are less visible count only when too few others are there. Set by reasoning. Greater:
/// figures are compared by fewer points.
inline constexpr float visible = .5F;
/// [radii] Distance of two points at which their similarity falls to .61. Set by reasoning. Greater: figures
/// of neighbours count as one person.
inline constexpr float tolerance = .1F;
/// [points] With fewer visible ones in common, all points count. Set by reasoning. Greater: hidden points
/// decide more often.
inline constexpr int enough_points = 5;
/// [points] Least number of common ones of both arms. Set by reasoning. Greater: doubles are found by the
/// arms less often.
inline constexpr int enough_of_arms = 4;
/// [0..1] Least similarity of two figures of one person: of all points, and of the arms alone. Set by
/// reasoning. Greater: one person has two tracks more often.
inline constexpr float same_person = .5F, same_arms = .6F;
/// [points] A figure's extent needs as many visible points. Set by reasoning. Greater: hidden points count in
/// the extent more often.
inline constexpr int least_for_extent = 3;

// --- Following people (tracker.cpp) ---

/// [ratio of radii] Of two figures on one person, the larger one is right from this ratio on: the other lies
/// inside the body. Set by reasoning. Greater: a figure inside the body is kept more often.
inline constexpr float inside = 1.25F;
/// [0..1] Least gain of similarity, for each of two figures, for which the two are swapped. Set by reasoning.
/// Greater: ids stay wrong after people crossed; smaller: ids jump.
inline constexpr float swap_gain = .3F;
/// [share of the picture] When more changed, a new person may be there. Set by reasoning. Greater: new people
/// wait for the period.
inline constexpr float novel = .1F;
/// [frames] Least distance of searches after such a change. Set by reasoning. Greater: cheaper, and new
/// people come later.
inline constexpr int soonest = 5;
/// [frames] Distance of searches while a person is missing. Set by reasoning. Greater: cheaper, and the
/// person comes back later.
inline constexpr int patience = 3;
/// [frames] After so many in a row without anybody, the whole frame is searched in one of `patience` frames,
/// unless the picture changes. The detector is the dearest network here (20 ms with AVX2). Set by reasoning.
/// Greater: dearer while nobody is there or the person's face is covered.
inline constexpr int nobody_long = 15;
/// [ns] A missing person is searched for more often for so long. Set by reasoning. Greater: dearer.
inline constexpr std::int64_t hurry = 1'000'000'000;
/// [s] A velocity predicts no further. Set by reasoning. Greater: people who stopped while hidden are
/// expected too far away.
inline constexpr double longest_step = .5;
/// [0..1] Weight of the latest step in a track's velocity. Set by reasoning. Greater: quicker, and noisier.
inline constexpr float velocity_weight = .5F;
/// [radii] A detection whose circle and head are nearer to a followed person needs no run of the landmark
/// network. Set by reasoning. Greater: a person close to another one is missed.
inline constexpr float known_within = .2F;
/// [mean radii; mean radii a second] Reach within which a missing track may be continued: at once, and its
/// growth. Set by reasoning. Greater: a new person takes the id of one who left.
inline constexpr double resumed_within = .6, resumed_growth = 1.2;
/// [ratio of radii] A figure outside this range does not continue a track. Set by reasoning. A wider range: a
/// nearer or farther person takes the id.
inline constexpr double resumed_smallest = .5, resumed_largest = 2;
/// MediaPipe's parameters for body points [Hz, none].
inline constexpr models::OneEuro::Parameters smoothing{.min_cutoff = 0.05, .beta = 80.0};

// --- Names of people of a bottom-up network (identities.cpp) ---

/// [sizes of the person] Largest mean distance of the common points of one person. Set by reasoning. Greater:
/// ids go to neighbours.
inline constexpr float identity_reach = .35F;
/// [points] People with fewer in common are not compared. Set by reasoning. Greater: more new ids.
inline constexpr int identity_points = 3;
/// [0..1] Weight of the latest step in a person's velocity. Set by reasoning. Greater: quicker, and noisier.
inline constexpr float identity_velocity_weight = .5F;
/// [s] A velocity predicts no further. Set by reasoning. Greater: people who stopped are expected too far
/// away.
inline constexpr double identity_longest_guess = .3;

// --- Hands (hand_tracker.cpp, hand_finder.cpp) ---

/// [px; sides of the frame] Regions outside this range show no hand. Set by reasoning. A wider range: the
/// network runs in vain.
inline constexpr float smallest_hand = 4.F, largest_hand = 4.F;
/// [palms; forearms] Largest distance of a hand's wrist from the arm's; the larger of both counts. The two
/// networks differ by a good part of a palm, and by more when the wrist moves fast. Set by reasoning.
/// Greater: an arm takes a hand of another arm.
inline constexpr float reach_in_palms = 1.5F, reach_in_forearms = .5F;
/// [palms] Hands whose palms are nearer are one hand. Set by reasoning. Greater: folded hands count as one.
inline constexpr float same_hand = .5F;
/// [0..1] Least score of the palms that the network gives to the tracker. HandTracker::Settings has the same
/// limit. Set by reasoning. Greater: fewer palms.
inline constexpr float palm_score = .5F;

// --- Searching (network_finder.cpp) ---

/// [IoU] Two boxes with more are of one head. Set by reasoning. Greater: a person found in two windows is
/// searched for landmarks twice.
inline constexpr float one_head = .3F;
/// [windows] Most in one search. Set by reasoning. Greater: small people of very wide frames are found, at
/// a run of the detector each.
inline constexpr int most_windows = 4;
/// [px] Regions beyond are refused: larger values could overflow a position.
inline constexpr float farthest = 1e6F;

} // namespace deid::posedetect::tuning
