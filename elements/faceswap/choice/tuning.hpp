#pragma once
#include "models/descriptor/limit.hpp"
#include <array>
#include <cstddef>
#include <cstdint>

/// The constants of the choice: who is swapped, with which target, and whether a result may be shown. Each
/// has its unit in brackets, and a note on the effect of another value. "dlib" as a unit is a distance
/// between two of dlib's descriptors; dlib's own limit for one person is .6. A note names the pictures that a
/// value was measured on. Without such a note the value was set by reasoning: no measurement is on record.
namespace deid::faceswap::tuning {

/// Whether a face can be swapped (eligibility.cpp).
namespace eligibility {
/// [score of the mesh, 0..1] to begin a swap, and to go on while the face has credit (see GateState).
/// Measured on the trial clips: the mesh gives .95 and more sooner or later for every person, in the dark
/// too; it gave up to .94 for a skull printed on a shirt. A lower first limit swaps prints; a higher one
/// leaves people covered.
constexpr float score_to_begin = 0.95F, score_to_go_on = 0.5F;
/// [px] of the mesh's longer side, and the share of it that the shorter side needs. A smaller mesh has no
/// features to draw.
constexpr float least_size = 20;
constexpr double least_aspect = 0.5;
/// [share of the smaller box] that two faces may have in common: with two meshes, and with one mesh and a
/// region without landmarks. A region is larger than its face, so the second limit is higher. With higher
/// limits the network mixes up two meshes.
constexpr double most_overlap = 0.15, most_overlap_unknown = 0.25;
/// [share] of mesh and box that must lie in the frame. The network draws the mesh of a cut face into the
/// frame, so the mesh tells of the cut later than the box. With less, half faces are drawn.
constexpr double least_inside = 0.6, least_box_inside = 0.75;
/// [share of the mesh inside the frame] from which on the region's place does not matter: the region also
/// covers where the face was or may be. With less, a face at the edge is drawn on a guessed mesh.
constexpr double surely_inside = .9;
/// [ratio of the sides] A region without landmarks between these limits counts as a neighbour. A far larger
/// or smaller one has no mesh that could be mixed up.
constexpr double least_ratio = 0.5, most_ratio = 2;
/// [px] No coordinate of a landmark is larger.
constexpr float largest_place = 1e6F;
} // namespace eligibility

/// Opening and closing of the swap (swap_gate.cpp).
namespace gate {
/// [frames] of credit that one sure frame gives (10 s at 25 frames a second), and the most that a face can
/// have (10 minutes). With less, a person is covered in the dark sooner; with more, one wrong frame lets a
/// print on a shirt pass for longer.
constexpr int credit_a_frame = 250, most_credit = 15000;
/// [degrees] that an open gate allows beyond max_angle. With 0 a head near the limit flickers.
constexpr float open_slack = 6;
/// [frames] without landmarks before the swap begins to fade. With more, a swap stands still on a moving
/// face.
constexpr int most_extrapolated = 5;
/// [frames in a row] before the gate opens again. With fewer a face near a limit flickers.
constexpr int good_frames = 3;
/// [frames after the first] A gate that opens this soon does not fade in.
constexpr int entrance_frames = 12;
/// [widths of the face] A box that moves further in one frame was measured by another detector.
constexpr float most_shift = 0.2F;
} // namespace gate

/// The choice of one person (face_selection.cpp).
namespace selection {
/// [frames] for which another face must be the clear choice, and for which the holder may be absent. With
/// fewer, the swap jumps between two people.
constexpr int patience = 25;
/// [ratio of the areas, widths of the holder] that make another face the clear choice.
constexpr float clearly_larger = 2, clearly_beside = .5;
} // namespace selection

/// People and ids (identity_tracker.cpp).
namespace identity {
/// [observations] whose median decides when a single one does not, and most that are kept before.
constexpr std::size_t observations_wanted = 3, most_observations = 5;
/// [frames] without a sure observation after which an unsure one is used. The longer wait is for trained
/// targets: a bad observation would give them to another person for a long time.
constexpr int patience = 5, long_patience = 50;
/// [frames] between two tries to find a target that has become free.
constexpr std::uint64_t retry = 25;
/// [dlib] between two observations. Up to same_person a median is the same person, up to at_first_sight a
/// single observation is. Beyond other_person it is another person. With higher limits relatives share a
/// target; with lower ones a person who returns gets a new target.
constexpr double same_person = .5, at_first_sight = .45, other_person = models::same_person_limit;
/// [observations] of a person who is present under another id, before the face counts as a second person.
constexpr int most_puzzled = 6;
/// [unsure observations in a row] of another person, before they count like sure ones. With fewer, a hand
/// makes another person.
constexpr int most_odd = 10;
/// [frames] without landmarks before the person behind an id must be confirmed. Up to two missing meshes in a
/// row cost nothing.
constexpr std::uint64_t lost_after = 3;
/// [weight] of a new observation in the running original. With more, one bad observation moves it.
constexpr double observation_weight = .2;
/// [frames of absence] after which a person has left, and after which a person without a target is forgotten.
constexpr std::uint64_t left_after = 50, forgotten_after = 1000;
} // namespace identity

/// The order of targets (chooser.cpp).
namespace choice {
/// [dlib] Prices. A difference of tones of 1 (CIE76) costs per_tone, so dark on light (about 20) costs .12;
/// with more, skin tone outweighs the distance of the faces. A result that stays nearest to its person costs
/// for_rank.
constexpr double per_tone = .006, for_rank = .1;
/// [dlib] Prices of looks: of the other sex when both are certain, and of each year of age beyond same_age.
/// Targets of one person differ by up to .2, so the other sex is taken only where the own one hides clearly
/// worse.
constexpr double per_sex = .3, per_year = .01;
/// [factor] on the distance of a probability from .5. Measured on 18 people: women had .01 to .30, men .88 to
/// 1. With 1, a woman of .3 gets a man's face.
constexpr double sharper = 2.5;
/// [dlib] by which a target that looks like the person may be nearer than others. With more, results fail the
/// check, and other targets must be tried.
constexpr double alike_is_nearer = .075;
/// [dlib] Price of a result that fails the check: looks never outweigh the cover.
constexpr double for_failing = 1;
/// [probability from .5, years, CIE76] What counts as the same sex, age and tone. Measured on 18 people: the
/// probability of a man was at least .1 from .5 for all but two faces of 87 and 52 px; ages of one person in
/// two clips differed by up to 11 years. A tone is another one when some target's is nearer by same_tone.
constexpr double unsure_sex = .15, same_age = 15, same_tone = 8;
/// [share of the way from person to target] at which results are expected. Measured: results of trials lay at
/// .54 to .62. With more, predicted ranks are too good.
constexpr double way_to_target = .6;
/// [dlib / distance of the second judge] The ratio of the steps from pairs of one person to pairs of two.
/// Measured on 25 people: .36 to .80 for dlib, .54 to 1.15 for FaceRes. With more, the second judge decides
/// nearly alone.
constexpr double dlib_per_second = .7;
} // namespace choice

/// The target of a person (target_assignment.cpp).
namespace assignment {
/// [weight] of the target's own distance to the person beside the distance of one result: a first result
/// predicts later ones poorly. Measured on 16 faces and six targets: the mean of the clips was .782, and .778
/// with 0; 1.5 % of the frames were found first, and 3.0 % with 0.
constexpr double weight_of_target = .5;
/// [dlib] to the person that a target was trained for. A face that is not nearer is another person. Measured
/// on medians of three observations: one person in other clips was within .34, and two men who look similar
/// were at least .47 apart. A higher limit would use the network on people with similar faces.
constexpr double trained_limit = .42;
/// [dlib] to the same person. A first observation that is nearer than surely_trained is this person, and one
/// that is farther than surely_another is not; between the two it takes more observations. Later observations
/// beyond trained_drift show another person.
constexpr double surely_trained = .35, surely_another = models::same_person_limit, trained_drift = .47;
/// [dlib] beyond the limit from which a refusal is taken back. The distance is that of the running original,
/// a mean, so a single observation cannot take a refusal back.
constexpr double way_back = .01, trained_way_back = .02;
} // namespace assignment

/// The check of a result (verify.cpp).
namespace verify {
/// [geometry] added to a result that fails. Smaller steps need more runs of the describer in one frame.
constexpr float step = .25F;
/// [dlib] beyond `least` that a person needs after a failure. With 0 a person near the limit flickers.
constexpr double slack = .01;
/// [dlib] A result that is this far from its person is not found first for being farther from composites:
/// they are made to be far from everybody. Measured on 18 people among 25: results of .7 to .75 were the
/// nearest of all in 0 to 7 % of the frames; among 18 composites one person was in 17 %.
constexpr double far_from_composites = .7;
/// [frames shown] after which a person keeps the target.
constexpr int shown_for_long = 50;
/// [frames] of blur after a failure, the first time and at most. A try afterwards costs as much as a normal
/// check.
constexpr int first_hold = 15, longest_hold = 60;
/// [dlib] A result that passes by less gets more geometry while it is shown: results vary between two checks,
/// and another recogniser with landmarks of its own may see the result nearer. Measured: with dlib's own
/// landmarks results are .014 farther on average, standard deviation .033.
constexpr double margin = .1;
/// [geometry in one frame] A viewer does not see steps of this size.
constexpr float small_step = .05F;
/// [geometry] for a margin alone. Up to here the outline stays the person's. Beyond, expression is measured
/// ever worse and the distance hardly grows. Measured on a speaking face of 222 px, between 0 and 1: .9 % of
/// the eyes' distance and 1.6 degrees of gaze.
constexpr float most_for_margin = .5F;
/// [checks in a row, dlib] that must pass by `plenty` before geometry goes back by a small step. `plenty`
/// exceeds `margin` by far more than a step moves the distance (.01), so geometry does not go to and fro.
constexpr int checks_to_go_back = 4;
constexpr double plenty = .15;
/// [dlib, frames] to the next check of a result that passed by less than `by`, the least first.
struct Soon {
  double by;
  int frames;
};
constexpr std::array<Soon, 2> sooner{{{.1, 3}, {.15, 5}}};
} // namespace verify

/// Hands that are tried in front of a swap (hands_trial.cpp).
namespace hands_trial {
/// [share behind hands] Growth at which the result is verified again. With less, moving hands use up the runs
/// of the describer.
constexpr double step = .1;
/// [frames] for which hands are painted over, the first time and at most (1.3 s at 25 frames a second).
constexpr int first_hold = 8, longest_hold = 32;
/// [dlib] beyond the limit after a failure. With 0 hands near the limit flicker.
constexpr double way_back = .01;
} // namespace hands_trial

/// The tone of skin (tone.cpp).
namespace tone {
/// [px] Side of the patch whose mean is one place's colour. One pixel alone is noise.
constexpr int patch = 3;
/// [inverse share of the places] that must lie in the picture: the half. With fewer, one cheek in the shade
/// decides.
constexpr std::size_t least_places = 2;
/// [weight] of lightness beside the two axes of colour. The lamp changes lightness as much as skin does.
constexpr double lightness = 0.5;
/// [px] No coordinate of a landmark is larger.
constexpr float largest_place = 1e6F;
} // namespace tone

} // namespace deid::faceswap::tuning
