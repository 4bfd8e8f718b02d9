#pragma once
#include "elements/revision/revision.hpp"
#include "pipelines/deid/media/sound.hpp"
#include "pipelines/deid/review/audited.hpp"
#include "pipelines/deid/review/edits.hpp"

namespace deid::review {

/// What a video allows, by its audit.
Bounds bounds_of(const Audited& audited);

/// Returns what facerevise does: for each frame, regions that are added, taken away or covered harder. A
/// region goes only where the audit has it: for "no face", and for a person who stays visible.
revision::Revision compiled(const Audited& audited, const Edits& edits);

/// Returns the spans of the sound that are muted [ns from the first picture on].
std::vector<cli::SoundSpan> muted(const Audited& audited, const Edits& edits);

/// Whether a region of the audit is taken away in a frame, and by which edit; 0: it stays.
int removed_by(const Edits& edits, const People& people, std::uint32_t id, int frame);

} // namespace deid::review
