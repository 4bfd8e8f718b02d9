#include "elements/facedetect/frame_queue.hpp"

namespace deid::facedetect {

void FrameQueue::push(Ref<GstBuffer> buffer, const GstVideoInfo& info, std::int64_t time) {
  auto mapping = std::make_unique<MappedFrame>(buffer.get(), info, GST_MAP_READ);
  PendingFrame frame;
  frame.view = mapping->view();
  frame.time = time;
  held_.push_back({std::move(buffer), std::move(mapping)});
  pending_.push_back(std::move(frame));
}

FrameQueue::Leaving FrameQueue::pop() {
  Leaving leaving{std::move(held_.front().buffer), std::move(pending_.front())};
  leaving.frame.view = {};
  held_.front().mapping.reset();
  held_.pop_front();
  pending_.pop_front();
  return leaving;
}

void FrameQueue::clear() {
  held_.clear();
  pending_.clear();
}

} // namespace deid::facedetect
