#include "elements/posedetect/detector.hpp"
#include "elements/base/error.hpp"
#include <stdexcept>

namespace deid::posedetect {

namespace {
constexpr std::int64_t usual_duration = 33'333'333; // ns, when neither time nor rate is known
constexpr const char* smoothing_text = "one-euro, min-cutoff 0.05 Hz, beta 80, derivative cut-off 1 Hz";

std::int64_t frame_duration(const GstVideoInfo& info) {
  if (info.fps_n > 0 && info.fps_d > 0)
    return static_cast<std::int64_t>(gst_util_uint64_scale_int(GST_SECOND, info.fps_d, info.fps_n));
  return usual_duration;
}

std::unique_ptr<FrameSink> sink_for(const Options& options) {
  if (options.location.empty())
    return nullptr;
  try {
    return open_sink(options.location, options.format, options.set);
  } catch (const std::runtime_error& error) {
    throw ElementError(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
                       "Keypoints cannot be written to " + options.location.string() + ".", error.what());
  }
}
} // namespace

void Detector::start(const Options& options) {
  stop();
  sink_ = sink_for(options);
  const models::SessionOptions f32{.threads = options.threads, .device = options.device};
  if (options.model.empty()) {
    finder_.emplace(options.files, f32);
    tracker_.emplace(*finder_);
  } else {
    bottom_up_.emplace(options.model, f32);
  }
  if (options.hands)
    hands_ = open_hand_finder(f32);
  own_counts_ = {};
  const std::lock_guard lock(mutex_);
  snapshot_ = {};
}

void Detector::stop() {
  broken_ = true;
  tracker_.reset();
  finder_.reset();
  bottom_up_.reset();
  hands_.reset();
  // without an EOS the file must still be complete up to this frame
  if (const auto sink = std::move(sink_))
    sink->finish();
}

void Detector::set_format(const GstVideoInfo& info) {
  info_ = info;
  clear();
  broken_ = false;
}

std::int64_t Detector::time_of(GstClockTime pts) {
  const bool known = GST_CLOCK_TIME_IS_VALID(pts);
  if (known)
    last_time_ = std::max(last_time_.value_or(0), static_cast<std::int64_t>(pts));
  else
    last_time_ = last_time_ ? *last_time_ + frame_duration(info_) : 0;
  return *last_time_;
}

std::vector<Person> Detector::people_of(const video::FrameView& frame, std::int64_t time,
                                        const Options& options) {
  if (!bottom_up_)
    return tracker_->step(frame, time, options.tracking);
  auto people = bottom_up_->step(frame, time, options.tracking.max_people, options.tracking.absence);
  ++own_counts_.frames;
  own_counts_.frames_with_people += people.empty() ? 0 : 1;
  own_counts_.people += people.size();
  return people;
}

PoseFrame Detector::detect(const video::FrameView& frame, GstClockTime pts, const Options& options) {
  if (broken_)
    throw ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
                       "Pose detection cannot go on after an error.",
                       "a frame came after a failure or before its format");
  broken_ = true; // reset only when nothing below throws
  const std::int64_t time = time_of(pts);
  PoseFrame found{.width = frame.width, .height = frame.height, .stage = options.stage};
  found.people = people_of(frame, time, options);
  found.detector = bottom_up_ ? bottom_up_->description() : finder_->description();
  found.smoothing = options.tracking.smooth && !bottom_up_ ? smoothing_text : "none";
  if (hands_) {
    if (tracker_ && tracker_->cut())
      hands_->reset();
    hands_->find(frame, time, found.people);
    found.detector.append(1, ' ').append(hands_->description());
  }
  if (sink_)
    sink_->write(found, GST_CLOCK_TIME_IS_VALID(pts) ? static_cast<std::int64_t>(pts) : -1);
  broken_ = false;
  publish();
  return found;
}

void Detector::clear() {
  if (tracker_)
    tracker_->reset();
  if (bottom_up_)
    bottom_up_->reset();
  if (hands_)
    hands_->reset();
  last_time_.reset();
}

void Detector::finish() {
  if (const auto sink = std::move(sink_))
    sink->finish();
}

void Detector::publish() {
  const std::lock_guard lock(mutex_);
  snapshot_ = bottom_up_ ? Snapshot{own_counts_, {}} : Snapshot{tracker_->counts(), finder_->cost()};
}

Detector::Snapshot Detector::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

} // namespace deid::posedetect
