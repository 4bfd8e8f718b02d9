#include "elements/meta/face_meta.hpp"
#include "elements/meta/owned_meta.hpp"
#include <stdexcept>

namespace deid {

namespace {

constexpr const char* face_roi = "face";

struct FaceTraits {
  using Value = FaceFrame;
  static constexpr const char* name = "DeidFaceMeta";
  static constexpr const char* api_name = "DeidFaceMetaAPI";
  /// Whole copies and scaling keep the stamp. Any other transformation loses it, which a cover treats as
  /// doubt.
  static std::optional<FaceFrame> placed(FaceFrame frame, const PlaceChange& change) {
    for (FaceRegion& face : frame.faces) {
      face.box = {face.box.x * change.x, face.box.y * change.y, face.box.width * change.x,
                  face.box.height * change.y};
      for (cv::Point3f& point : face.landmarks)
        point = {point.x * change.x, point.y * change.y, point.z * change.x};
    }
    frame.width = change.frame.width;
    frame.height = change.frame.height;
    return frame;
  }
};
using FaceMeta = OwnedMeta<FaceTraits>;

void remove_old(GstBuffer* buffer) {
  const FaceFrame* old = FaceMeta::find(buffer);
  std::vector<std::uint32_t> ids;
  if (old != nullptr)
    for (const FaceRegion& face : old->faces)
      ids.push_back(face.id);
  FaceMeta::remove(buffer);
  remove_regions(buffer, face_roi, ids);
}

void require_writable(GstBuffer* buffer) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: its face stamp cannot be changed");
}

} // namespace

void attach_faces(GstBuffer* buffer, FaceFrame frame) {
  require_writable(buffer);
  remove_old(buffer);
  for (const FaceRegion& face : frame.faces)
    add_region(buffer, face_roi, face.id, face.box, face.score, {frame.width, frame.height});
  if (!FaceMeta::add(buffer, std::move(frame)))
    throw std::runtime_error("face stamp could not be attached");
}

const FaceFrame* find_faces(GstBuffer* buffer) {
  return FaceMeta::find(buffer);
}

void update_fingerprint(GstBuffer* buffer, const Fingerprint& fingerprint) {
  require_writable(buffer);
  if (FaceFrame* frame = FaceMeta::find(buffer); frame != nullptr)
    frame->fingerprint = fingerprint;
}

void record_treatment(GstBuffer* buffer, std::uint32_t id, Treatment treatment, const std::string& wears) {
  require_writable(buffer);
  FaceFrame* frame = FaceMeta::find(buffer);
  if (frame == nullptr)
    return;
  for (FaceRegion& face : frame->faces)
    if (face.id == id) {
      face.treatment = treatment;
      face.wears = wears;
    }
}

} // namespace deid
