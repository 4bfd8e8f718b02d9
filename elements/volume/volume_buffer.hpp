#pragma once
#include "elements/base/gst_ptr.hpp"
#include "elements/volume/volume.hpp"
#include <gst/gst.h>
#include <span>
#include <string>
#include <vector>

/// A volume in a pipeline: one buffer holds all of its voxels, i fastest, without padding. GstVolumeMeta
/// ("DeidVolumeMeta") on the buffer says the rest.
namespace deid::volume {

#define DEID_VOLUME_CAPS                                                                                     \
  "volume/x-raw, format=(string){ U8, S8, U16LE, S16LE, U32LE, S32LE, U64LE, S64LE, F32LE, F64LE }, "        \
  "width=(int)[ 1, 2147483647 ], height=(int)[ 1, 2147483647 ], depth=(int)[ 1, 2147483647 ]"

/// What a buffer's metadata says.
struct Attached {
  Description about{};
  std::string header_kind{}; ///< the file format that `header` is written in, for example "nifti"; or empty
  std::vector<std::byte>
      header{};              ///< the source's header without names and texts, for a sink of the same format
  bool face_changed = false; ///< the head has another face; mriremodel says so
};

/// Fixed caps of a volume: format, width (i), height (j), depth (k).
[[nodiscard]] Ref<GstCaps> caps_of(const Description& about);
/// Whether fixed caps state this format and size.
[[nodiscard]] bool states(const GstCaps* caps, const Description& about);

/// Returns a buffer that owns the voxels and has the metadata. Requires: voxels.size() ==
/// attached.about.bytes().
[[nodiscard]] Ref<GstBuffer> new_buffer(std::vector<std::byte> voxels, Attached attached);

/// Attaches metadata, in place of metadata that was there. Requires: writable buffer.
void attach(GstBuffer* buffer, Attached attached);
/// The buffer's metadata; nullptr when it has none. Valid while the buffer keeps the metadata. A copy of the
/// whole buffer keeps the metadata; a part of a buffer loses it.
[[nodiscard]] const Attached* find(GstBuffer* buffer);

/// Maps a volume's voxels while it lives. Throws ElementError (STREAM FORMAT: no metadata, or the buffer has
/// another number of bytes than the metadata states; RESOURCE READ or WRITE: it cannot be mapped).
class MappedVolume {
public:
  MappedVolume(GstBuffer* buffer, GstMapFlags flags);
  ~MappedVolume();
  MappedVolume(const MappedVolume&) = delete;
  MappedVolume& operator=(const MappedVolume&) = delete;

  [[nodiscard]] const Attached& attached() const { return *attached_; }
  [[nodiscard]] std::span<const std::byte> voxels() const;
  /// Requires: mapped for writing.
  [[nodiscard]] std::span<std::byte> writable() const;

private:
  GstBuffer* buffer_;
  const Attached* attached_;
  GstMapInfo map_{};
};

} // namespace deid::volume
