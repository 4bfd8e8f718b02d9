#pragma once

/// The numbers by which this room decides which pixels are a face, and how much a blur leaves. Each row says:
/// the unit in brackets; the meaning; the material it was measured on, or "set by reasoning" when no
/// measurement is known; the effect of another value. Smaller shapes and finer cells hide less. Numbers that
/// a user sees stand elsewhere: Style (cover.hpp), Settings (record.hpp). Indices of the face mesh are no
/// tuning.
namespace deid::cover::tuning {

// --- Shapes (outline.cpp, mask.cpp) ---

/// [share of the mesh's height] From the mesh's top edge to the hairline. Set by reasoning. Greater: more
/// hair is covered; smaller: a strip of forehead stays visible.
inline constexpr double forehead = .22;
/// [IoU] Landmarks whose box has less in common with the face's box lie elsewhere: then the shape contains
/// both. Set by reasoning. Greater: larger covers more often; smaller: landmarks beside the face count alone.
inline constexpr double landmarks_belong = .3;
/// [share of the face's size] Least margin of a box that replaces a contour. Detectors' boxes of small faces
/// are some px off (bench/leaks: with .02 one landmark of a face of 16 px stayed uncovered, with .1 none).
/// Greater: more of the surroundings is covered.
inline constexpr float least_unknown_margin = .1F;
/// [shares of the mesh's height or width] A head beyond the mesh: above, below, on each side. Set by
/// reasoning. Greater: more of the surroundings is covered; smaller: hair and ears stay visible.
inline constexpr double head_above = .55, head_below = .12, head_beside = .72;
/// [mesh heights] What is added on each side at a yaw of 90 degrees: the more a head is turned, the more of
/// it lies behind the face. Set by reasoning. Greater: wider covers of turned heads.
inline constexpr double head_behind = .6;
/// [longer sides of the box] Radius of a head without landmarks. Set by reasoning. Greater: a larger circle;
/// smaller: hair stays visible.
inline constexpr double head_unknown = .95;
/// [px] A polygon grows by as much: rounding to whole pixels must not cut into the face. An ellipse grows by
/// one px, so that it contains every pixel that it touches. Set by reasoning. Smaller: pixels of the face's
/// rim stay visible.
inline constexpr double polygon_growth = 2, ellipse_growth = 1;
/// [px] A pixel that a shape touches by less is not of the shape: margins are floats. Set by reasoning.
/// Greater: pixels of the rim stay visible.
inline constexpr double touch = .01;
/// [px] Places and sizes beyond are absurd, and the frame is in doubt.
inline constexpr double farthest = 1e6;

// --- Blurs (obscure.cpp) ---

/// [share of the box] Kernel of the average: half of the box, as in the paper. Smaller: more of the face
/// stays.
inline constexpr double kernel_share = .5;
/// [share of the long side] Least kernel along the short side of a strip (a face cut by the frame's edge).
/// Set by reasoning. Smaller: such a strip is blurred less.
inline constexpr double strip_share = .25;
/// [px] Bounds of the kernel. 2001 squared times 255 still fits an int.
inline constexpr double smallest_kernel = 5, largest_kernel = 2001;
/// [cells] Along the longer side at strength 1: of the smooth blur, and of the mosaic. Set by reasoning. More
/// cells: more of the face stays.
inline constexpr double gaussian_cells = 6, mosaic_cells = 5;
/// [px] Least size of a cell: a face too small for several cells becomes one cell. Set by reasoning. Smaller:
/// small faces stay as they are.
inline constexpr double least_cell = 4;
/// [cells] Standard deviation of the smoothing between cells, with a kernel of three. Set by reasoning.
/// Greater: softer edges of cells.
inline constexpr double cell_smoothing = .85;

// --- Regions of other plugins (plan.cpp) ---

/// [px] Scaling moves the edges of our own regions by rounding, up to this much. Set by reasoning. Greater: a
/// foreign region near ours is taken as ours, and not covered by its own box.
inline constexpr double region_slack = 2;

} // namespace deid::cover::tuning
