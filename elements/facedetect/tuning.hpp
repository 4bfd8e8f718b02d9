#pragma once
#include <cstddef>
#include <cstdint>

/// The numbers by which this room decides. Each row says: the unit in brackets; the meaning; the material it
/// was measured on, or "set by reasoning" when no measurement is known; the effect of a greater value. Beats
/// are of cadence.hpp. Sizes of a face are face_size(). Numbers that a user or another room sees stand
/// elsewhere: beat and apart_from (cadence.hpp), the properties' defaults (settings.hpp), lookahead and delay
/// (detector.hpp).
namespace deid::facedetect::tuning {

// --- When two boxes are of one face (geometry.cpp, association.cpp, track_list.cpp) ---

/// [IoU] Boxes with more are one face. Set by reasoning. Greater: one face gets two tracks more often.
inline constexpr float same_face_iou = 0.35F;
/// [ratio of sizes] Only boxes of similar size are one face by their centres. Set by reasoning. A wider
/// range: a face merges with a face in front of it.
inline constexpr float same_face_smallest = 0.45F, same_face_largest = 2.2F;
/// [share of the side] The other centre must lie in this inner part of a box. Set by reasoning. Greater:
/// neighbours count as one face.
inline constexpr float same_face_core = 0.6F;
/// [IoU] A track's box with more is taken, or hides the face behind it. Set by reasoning. Greater: two tracks
/// follow one face more often.
inline constexpr float in_front_iou = 0.4F;
/// [IoU] Two visible tracks with this much are on one face. Set by reasoning. Greater: doubles live longer.
inline constexpr float double_iou = 0.5F;
/// [sizes of the face] Two meshes with a smaller mean distance of their points are of one face. Set by
/// reasoning. Greater: the track of a face close to another one is dropped.
inline constexpr float same_features_within = 0.1F;
/// [ratio of sizes, share of the smaller box] A coarse detection is of the face inside when it is less than
/// this many times larger and contains more than this share of it. Set by reasoning. Greater ratio: a large
/// box of another face keeps the landmarks of this one.
inline constexpr float coarse_ratio = 2.4F, coarse_holds = 0.85F;

// --- Following a face into the next frame (follow.cpp, face_follower.cpp, track.cpp) ---

/// [0..1] Least presence of a mesh; MediaPipe's own limit. Greater: turned faces lose their landmarks.
inline constexpr float mesh_presence = 0.5F;
/// [0..1] Presence above which a mesh is sure. Set by reasoning. Greater: boxes stay doubled for longer.
inline constexpr float sure_presence = 0.9F;
/// [sizes of the face] Largest distance of a detection from the predicted place: as far as the mesh,
/// BlazeFace and CenterFace each see. Set by reasoning. Greater: fast faces are kept, and tracks jump to
/// neighbours.
inline constexpr float mesh_reach = 0.5F, cheap_reach = 0.7F, strong_reach = 1.6F;
/// [sizes of the face] Largest distance from the place in the previous frame at which the mesh alone is
/// believed. Further away the mesh may only follow the prediction: it fits a face up to half a face beside
/// the real one. Set by reasoning. Greater: a face that stops suddenly is uncovered.
inline constexpr float alone_reach = 0.2F;
/// [ratio of sizes] A detection outside this range is not the followed face. Set by reasoning. A wider range:
/// a track changes to a nearer or farther face.
inline constexpr float followed_smallest = 0.5F, followed_largest = 1.8F;
/// [IoU] Least IoU of the mesh with the detector's box when both are one face. Set by reasoning. Greater:
/// fewer landmarks.
inline constexpr float mesh_agrees = 0.4F;
/// [IoU] Least IoU of the second mesh with the first. Set by reasoning. Greater: more meshes are doubtful.
inline constexpr float mesh_stays = 0.7F;
/// [radians] Up to this roll a face is taken as upright without trying other turns. Set by reasoning.
/// Greater: fewer runs of the mesh, and inverted faces keep wrong landmarks.
inline constexpr float upright_roll = 1.F;
/// [px] On a smaller face the mesh is off by half a face. Set by reasoning. Greater: fewer faces with
/// landmarks.
inline constexpr float mesh_smallest = 28.F;
/// [share of the threshold] Score from which CenterFace supports BlazeFace. Set by reasoning. Greater: more
/// tracks end that BlazeFace alone follows.
inline constexpr float support_share = 0.75F;
/// [beats] BlazeFace alone may confirm a track without a mesh for so long. It takes the back of a head for a
/// face, with scores of .5 to .8 for seconds (measured: one-by-one, frames 235 to 448). Greater: such covers
/// last longer.
inline constexpr int alone_for = 45;
/// [beats] A detector confirms after so long by mesh or by appearance, because the mesh finds plausible faces
/// where there are none. Set by reasoning. Greater: cheaper frames, and a false track lives longer.
inline constexpr int confirm_mesh_after = 10, confirm_likeness_after = 4;
/// [detections] A detector confirms a track with fewer. Before its velocity is known, the prediction may lie
/// beside a fast face, and the mesh finds a face there all the same. Set by reasoning. Greater: dearer first
/// frames.
inline constexpr int young = 3;
/// [frames] A face that is lost for longer is searched in one of so many frames only. Set by reasoning.
/// Greater `searched_closely`: dearer frames. Greater `searched_seldom`: a face that returns is found later.
inline constexpr int searched_closely = 6, searched_seldom = 3;
/// [frames] The mesh is tried on a lost face in one of so many frames. Set by reasoning. Greater: cheaper,
/// and a face that only the mesh finds returns later.
inline constexpr int mesh_tried_seldom = 2;
/// [0..1] Share of the newest movement in the velocity. Set by reasoning. Greater: the prediction follows
/// jitter.
inline constexpr float velocity_weight = 0.6F;
/// [factor a frame] A lost face slows down. Set by reasoning. Greater: the region of a stopped face runs
/// away.
inline constexpr float lost_damping = 0.8F;

// --- Appearance: a patch of luma (appearance.cpp) ---

/// [px] Side of a patch. Set by reasoning. Greater: dearer, and more sensitive to turning.
inline constexpr int patch_side = 20;
/// [sides of the face] Side of the window in which a patch is searched. Set by reasoning. Greater: faster
/// faces are followed, and similar places attract the patch.
inline constexpr float patch_search = 2.F;
/// [correlation -1..1] From sure_likeness on, the same face is followed. Above fair_likeness, a held cover
/// and a head move with the patch. Below gone_likeness, the face has left its place. Set by reasoning.
/// Greater: more detectors run, more covers move by prediction alone, more sweeps search a lost face.
inline constexpr float sure_likeness = 0.9F, fair_likeness = 0.7F, gone_likeness = 0.6F;

// --- The region of a track (region.cpp) ---

/// [factor of the side] Growth of a region without a mesh: a detector's box is less exact than the mesh's,
/// especially for turned faces. Set by reasoning. Greater: larger covers.
inline constexpr float without_mesh_growth = 1.2F;
/// [factor of the side; factor a beat] A held region starts with this growth, grows and stops. Set by
/// reasoning. Greater: larger covers of faces that are gone.
inline constexpr float held_growth_first = 1.2F, held_growth = 0.03F, held_growth_most = 1.5F;
/// [beats, frames of an unsure mesh] So long the last sure place is covered beside the new one. Set by
/// reasoning. Greater: larger covers after a loss or behind an unsure mesh.
inline constexpr int both_places_for = 8;
/// [share] Least share of the last sure box in the box of an unsure mesh whose landmarks are given. Set by
/// reasoning. Greater: fewer landmarks.
inline constexpr float sure_within = 0.8F;
/// [share of the unconfirmed way] Between two confirmations appearance runs ahead of a face that slows down.
/// A profile was left behind by a third of its width in four frames (measured: bend_and_rise). The region
/// reaches back by the unconfirmed way divided by this. Greater: smaller covers.
inline constexpr float runs_ahead = 2.F;
/// [share] A face without a sure mesh shrinks suddenly when its area falls below `shrunk` of the area before
/// and at least `still_within` of the smaller box lies in the box before: a real face needs a second to move
/// so far away. Set by reasoning. Greater `shrunk`: old boxes stay covered more often.
inline constexpr float shrunk = 0.5F, still_within = 0.8F;
/// [beats] So long the old box of a shrunk face stays covered. Set by reasoning. Greater: larger covers.
inline constexpr int extent_stays = 15;
/// [share of the box] A held region with less of it in the frame is dropped. Set by reasoning. Greater: a
/// face at the edge is uncovered earlier.
inline constexpr float least_inside = 0.05F;
/// [factor of the side] A region that crosses the frame's edge when grown by `near_edge` has a less exact box
/// and grows by `cut_off_growth`. Set by reasoning. Greater: larger covers at the edge.
inline constexpr float near_edge = 1.1F, cut_off_growth = 1.3F;

// --- How long a lost face is held (track_list.cpp, tracker.cpp) ---

/// [detections] A track with so many is held for the whole hold time, one with fewer for a share. Set by
/// reasoning. Greater: covers of glimpses end earlier.
inline constexpr float frames_until_sure = 8.F;
/// [beats] Least hold of a lost face. Set by reasoning. Greater: more covers without a face.
inline constexpr int held_at_least = 4;
/// [frames] Least hold between frames apart, while its place looks the same, and when it does not. Set by
/// reasoning. Greater: more covers without a face in time-lapse.
inline constexpr int held_frames_alike = 4, held_frames = 1;
/// [beats] So long after a loss extra sweeps search the face. Set by reasoning. Greater: dearer frames.
inline constexpr int searched_for = 12;

// --- Which track a sighting belongs to (association.cpp, sweep.cpp) ---

/// [sizes of the face; a beat] Radius in which a lost track accepts a sighting, its growth, its end. Set by
/// reasoning. Greater: ids last longer, and a track takes over a neighbour.
inline constexpr float search_radius = 0.8F, search_radius_growth = 0.15F, search_radius_most = 2.5F;
/// [ratio of sizes] A lost track accepts only this range; two heads of one person, too. Set by reasoning. A
/// wider range: see search_radius.
inline constexpr float search_smallest = 0.4F, search_largest = 2.5F;
/// [score] A CenterFace sighting so much above the track's last score is surer than the track. Set by
/// reasoning. Greater: a drifted track is corrected later.
inline constexpr float surer_by = 0.1F;
/// [radians] A sighting with a greater difference of roll has another shape. Set by reasoning. Greater: as
/// surer_by.
inline constexpr float other_roll = 0.6F;
/// [IoU] A sighting with more confirms the track; a surer one needs more. Set by reasoning. Greater: more
/// close looks.
inline constexpr float confirms_iou = 0.3F, surer_confirms_iou = 0.6F;
/// [share] Least share of the first box in the second; with less, the track has no landmarks in this frame.
/// Set by reasoning. Greater: fewer landmarks.
inline constexpr float seen_within = 0.9F;
/// [ratio of sizes; IoU] In a still, a sighting belongs to a face with a mesh when it is at most so many
/// times larger and the boxes have this IoU: a much smaller box inside is another person's face. Set by
/// reasoning. Greater ratio, smaller IoU: a second face is missed.
inline constexpr float same_face_drawn_larger = 1.6F, same_face_within = 0.3F;
/// [sizes of the piece; share of the piece] A job whose area ends inside a face detects a piece of the face.
/// The piece is at most this far from the area's edge (measured: .17), and at least this share of it lies in
/// the whole face. Greater distance: a small face near the edge counts as a piece.
inline constexpr float piece_near_edge = 0.25F, piece_within = 0.5F;
/// [share of the piece] In a video, at least this share of the piece lies in the box of the whole face, or
/// the piece gets a track. Greater: one face gets two tracks more often.
inline constexpr float piece_inside = 0.9F;
/// [degrees] Step on the outline of the ellipse that the landmarks must contain. Greater: coarser.
inline constexpr int outline_step = 15;

// --- Whether a new sighting is a face (birth.cpp, refusals.hpp, sweep.cpp, tracker.cpp) ---

/// [score] CenterFace score that confirms a glance although the mesh finds no face. Set by reasoning.
/// Greater: fewer false tracks, and turned faces are found later.
inline constexpr float sure_alone = 0.6F;
/// [beats; IoU] A glance that CenterFace did not confirm is not asked again at this place for so long. Set by
/// reasoning. Greater: cheaper, and a face that appears there is found later.
inline constexpr int refusal_lasts = 6;
inline constexpr float refusal_iou = 0.6F;
/// [share of the threshold] Least score of a sweep's sighting; below the threshold it needs a confirmation.
/// Set by reasoning. Greater: cheaper, and faint faces are missed.
inline constexpr float weak_share = 0.6F;
/// [score] Penalty of a turned job beside an upright one when both detect a face. Set by reasoning. Greater:
/// lying faces get upright landmarks.
inline constexpr float turned_penalty = 0.15F;
/// [beats] With a lookahead, and while no face is missing, BlazeFace runs every so many beats; a face that
/// appears in between is back-filled. Set by reasoning. Greater: cheaper, and more is left to back-fill.
inline constexpr int glance_period = 3;

// --- Scenes (scene_memory.cpp) ---

/// [scenes] The memory keeps so many: two cameras in turn, with a picture in between. Set by reasoning.
/// Greater: old tracks return more often.
inline constexpr std::size_t scenes_most = 4;
/// [frames] Tracks of a returned scene also cover an interruption of at most so many frames. Set by
/// reasoning. Greater: covers on short pictures in between.
inline constexpr std::size_t flash_lasts = 3;

// --- Back-fill (backfill.cpp) ---

/// [frames] Covered before the first frame in which the face is found, because a face appears before a
/// network detects it. Set by reasoning. Greater: more covers without a face.
inline constexpr int frames_before_first_sight = 2;
/// [factor of the side] Growth of a guessed region. Set by reasoning. Greater: larger covers.
inline constexpr float unsure_growth = 1.25F;
/// [frames] A patch alone leads back-fill for so long. Set by reasoning. Greater: covers run away from the
/// face.
inline constexpr int likeness_lasts = 6;
/// [factor of the side; share] A region replaces a held one when it contains this share of the held one's
/// middle: held regions are grown. Set by reasoning. Greater: more regions stay beside each other.
inline constexpr float held_middle = 1 / 1.5F, stays_within = 0.6F;
/// [share of the box] Another track's region with so much of it covers the box. A face that is half hidden
/// behind another one must stay covered. Set by reasoning. Greater: doubled regions.
inline constexpr float holds = 0.9F;
/// [share of the smaller box] A bridge becomes one region with the held one when more of it is common. Set by
/// reasoning. Greater: two regions instead of one.
inline constexpr float bridge_joins = 0.2F;

// --- Heads from bodies (head_watch.cpp, head_search.cpp) ---

/// [searches] A head is dropped after so many upright ones in a row missed it. Set by reasoning. Greater:
/// covers of heads stay behind for longer.
inline constexpr int head_looks_missed = 2;
/// [share of the hold time] A head is held for one of so many parts of it. Set by reasoning. Greater:
/// shorter.
inline constexpr int head_hold_share = 2;
/// [sizes of the head] Heads with nearer centres are one. Set by reasoning. Greater: neighbours merge.
inline constexpr float same_head_within = 0.7F;
/// [factor of the side] Growth of a head that was not detected in this frame. Set by reasoning. Greater:
/// larger covers.
inline constexpr float unseen_head_growth = 1.15F;
/// [frames] Covered before the first frame in which a head's patch matches. Set by reasoning. Greater: more
/// covers.
inline constexpr int frames_before_head = 2;
/// [share of the face] Least share in the box of its head. Set by reasoning. Greater: a head is covered
/// beside its face.
inline constexpr float own_face = 0.4F;
/// [frames with a sweep of the whole frame] While every track is visible and no head is covered, bodies are
/// searched in one of so many; live, in one third of those. A body search costs somewhat less than half of a
/// sweep. It is odd, because every fourth sweep is turned and bodies must also be searched upright. Greater:
/// cheaper, heads found later.
inline constexpr int known_share = 7, live_share = 3;

// --- Stills and first frames (thorough.cpp, tracker.cpp) ---

/// [score] Doubt of enlarged, turned or brightened jobs, in which folds and letters score higher. Measured:
/// in 25 pictures with 14 such jobs each, 14 false detections had .4 or more and none .5 or more. Greater:
/// faint faces are missed.
inline constexpr float extra_doubt = 0.1F;
/// [factor] Enlargement of the frame's px in tiles, with at most so many tiles a side and at least two. Set
/// by reasoning. Greater: smaller faces are found, at the square of the cost.
inline constexpr double enlarged = 2.0;
inline constexpr int least_a_side = 2, most_a_side = 4;
/// [share of a tile] Overlap, so that one tile contains a face on the seam. Set by reasoning. Greater: larger
/// tiles.
inline constexpr double enlarged_overlap = 0.2;
/// [ns] Least time between two closer searches of a scene's first frame, because cuts may follow fast. Set by
/// reasoning. Greater: cheaper, and fewer scenes are searched.
inline constexpr std::int64_t scene_search_rest = 10'000'000'000;

// --- When the whole frame is swept (sweep_planner.cpp) ---

/// [factor] Largest reduction of a tile: a 24-px face has 16 px then, which CenterFace detects. Greater:
/// fewer tiles.
inline constexpr double tile_shrink = 1.5;
/// [share of a tile] As enlarged_overlap.
inline constexpr double tile_overlap = 0.12;
/// [share of the picture that changed; factor] With less than `still` the period is so many times as long.
/// With more than `busy` since the last sweep, a person enters or the camera moves: the period is halved. Set
/// by reasoning. Greater `still`, greater `busy`: fewer sweeps.
inline constexpr float still = 0.004F, busy = 0.15F;
inline constexpr int still_factor = 3, busy_divisor = 2;
/// [sweeps] One in so many of the whole frame is turned. Set by reasoning. Greater: lying faces are found
/// later.
inline constexpr std::size_t upright_share = 4;
/// [sweeps] Of a window of a large frame per period. Set by reasoning. Greater: dearer, small faces are found
/// earlier.
inline constexpr int windows_a_period = 2;
/// [beats] Between sweeps during sudden changes, and for a lost face. Set by reasoning. Greater: fewer
/// sweeps.
inline constexpr int sudden_interval = 3, search_interval = 6;
/// [beats] Live, between sweeps when a frame has time to spare: no face is visible, or the camera takes 15
/// frames a second or fewer. A new face must be found before the waiting frames (a tenth of a second) leave.
/// The longer one is for a picture without motion. Set by reasoning. Greater: the face leaves uncovered.
inline constexpr int spare_moving_interval = 3, spare_still_interval = 9;
/// [beats] A scene so young counts as moving, because changes in the dark are too small to measure.
inline constexpr int scene_is_new = 30;
/// [beats] Between two frames, at which a frame has time to spare.
inline constexpr int spare_step = 2;
/// [score] Doubt of these sweeps. With none they add covers on the backs of heads. Greater: fewer faces.
inline constexpr float spare_doubt = 0.1F;
/// [luma levels] Largest difference of a block that is sensor noise: the picture is the one that was
/// searched. Set by reasoning. Greater: a face that appears in the dark is missed.
inline constexpr int same_picture = 3;
/// [beats] Live, least step at which there is time for all jobs. Set by reasoning. Greater: fewer jobs.
inline constexpr int time_for_all = 14;
/// [beats] Live, between sweeps while frames are dropped. Set by reasoning. Greater: the camera recovers
/// earlier.
inline constexpr int recovery_interval = 8;

// --- Where a large frame is searched (attention.cpp) ---

/// [luma levels] A block with a larger difference has changed. Set by reasoning. Greater: faint faces get no
/// window.
inline constexpr int block_moved = 8;
/// [weight a frame] Gain of an unchanged block. Set by reasoning. Greater: windows wander without motion.
inline constexpr float block_ageing = 0.003F;
/// [ratio of areas] Least ratio of frame to window at which windows are used. Set by reasoning. Greater:
/// fewer windows.
inline constexpr double windows_worthwhile = 2.0;
/// [places] Tried in each direction. Greater: finer, dearer.
inline constexpr int window_positions = 9;

// --- The mesh and its box (geometry.cpp) ---

/// [sizes of the face] Largest distance of the mesh's eyes and mouth from the detector's. Set by reasoning.
/// Greater: more wrong landmarks.
inline constexpr float features_apart = 0.3F;
/// [factor of the side] The mesh ends at the hairline and before the ears; the face is slightly larger. Set
/// by reasoning. Greater: larger covers.
inline constexpr float mesh_box_growth = 1.08F;
/// [factor of the side] MediaPipe crops 1.5 times the box of the landmarks. Greater: the face is smaller in
/// the crop.
inline constexpr float mesh_roi_growth = 1.5F;

// --- Pictures for the networks (network_finder.cpp) ---

/// [factor] Largest enlargement of small frames. Set by reasoning. Greater: dearer, and smaller faces are
/// found.
inline constexpr double sweep_enlarged = 2.0;
/// [sides of the face] Crop of a close look of BlazeFace and of CenterFace. CenterFace scores turned faces
/// highest when they are about 27 px large and head and shoulders are in the crop (measured: profiles of
/// 28-35 px scored .51-.68 so, and .21-.53 at twice that size). Greater: smaller faces in the crop.
inline constexpr float near_view = 2.2F, close_view = 6.F;
/// [px] Least side of the face in a close look. Set by reasoning. Greater: tiny faces get a wider crop.
inline constexpr float close_look_smallest = 8.F;
/// [widths of the box] Least length of the eye line that gives a roll; in profile the eyes are too close. Set
/// by reasoning. Greater: more faces count as upright.
inline constexpr float eyes_apart = 0.25F;
/// [factor of the side] A detector's box becomes one from hairline to chin and ear to ear: each detector was
/// trained on other boxes. The box from BlazeFace begins `blazeface_rise` of its height above
/// BlazeFace's own. Set by reasoning. Greater: larger covers.
inline constexpr float blazeface_rise = 0.22F, blazeface_height = 1.25F, centerface_growth = 1.05F;
/// [factor] Most local contrast (CLAHE) and its parts a side, for dark areas. Set by reasoning. Greater: more
/// noise scores as faces.
inline constexpr double brightened_most = 3;
inline constexpr int brightened_parts = 8;
/// [score] Of a person; low, because the head's points decide. In a turned picture the head's own least
/// score: legs and backs of standing people score as heads there (measured: .40 to .42 in one picture).
/// Greater: fewer heads.
inline constexpr float body_score = 0.1F, turned_score = 0.45F;

// --- The head of a body (body_head.cpp) ---

/// [score; points] Least score of a point, least number of points among nose, eyes and ears. Set by
/// reasoning. Greater: fewer heads.
inline constexpr float point_score = 0.2F;
inline constexpr int points_needed = 3;
/// [score] Least mean score of the three best points: sure_enough when the body's score is at least
/// sure_person, otherwise sure_points. Set by reasoning. Greater: fewer heads.
inline constexpr float sure_person = 0.5F, sure_enough = 0.3F, sure_points = 0.36F;
/// [factor] Side of the head's box in distances between its points. Chosen by eye on the faces of 45 people
/// in 35 pictures. Greater: larger covers.
inline constexpr float by_ears = 1.6F, by_nose = 1.9F, by_eyes = 3.2F, by_shoulders = 0.55F;
/// [cells of the network's map; a cell is 4 input px] Least side of the box. Set by reasoning. Greater: fewer
/// heads.
inline constexpr float smallest_head = 3.F;
/// [sine] Largest one of the angle from the head's up to the line from right to left, seen from behind. Set
/// by reasoning. Greater: more heads count as seen from behind and stay uncovered.
inline constexpr float mirrored = -0.5F;
/// [distances of the ears] Seen from behind, the network puts the nose between the ears; in profile the nose
/// is far from the visible ear. Set by reasoning. Greater: as mirrored.
inline constexpr float nose_between = 0.8F;

} // namespace deid::facedetect::tuning
