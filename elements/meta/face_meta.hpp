#pragma once
#include "elements/meta/face_region.hpp"
#include "elements/meta/fingerprint.hpp"
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid {

/// facedetect's result for one frame: the stamp ("detection ran on this very frame") with all its faces. A
/// frame without faces has a stamp, too; only then may it pass uncovered.
struct FaceFrame {
  int width = 0; ///< px of the frame that the regions refer to, as height
  int height = 0;
  Fingerprint fingerprint{}; ///< of the pixels that detection ran on; a cover compares it with its pixels
  std::vector<FaceRegion> faces{};
  std::string detector{}; ///< versions and hashes of the models, for the audit
};

/// Attaches the stamp and its faces (our own GstMeta, "DeidFaceMeta"). For other plugins it adds one
/// GstVideoRegionOfInterestMeta "face" per face, with the id and a "detection" parameter in DL Streamer's
/// layout. An older stamp and its ROIs are replaced. Requires: writable buffer, else std::invalid_argument.
/// Throws std::runtime_error when the stamp cannot be attached. Thread: one at a time per buffer, as below.
void attach_faces(GstBuffer* buffer, FaceFrame frame);

/// Returns the stamp, or nullptr; the buffer owns it. videoscale scales it; unknown transformations drop it.
const FaceFrame* find_faces(GstBuffer* buffer);

/// Sets the stamp's fingerprint after an intended change of pixels; covers call it. Without a stamp it does
/// nothing. Requires: writable buffer, else std::invalid_argument.
void update_fingerprint(GstBuffer* buffer, const Fingerprint& fingerprint);

/// Records on the stamp what was done to the face of this id. Without a stamp or such a face it does nothing.
/// wears: name of the drawn target, if any. Requires: writable buffer, else std::invalid_argument.
void record_treatment(GstBuffer* buffer, std::uint32_t id, Treatment treatment, const std::string& wears);

} // namespace deid
