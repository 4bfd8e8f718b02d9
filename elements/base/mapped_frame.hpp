#pragma once
#include "elements/base/video_format.hpp"

namespace deid {

/// A buffer's pixels, mapped while this lives. Strides and offsets come from the buffer's GstVideoMeta when
/// it has one. Throws ElementError (RESOURCE READ or WRITE) when the buffer cannot be mapped, is not writable
/// although WRITE was asked for, does not hold a whole frame of `info`, or holds several: the caller must not
/// pass such a buffer on.
class MappedFrame {
public:
  MappedFrame(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags);
  ~MappedFrame();
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;

  /// Valid while this lives. Mapped for reading: its pixels must not be written.
  [[nodiscard]] video::FrameView& view() noexcept { return view_; }

private:
  void check_memory() const;
  GstVideoFrame frame_;
  video::FrameView view_;
};

} // namespace deid
