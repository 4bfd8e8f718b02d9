#include "elements/facedetect/birth.hpp"
#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"

namespace deid::facedetect {

namespace {

/// BlazeFace detects faces in prints and folds that CenterFace does not detect. So CenterFace must confirm
/// each BlazeFace sighting.
std::optional<Followed> believe_glance(Finder& finder, Refusals& refusals, const Sighting& sighting,
                                       const Moment& moment) {
  if (refusals.has(sighting.box))
    return std::nullopt;
  const auto second =
      finder.look(moment.frame.view, sighting.box, sighting.roll, moment.settings.threshold, true);
  if (second && same_face(second->box, sighting.box)) {
    Followed seen = settle(finder, moment.frame.view, *second, true);
    if (seen.mesh || second->score >= tuning::sure_alone)
      return seen;
  }
  refusals.add(sighting.box);
  return std::nullopt;
}

} // namespace

std::optional<Followed> believe(Finder& finder, Refusals& refusals, const Sighting& sighting,
                                const Moment& moment) {
  if (!sighting.strong)
    return believe_glance(finder, refusals, sighting, moment);
  const video::FrameView& frame = moment.frame.view;
  Followed seen = settle(finder, frame, sighting, true);
  if (seen.mesh || sighting.score >= moment.settings.threshold)
    return seen;
  // A weak CenterFace sighting needs the mesh or a close look.
  const auto closer = finder.look(frame, sighting.box, sighting.roll, moment.settings.threshold, true);
  if (!closer || !same_face(closer->box, sighting.box))
    return std::nullopt;
  return settle(finder, frame, *closer, true);
}

} // namespace deid::facedetect
