#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/followed.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/refusals.hpp"
#include <optional>

namespace deid::facedetect {

/// Confirms a sighting that belongs to no track, and returns the new face with its mesh when there is one.
/// Returns nothing when the sighting is not confirmed; a glance is then refused for some time. Throws
/// models::ModelError.
std::optional<Followed> believe(Finder& finder, Refusals& refusals, const Sighting& sighting,
                                const Moment& moment);

} // namespace deid::facedetect
