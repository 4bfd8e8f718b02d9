#include "elements/meta/original_meta.hpp"
#include "elements/meta/owned_meta.hpp"
#include <stdexcept>

namespace deid {

namespace {

struct OriginalTraits {
  using Value = OriginalFaces;
  static constexpr const char* name = "DeidOriginalMeta";
  static constexpr const char* api_name = "DeidOriginalMetaAPI";
  /// Kept only for an unscaled picture, also in another format: faces cut out of scaled pixels cannot be
  /// compared.
  static std::optional<OriginalFaces> placed(const OriginalFaces& faces, const PlaceChange& change) {
    if (change.frame != cv::Size(faces.width, faces.height))
      return std::nullopt;
    return faces;
  }
};
using OriginalMeta = OwnedMeta<OriginalTraits>; // the faces' descriptors wipe themselves

} // namespace

void remove_originals(GstBuffer* buffer) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: its original faces cannot be changed");
  OriginalMeta::remove(buffer);
}

void attach_originals(GstBuffer* buffer, OriginalFaces faces) {
  remove_originals(buffer);
  if (!OriginalMeta::add(buffer, std::move(faces)))
    throw std::runtime_error("original faces could not be attached");
}

const OriginalFaces* find_originals(GstBuffer* buffer) {
  return OriginalMeta::find(buffer);
}

} // namespace deid
