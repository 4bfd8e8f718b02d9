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

/// Buffers that wait for their lookahead, mapped for reading, beside what the tracker knows of them.
/// Streaming thread only.
class FrameQueue {
public:
  /// Maps and keeps the buffer; throws ElementError when it cannot be mapped (the buffer is gone then).
  void push(BufferPtr buffer, const GstVideoInfo& info, std::int64_t time);
  struct Leaving {
    BufferPtr buffer;
    PendingFrame frame; ///< its view is not valid any more
  };
  /// The oldest one, unmapped. Requires: not empty.
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
