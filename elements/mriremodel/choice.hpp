#pragma once
#include "elements/mriremodel/likeness.hpp"
#include "elements/mriremodel/people.hpp"
#include "elements/mriremodel/placement.hpp"
#include <cstdint>
#include <optional>
#include <vector>

/// Which head of the population the person gets. Plain C++.
namespace deid::mriremodel {

struct Chosen {
  Placed placed{};
  Comparison skin{};             ///< of the placed mesh to the own skin
  Look own{}, look{};            ///< what a recogniser sees of the own head, and of the chosen one
  std::vector<Look> strangers{}; ///< of the heads that were not chosen
  std::optional<double> apart{}; ///< look to own; none when a recogniser finds no face in one of them
};

/// Draws many heads, keeps the `candidates` whose skin is farthest from the own and whose face stays in the
/// volume, draws pictures of them, and takes the one that a recogniser finds least like the own head. Equal
/// in that: the farther skin. Throws RemodelError when every head is refused. Requires: candidates >= 2.
[[nodiscard]] Chosen choose(const People& people, const Subject& subject, std::uint64_t seed, int candidates,
                            Recogniser& recogniser);

} // namespace deid::mriremodel
