#include "elements/facedetect/detector.hpp"
#include "elements/base/error.hpp"
#include <algorithm>

namespace deid::facedetect {

namespace {
constexpr std::int64_t usual_duration = 33'333'333; // ns, when neither time nor rate is known

std::int64_t frame_duration(const GstVideoInfo& info) {
  if (info.fps_n > 0 && info.fps_d > 0)
    return static_cast<std::int64_t>(gst_util_uint64_scale_int(GST_SECOND, info.fps_d, info.fps_n));
  return usual_duration;
}

int automatic_lookahead(const GstVideoInfo& info, bool live) {
  return live ? static_cast<int>(live_delay / std::max<std::int64_t>(1, frame_duration(info)))
              : default_lookahead;
}

int lookahead_for(const Options& options, const GstVideoInfo& info, bool live) {
  const int wanted = options.lookahead >= 0 ? options.lookahead : automatic_lookahead(info, live);
  const auto most = static_cast<int>(waiting_bytes / std::max<std::size_t>(1, info.size));
  return std::min(wanted, std::max(1, most));
}
} // namespace

void Detector::start(const Options& options) {
  stop();
  finder_.emplace(options.files, models::SessionOptions{.precision = options.precision,
                                                        .threads = options.threads,
                                                        .device = options.device});
  tracker_.emplace(*finder_);
  const std::lock_guard lock(mutex_);
  snapshot_ = {};
}

void Detector::stop() {
  queue_.clear();
  tracker_.reset();
  finder_.reset();
  broken_ = true;
}

void Detector::set_format(const GstVideoInfo& info, const Options& options, bool live) {
  broken_ = true;
  queue_.clear();
  info_ = info;
  lookahead_ = lookahead_for(options, info, live);
  waits_at_most_ = live && options.lookahead < 0 ? std::optional(live_delay) : std::nullopt;
  pace_ = lookahead_ >= sweep_period(options.tracking, Pace::ahead) ? Pace::ahead : Pace::live;
  finder_->prepare({info.width, info.height}, pace_);
  tracker_->reset({info.width, info.height}, finder_->sweep_area(), pace_,
                  frame_duration(info) >= apart_from);
  last_time_ = 0;
  broken_ = false;
}

std::int64_t Detector::time_of(GstBuffer* buffer) {
  const bool known = GST_BUFFER_PTS_IS_VALID(buffer);
  const auto time =
      known ? static_cast<std::int64_t>(GST_BUFFER_PTS(buffer)) : last_time_ + frame_duration(info_);
  last_time_ = std::max(last_time_, time);
  return last_time_;
}

void Detector::push(Ref<GstBuffer> buffer, const Options& options) {
  if (broken_)
    throw ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                       "Face detection cannot continue after an error.",
                       "a frame came after a failure or before its format");
  broken_ = true; // stays true when a call below throws
  const std::int64_t time = time_of(buffer.get());
  queue_.push(std::move(buffer), info_, time);
  tracker_->step(queue_.pending(), options.tracking);
  broken_ = false;
  publish();
}

void Detector::finish() {
  if (broken_ || queue_.size() == 0)
    return;
  broken_ = true; // stays true when a call below throws
  tracker_->finish(queue_.pending());
  broken_ = false;
}

std::optional<Detected> Detector::pop(bool all) {
  if (broken_ || queue_.size() == 0 || (!all && must_wait()))
    return std::nullopt;
  FrameQueue::Leaving leaving = queue_.pop();
  // a cover treats a region outside the frame as doubt, but a face that left the frame is no doubt
  std::erase_if(leaving.frame.faces, [this](const FaceRegion& face) {
    return !touches(face, {info_.width, info_.height});
  });
  tracker_->count(leaving.frame);
  publish();
  FaceFrame faces;
  faces.width = info_.width;
  faces.height = info_.height;
  faces.fingerprint = leaving.frame.fingerprint;
  faces.faces = std::move(leaving.frame.faces);
  faces.detector = finder_->description();
  return Detected{std::move(leaving.buffer), std::move(faces)};
}

bool Detector::must_wait() {
  const auto& waiting = queue_.pending();
  const bool late = waits_at_most_ && waiting.back().time - waiting.front().time >= *waits_at_most_;
  return !late && waiting.size() <= static_cast<std::size_t>(lookahead_);
}

bool Detector::waits_beyond(GstClockTime time) const {
  return queue_.size() > 0 &&
         time < static_cast<GstClockTime>(last_time_ + lookahead_ * frame_duration(info_));
}

void Detector::clear() {
  queue_.clear();
  if (tracker_ && !broken_)
    tracker_->reset({info_.width, info_.height}, finder_->sweep_area(), pace_,
                    frame_duration(info_) >= apart_from);
  last_time_ = 0;
}

void Detector::publish() {
  const std::lock_guard lock(mutex_);
  snapshot_ = {tracker_->counts(), finder_->cost()};
}

Detector::Snapshot Detector::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

} // namespace deid::facedetect
