#pragma once
#include "elements/base/video_format.hpp"

namespace deid {

/// Maps a buffer's pixels while it lives. Strides and offsets come from the buffer's GstVideoMeta if it has
/// one. Throws ElementError (RESOURCE READ or WRITE) when the buffer cannot be mapped, is not writable
/// although `flags` has WRITE, does not hold a whole frame of `info`, or holds several pictures. The caller
/// must not pass such a buffer on.
class MappedFrame {
public:
  MappedFrame(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags);
  ~MappedFrame();
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;

  /// Valid while this object lives. With read-only flags its pixels must not be written.
  [[nodiscard]] video::FrameView& view() noexcept { return view_; }

private:
  void check_memory() const;
  GstVideoFrame frame_;
  video::FrameView view_;
};

} // namespace deid
