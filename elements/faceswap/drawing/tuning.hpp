#pragma once
#include <array>
#include <cstddef>

/// The constants of the drawing, by stage and tool. Each has its unit in brackets, and a note on the effect
/// of another value. "Face" as a unit is the size of the face (face_size() in measures.hpp), "eyes" the
/// distance of the eyes' outer corners, "way" a share of the way to the middle of the face, "level" a step of
/// 8 bit. A note names the pictures that a value was measured on. Without such a note the value was set by
/// reasoning: no measurement is on record.
namespace deid::faceswap::tuning {

/// [heights of the mesh] How far the drawn face goes beyond the mesh. With more, skin is drawn on hair.
/// Beyond the mesh hair stays in front.
constexpr float forehead_reach = 0.15F;
/// [widths a height] The size of a turned face, whose width says little. With more, all sizes grow with a
/// face that is only long.
constexpr double width_of_height = 0.8;

namespace mesh {
/// [heights of the mesh] Half of the gap that the triangulation gives to lips that touch. With 0 the
/// triangles of both lips may cross.
constexpr float lips_apart = 0.004F;
/// [heights above] How far below the upper edge the forehead takes its skin. With more, from the brows.
constexpr float fold = 0.5F;
/// [triangles] A mesh of a face has about 900; fewer are no face.
constexpr std::size_t least_triangles = 100;
} // namespace mesh

namespace zones {
/// [share of the way from brow to upper edge] belongs to the inner area, which never shows the frame. With
/// more, hair on the forehead is painted over; with less, the face shows beside a brow.
constexpr float above_brows = 0.35F;
/// [pairs of points from the temple] after which above_brows applies fully. Hair lies at the temples.
constexpr float full_from = 3;
/// [way] where hair may lie, beside the eyes and along the jaw. With more, a face may show beside its hair;
/// with less, hair is painted over.
constexpr float inwards = 0.25F, inwards_jaw = 0.1F;
/// [way a point] by which the first grows out of the second, above so many points of the jaw.
constexpr float inwards_step = 0.05F;
constexpr std::size_t jaw_points = 5;
} // namespace zones

/// The preparation of a target (fringe.cpp, texture.cpp).
namespace fringe {
/// [share of the median luma of the skin] Darker pixels count as hair. With more, shadows do, too.
constexpr float dark = 0.72F;
/// [levels] from the colour of the skin inside: up to `alike` a rim pixel is skin, from `other` on it is
/// none.
constexpr double alike = 16, other = 36;
/// [faces] Margin for the shadow around hair. With less, a dark line stays.
constexpr double safety = 0.03;
/// [of the safety] sigma of the soft edge between skin and what was replaced, and the least [px].
constexpr double softness = 0.5, least_sigma = 0.5;
/// [px] A darker spot that is smaller is a mole.
constexpr int least_hair = 3;
/// [heights of the mesh] of forehead above the mesh in which hair is looked for: only the mesh is drawn from.
constexpr float above = 0.01F;
/// [way] Width of the rim that is replaced when it is no skin. With more, cheeks are replaced.
constexpr float rim = 0.13F;
} // namespace fringe

/// One hue for the skin of a target (even_hue.cpp).
namespace even_hue {
/// [faces] Sigma of the average around a pixel. With less, blushes and lips lose their colour.
constexpr double softness = 0.1;
/// [factor] Largest change of a share of colour. With more, a wrong background colours the rim.
constexpr float most = 1.25F;
/// [weight] of the skin around a pixel. Less says nothing.
constexpr float least_weight = 1e-3F;
} // namespace even_hue

namespace texture {
/// [pictures] of one target, each half of the one before, and the least side [px] that is halved. With fewer,
/// small faces alias.
constexpr int level_count = 5, least_level = 32;
/// [way] from which the rim takes its colour. With less, hair or a hat of the target is drawn.
constexpr float inwards = 0.04F;
} // namespace texture

/// The skin of person and target (skin.cpp, stages tint and recolour).
namespace skin {
/// [weight of a new frame] Light changes slower than the noise of pixels; with more, colours flicker.
constexpr double skin_share = 0.15;
/// [heights of the drawn face] where the lower face begins: at the nose.
constexpr float below = 0.62F;
/// [samples] Fewer say nothing about a face.
constexpr std::size_t least_skin = 60;
} // namespace skin

namespace color {
/// [gain along any direction of colour] With a larger gain the target's folds turn into cuts, and reflections
/// of a person's glasses burn the picture.
constexpr double most_gain = 1.1, least_gain = 0.4;
/// [levels] by which the light on a part of a face may colour it. With more, glasses colour eyelids.
constexpr float most_colour = 8;
/// [levels^2] The noise of two levels, so that a picture of one colour has a covariance, too.
constexpr double floor_variance = 4;
/// [levels a face] No light changes more across a face.
constexpr double most_slope = 150;
/// [faces^2] Variance of the places. Places closer together say nothing about slopes.
constexpr double least_spread = 1e-3;
/// [cells] of the grid of Light along each side, and the sigma of its blur: an eighth of the face. With less
/// blur, features leave ghosts.
constexpr int cells = 16;
constexpr double softness = 1.3;
/// [share of the mean weight] of no difference. With more, light is followed less.
constexpr double doubt = 0.1;
/// [levels] of a difference that counts half. Hair is darker than skin, so dark differences count less.
constexpr float odd_dark = 40, odd_light = 120;
} // namespace color

namespace hidden_mouth {
/// [factor, levels] by which a difference exceeds the usual one when something comes. With less, speech
/// counts as a hand.
constexpr double comes = 1.45, comes_levels = 3;
/// [factor] by which the lower face must also change more than the upper face. A laugh changes both.
constexpr double comes_ratio = 1.15;
/// [factor, levels] by which the difference exceeds the usual one as long as something stays.
constexpr double stays = 1.2, stays_levels = 2;
/// [weight of a frame] in the usual values, and while the mouth is hidden. With more, a hand soon counts as
/// the face.
constexpr double learns = 0.1, gives_in = 0.01;
/// [a frame] Change of HiddenMouth::share().
constexpr float fades_in = 0.5F, fades_out = 0.2F;
/// [levels] Smaller changes of the upper face are noise, and give no ratio.
constexpr double least_upper = 1;
/// [share of the mouth's opening] by which the skin in it exceeds the usual share when a finger comes, and as
/// long as it stays. Measured on eleven clips: without a finger at most .17 in ten of them, .49 in one; with
/// fingers .2 to .8. With less, speech counts as a finger.
constexpr double finger_comes = 0.22, finger_stays = 0.14;
} // namespace hidden_mouth

/// Skin in the opening of the mouth (skin_in_mouth.cpp).
namespace skin_in_mouth {
/// [distance of red and blue, in shares of green] of a pixel that has the colour of the skin. With .12, lips
/// and teeth count as skin.
constexpr double alike = 0.05;
/// [share of the skin's brightness] Darker and brighter pixels are shadow and teeth.
constexpr double darkest = 0.7, brightest = 1.5;
/// [distance from grey] Paler skin says nothing.
constexpr double least_colour = 0.1;
/// [columns] that are looked at, at least. With more, large faces cost more.
constexpr int columns = 48;
/// [samples] Fewer say nothing.
constexpr int least_seen = 16;
} // namespace skin_in_mouth

namespace steady {
/// [eyes a frame] Steps of the head and of one point relative to it. Up to `still` a step is followed by
/// `slowest`, from `moves` on fully. With larger limits skin lags; with smaller ones skin trembles.
constexpr float head_still = 0.004F, head_moves = 0.02F;
constexpr float point_still = 0.006F, point_moves = 0.022F;
/// [share of a small step] that is followed. With more, skin trembles.
constexpr float slowest = 0.4F;
/// [eyes] A larger step of the head starts again.
constexpr float jump = 0.5F;
} // namespace steady

namespace geometry {
/// [frontal frames] in the running rest. With fewer, speech counts as rest.
constexpr double long_memory = 60;
/// [power of the cosine of the turn] that weighs a frame. With more, only frontal frames teach the rest.
constexpr int frontal_power = 4;
/// [px] Meshes that are smaller are a point.
constexpr double least_size = 1e-3;
/// [heights of the mesh] Sigma within which a point follows anchors. With more, features move as one.
constexpr float near = .07F;
/// [weight] of an anchor that is far from a point, so that every point has one.
constexpr float far_weight = 1e-6F;
/// [heights of the mesh] Points this near to the lips follow them when the mouth is shut.
constexpr float mouth_reach = .12F;
/// [factor] on the size of an eye or a mouth. More looks unnatural.
constexpr float least_scale = .8F, most_scale = 1.25F;
} // namespace geometry

namespace correction {
/// [faces] No point moves further.
constexpr float most = 0.05F;
/// [faces] This far from eyes and mouth the correction is full. Their own pixels stay where they are.
constexpr float reach = 0.12F;
/// [faces] With a larger mean difference the network found something else than this face.
constexpr float most_mean = 0.08F;
} // namespace correction

namespace align {
/// [px] A mesh that is smaller is a point, and has no alignment.
constexpr double least_face = 2;
/// [px] A network's picture that is smaller holds no face.
constexpr int least_crop = 8;
} // namespace align

namespace background {
/// [way] that is taken out of the target. Measured: sideburns and ears of a narrower target were seen this
/// far in on a person's cheeks.
constexpr float rim = 0.25F;
} // namespace background

namespace recolour {
/// [cells] of the grid of light on the face; light is soft.
constexpr int offset_cells = 24;
/// [faces] from the outline to skin, and to sure skin. With less, hair counts as skin.
constexpr double rim_share = 0.02, inner_share = 0.07;
/// [faces] around eyes, brows and lips that are no skin.
constexpr double feature_share = 0.02;
/// [px of the crop] between two samples. With more, small networks give too few.
constexpr int sample_step = 2;
/// [unit of the square of the mean face] The box of the mesh with its forehead. Places of Light lie within
/// it.
constexpr double box_x = -.1, box_y = -.42, box_width = 1.2, box_height = 1.6;
} // namespace recolour

namespace soften {
/// [ratio] A face that shrinks by more is blurred first, so that nothing aliases.
constexpr double smaller = 1.5;
/// [px of the frame] Sigma of that blur.
constexpr double blur = .4;
} // namespace soften

namespace put_back {
/// [px] at the edge of the crop that are not drawn, because networks learn the edge badly.
constexpr double edge = 1.5;
} // namespace put_back

namespace continuation {
/// [ratio of the sides] Continued colours have no detail, so a small picture is enough.
constexpr int shrink = 4;
/// [share of the pixels of a cell] The mean of fewer is not exact in 8 bit.
constexpr float least_known = .2F;
/// [inverse share] of its four cells from which a coarser cell is fully known.
constexpr double fully_known = 4;
} // namespace continuation

namespace sharpness {
/// [px] Sigma of the blur at each step. Steps further apart are seen when they change.
constexpr std::array<double, 6> sigmas{0, 0.5, 0.7, 1.0, 1.4, 2.0};
/// [ratio of the swap's detail to the person's] Limits closer together make the step flicker.
constexpr double too_sharp = 1.15, too_soft = 0.8;
/// [px] Fewer pixels say nothing about detail.
constexpr int least_pixels = 100;
/// [faces] at the rim that are not compared: the edge of the swap is no detail.
constexpr double rim = 0.03;
} // namespace sharpness

/// The size in which a target is painted (chain.cpp).
namespace paint {
/// [widths of the target's own face] A face that is larger in the frame is painted in this size and enlarged.
/// With less, the target loses detail; with more, the same picture takes longer.
constexpr double finer = 1.25;
/// [steps a frame] The size changes in these steps, so that a small movement changes none.
constexpr double steps = 16;
/// [share of the frame's size] With more, the enlargement costs what the smaller picture saves.
constexpr double worthwhile = 0.9;
} // namespace paint

namespace fade {
/// [px] over which a swap fades out, if at all. With less, its edge is harder than a lens draws.
constexpr double least_reach = 2;
/// [px] of the largest fade; more costs time and shows nothing new.
constexpr double most_radius = 200;
} // namespace fade

namespace rim {
/// [px] Soft differences need no larger picture of a face.
constexpr double work_size = 96;
/// [faces] The width of the rim whose shading is followed, and the width of the edge outside that rim, where
/// pixels mix with the background.
constexpr double wide = 0.035, edge = 0.015;
} // namespace rim

namespace shading {
/// [px] Soft differences need no larger picture of a face.
constexpr double work_size = 48;
/// [faces] Sigma; with less, features come along. And its least value [px of the small picture].
constexpr double softness = 0.035, least_sigma = 0.5;
/// [levels] Stronger light is followed no further.
constexpr float most = 60;
/// [levels] of a difference that counts half. Hair, beards and shadows of hands are darker than skin, so dark
/// differences count less.
constexpr float odd_dark = 45, odd_light = 90;
/// [levels of colour] that count half; no lamp makes skin blue.
constexpr float odd_color = 30;
/// [squares of these differences] More is no skin. With more, hair darkens the forehead.
constexpr float odd_most = 0.5F;
/// [weight] of no difference at all. With more, the effect ends sooner beyond the skin.
constexpr float doubt = 0.06F;
} // namespace shading

namespace hair {
/// Differences at which a pixel stops being skin: from `none` on perhaps, from `all` on surely. darker: share
/// of the expected luma. color: levels. lighter_too: lighter pixels count like darker ones. With lower limits
/// a shadow or a blush shows the frame; with higher ones hair is painted over.
struct Limits {
  float darker_none, darker_all, color_none, color_all;
  bool lighter_too;
};
constexpr Limits on_face{0.36F, 0.52F, 50, 70, false};
constexpr Limits on_forehead{0.20F, 0.36F, 30, 50, false}; ///< above the mesh
constexpr Limits beyond{0.14F, 0.30F, 18, 34, true};
/// [levels] added to the expected luma. Without them dark skin counts as hair.
constexpr float noise = 16;
/// [faces] Sigma of the soft edge of hair, and its least value [px]. With less, single pixels flicker.
constexpr double softness = 0.008, least_sigma = 0.9;
/// [px, and faces on large faces] The hardest edge of the area that never shows.
constexpr double soft_edge = 2, hard_share = 0.012;
} // namespace hair

namespace own_parts {
/// [eyes] Gaps between the lips: a mouth is shut up to the first and open from the second on. The mesh sees
/// less than half of a small gap. Measured: teeth show at .015, and lips that touch have .003 to .006.
constexpr double mouth_shut = 0.006, mouth_open = 0.012;
/// [eyes] by which the opening is grown for that reason. With more, the edge of the own lips shows.
constexpr double mouth_more = 0.036;
/// [eyes] A gap this large is grown less, down to this share.
constexpr double wide_open = 0.07, least_more = .6;
/// [eyes] Soft rim of the mouth, room for lashes around the eye, soft rim of the eye.
constexpr double lip_softness = 0.012, lashes = 0.016, lid_softness = 0.014;
} // namespace own_parts

namespace hands {
/// [share of the face] that may lie behind hands. With more, a face that the network took for a hand shows.
constexpr double most_hidden = 0.6;
/// [share of the area between brows and lips] The same, and the addition for hands that are fully sure.
constexpr double most_given = 0.5, more_given = 0.25;
/// [share] beyond these limits over which hands fade out, so that nothing flickers.
constexpr double too_much = 0.1;
} // namespace hands

} // namespace deid::faceswap::tuning
