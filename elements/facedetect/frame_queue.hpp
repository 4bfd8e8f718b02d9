#pragma once
#include "elements/base/mapped_frame.hpp"
#include "elements/facedetect/tracker.hpp"
#include <deque>
#include <gst/gst.h>
#include <memory>

namespace deid::facedetect {

struct BufferUnref {
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
};
using BufferPtr = std::unique_ptr<GstBuffer, BufferUnref>;

/// The waiting buffers, mapped for reading, with the tracker's data of each frame. Streaming thread only.
class FrameQueue {
public:
  /// Maps and keeps the buffer. time: ns. Throws ElementError when the buffer cannot be mapped; the buffer is
  /// released then.
  void push(BufferPtr buffer, const GstVideoInfo& info, std::int64_t time);
  struct Leaving {
    BufferPtr buffer;
    PendingFrame frame; ///< its view is empty
  };
  /// Returns the oldest frame, unmapped. Requires: size() > 0.
  Leaving pop();
  void clear();
  [[nodiscard]] std::size_t size() const { return pending_.size(); }
  [[nodiscard]] std::deque<PendingFrame>& pending() { return pending_; }

private:
  struct Held {
    BufferPtr buffer;
    std::unique_ptr<MappedFrame> mapping; // destroyed before its buffer
  };
  std::deque<Held> held_;
  std::deque<PendingFrame> pending_;
};

} // namespace deid::facedetect
