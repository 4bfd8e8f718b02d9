#pragma once
#include "models/descriptor/limit.hpp"
#include <cstddef>
#include <cstdint>

/// The numbers by which this room chooses faces and changes them for training. Each row says: the unit in
/// brackets; the meaning; the material it was measured on, or "set by reasoning" when no measurement is
/// known; the effect of a greater value. Numbers that a caller may set stand in SelectionRule
/// (selection.hpp).
namespace deid::training::tuning {

// --- Selection (selection.cpp) ---

/// [distance of descriptors] Largest between the means of one person's tracks. Two tracks of one person are
/// about .3 apart. Greater: two people are joined.
inline constexpr double one_person = .45;
/// [distance of descriptors] A face farther from its person's mean is dropped. The network's own limit.
/// Greater: wrong faces are kept.
inline constexpr double same_face = models::same_person_limit;
/// [share of the main person's faces] When another person has more, the clips are refused. Set by reasoning.
/// Greater: clips with two people are taken, and the model is trained on one of them.
inline constexpr double too_often = .25;
/// [px] Side of a part of the small picture by which two faces are compared. Set by reasoning. Greater: small
/// changes, such as of a lid, are averaged away.
inline constexpr int part = 8;
/// [grey levels] Largest mean difference within a part of two like faces. Set by reasoning. Greater: more
/// faces are dropped as like an earlier one.
inline constexpr double like = 3.5;
/// [faces] The last kept faces of a track that a new one is compared with. Set by reasoning. Greater: dearer,
/// and more faces are dropped.
inline constexpr std::size_t remembered = 6;
/// [ns] Each stretch of a clip of this length holds out one block. Set by reasoning. Greater: fewer, longer
/// blocks.
inline constexpr std::int64_t stretch = 60'000'000'000;

// --- Change and weight (augment.cpp, loss_weight.cpp) ---

/// [ratio of sizes] Augmentation works on more pixels than the network's input has. Set by reasoning.
/// Greater: sharper faces, at a higher cost.
inline constexpr double finer = 1.25;
/// [ratio of sizes] Enlarges the outline of an eye or the mouth, so that lids and corners count, too. Set by
/// reasoning. Greater: more skin counts as much.
inline constexpr double room = 1.5;

} // namespace deid::training::tuning
