#pragma once
#include "elements/meta/face_region.hpp"
#include "elements/meta/fingerprint.hpp"
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid {

/// What facedetect says about one frame: the stamp ("detection ran on this very frame") and every face in it.
/// A frame without faces still carries one, with no faces: that is what lets it pass uncovered.
struct FaceFrame {
  int width = 0; ///< px of the frame the regions refer to
  int height = 0;
  Fingerprint fingerprint{}; ///< of the pixels detection ran on; a cover compares it with the pixels it gets
  std::vector<FaceRegion> faces{};
  std::string detector{}; ///< versions and hashes of the models, for the audit
};

/// Attaches the stamp and its faces (our own GstMeta, "DeidFaceMeta"), and for other people's elements a
/// GstVideoRegionOfInterestMeta "face" per face with the id and a "detection" parameter as DL Streamer lays
/// it out. Requires: writable buffer. A stamp that is there already is replaced, its ROIs too.
void attach_faces(GstBuffer* buffer, FaceFrame frame);

/// The stamp, or nullptr. Owned by the buffer. Scaled by videoscale; dropped by transformations we do not
/// know.
const FaceFrame* find_faces(GstBuffer* buffer);

/// Changes the stamp of a writable buffer after its pixels were changed on purpose (covers call it).
void update_fingerprint(GstBuffer* buffer, const Fingerprint& fingerprint);

/// Says on the stamp of a writable buffer what was done to the face of this id; nothing without a stamp or
/// such a face. wears: name of the target that was drawn, if any.
void record_treatment(GstBuffer* buffer, std::uint32_t id, Treatment treatment, const std::string& wears);

/// Registers the meta API and its implementation; safe to call often, from any thread.
void register_face_meta();

} // namespace deid
