#pragma once
#include "elements/base/gst_ptr.hpp"
#include "elements/base/mapped_frame.hpp"
#include "elements/facedetect/pending_frame.hpp"
#include <deque>
#include <memory>

namespace deid::facedetect {

/// The waiting buffers, mapped for reading, with the tracker's data of each frame. Streaming thread only.
class FrameQueue {
public:
  /// Maps and keeps the buffer. time: ns. Throws ElementError when the buffer cannot be mapped; the buffer is
  /// released then.
  void push(Ref<GstBuffer> buffer, const GstVideoInfo& info, std::int64_t time);
  struct Leaving {
    Ref<GstBuffer> buffer;
    PendingFrame frame; ///< its view is empty
  };
  /// Returns the oldest frame, unmapped. Requires: size() > 0.
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
