#pragma once
#include <cstddef>

/// The numbers by which the maps of MoveNet become people. Each row says: the unit in brackets; the meaning;
/// the material it was measured on, or "set by reasoning" when no measurement is known; the effect of a
/// greater value.
namespace deid::models::movenet_tuning {

/// [cells] A person's centre is the highest value within so many. Set by reasoning. Greater: of two people
/// close to each other, one is missed.
inline constexpr int alone_within = 2;
/// [cells] Heat is divided by this plus the distance from the point that the centre predicts. The number is
/// MoveNet's. Greater: hotter points farther away win.
inline constexpr float distance_offset = 1.8F;
/// [people] Most in a picture. Set by reasoning. Greater: dearer pictures of crowds.
inline constexpr std::size_t most_people = 40;
/// [cells] Points of two people that are nearer are one point. Set by reasoning. Greater: a person close to
/// another one is taken for a false peak.
inline constexpr float same_point_within = 1.5F;
/// [points of the head] A person with more that are of surer people is a false peak. Set by reasoning.
/// Greater: false peaks are kept.
inline constexpr std::size_t most_shared = 2;

} // namespace deid::models::movenet_tuning
