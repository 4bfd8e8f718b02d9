#pragma once
#include "elements/base/gst_ptr.hpp"
#include "elements/base/mapped_frame.hpp"
#include "elements/facedetect/tracker.hpp"
#include <deque>
#include <memory>

namespace deid::facedetect {

/// Buffers that wait for their lookahead, mapped for reading, beside what the tracker knows of them.
/// Streaming thread only.
class FrameQueue {
public:
  /// Maps and keeps the buffer; throws ElementError when it cannot be mapped (the buffer is gone then).
  void push(Ref<GstBuffer> buffer, const GstVideoInfo& info, std::int64_t time);
  struct Leaving {
    Ref<GstBuffer> buffer;
    PendingFrame frame; ///< its view is not valid any more
  };
  /// The oldest one, unmapped. Requires: not empty.
  Leaving pop();
  void clear();
  [[nodiscard]] std::size_t size() const { return pending_.size(); }
  [[nodiscard]] std::deque<PendingFrame>& pending() { return pending_; }

private:
  struct Held {
    Ref<GstBuffer> buffer;
    std::unique_ptr<MappedFrame> mapping; // destroyed before its buffer
  };
  std::deque<Held> held_;
  std::deque<PendingFrame> pending_;
};

} // namespace deid::facedetect
