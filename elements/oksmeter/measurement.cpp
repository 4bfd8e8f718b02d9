#include "elements/oksmeter/measurement.hpp"
#include "models/files/whole_file.hpp"
#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace deid::oksmeter {

namespace {

void drop_masks(coco::Seen& seen) {
  for (Person& person : seen.pose.people)
    person.mask.reset(); // masks are large, and no measure uses them
}

std::filesystem::path plain(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(path, ignored);
}

void check_files(const MeterOptions& o) {
  const auto same = [](const std::filesystem::path& a, const std::filesystem::path& b) {
    return !a.empty() && !b.empty() && plain(a) == plain(b);
  };
  if (same(o.location, o.csv))
    throw std::invalid_argument("location and csv are the same file, " + o.csv.string());
  for (const auto& written : {o.location, o.csv})
    if (same(written, o.reference))
      throw std::invalid_argument("the reference " + o.reference.string() + " would be overwritten");
}

} // namespace

Measurement::Measurement(const MeterOptions& options)
    : options_(options), rule_(rule_of(options)), meter_(std::make_unique<Meter>(rule_)) {
  check_files(options_);
  if (options_.reference.empty())
    return;
  keypoint_files::Recording recording = keypoint_files::read_poses(options_.reference);
  reference_ = std::move(recording.frames);
  const auto of_original = [](const keypoint_files::TimedPose& f) { return f.pose.stage == Stage::original; };
  if (std::ranges::any_of(reference_, of_original)) // a file of posedetect can hold both stages
    std::erase_if(reference_, std::not_fn(of_original));
  if (reference_.empty())
    throw std::invalid_argument(options_.reference.string() + " holds no frames");
  reference_timed_ = std::ranges::all_of(reference_, [](const auto& f) { return f.pts.has_value(); });
  if (reference_timed_) {
    std::ranges::stable_sort(reference_, {}, [](const auto& f) { return *f.pts; });
    const auto twice = std::ranges::adjacent_find(reference_, {}, [](const auto& f) { return *f.pts; });
    if (twice != reference_.end())
      throw std::invalid_argument(options_.reference.string() + ": two frames have the same time " +
                                  std::to_string(*twice->pts));
  }
  first_number_ = first_number(recording.kind);
}

// COCO's programs count images from 1. The file does not contain images without people.
std::int64_t Measurement::first_number(keypoint_files::Kind kind) const {
  const std::int64_t first = reference_.front().number;
  const bool coco =
      kind == keypoint_files::Kind::coco_results || kind == keypoint_files::Kind::coco_ground_truth;
  return coco ? std::min<std::int64_t>(first, 1) : first;
}

void Measurement::expect_original(bool expected) {
  const std::lock_guard lock(mutex_);
  if (expected == expected_)
    return;
  expected_ = expected;
  original_done_ = false;
  if (!reference_.empty())
    return; // the file has priority
  if (expected)
    pairing_.expect_original();
  else
    pairing_.end_original();
  settle();
  changed_.notify_all();
}

coco::Seen Measurement::next_of_file(std::int64_t untimed) {
  const keypoint_files::TimedPose& next = reference_[next_reference_++];
  return {reference_timed_ ? static_cast<std::int64_t>(*next.pts) : untimed, next.pose, {}};
}

// Frames are due by time when the file has times, else by number.
void Measurement::bring_reference_to(std::int64_t time) {
  const auto due = [&](const keypoint_files::TimedPose& frame) {
    return reference_timed_ ? static_cast<std::int64_t>(*frame.pts) <= time
                            : frame.number < first_number_ + frames_;
  };
  while (next_reference_ < reference_.size() && due(reference_[next_reference_]))
    pairing_.original(next_of_file(time));
  if (reference_timed_ && next_reference_ < reference_.size())
    pairing_.original(next_of_file(time)); // a slightly later frame may still be a partner
  if (next_reference_ >= reference_.size())
    pairing_.end_original();
}

void Measurement::frame(coco::Seen own, std::optional<coco::Seen> inside) {
  const std::lock_guard lock(mutex_);
  ++frames_;
  last_time_ = own.time;
  written_ = false;
  drop_masks(own);
  if (!reference_.empty()) {
    bring_reference_to(own.time);
    pairing_.deidentified(std::move(own));
    settle();
  } else if (expected_) {
    pairing_.deidentified(std::move(own));
    settle();
  } else if (inside) {
    drop_masks(*inside);
    add({std::move(inside), std::move(own)});
  } else {
    throw NoOriginal("no keypoints of the original");
  }
}

void Measurement::original(coco::Seen seen) {
  const std::lock_guard lock(mutex_);
  if (!expected_ || !reference_.empty())
    return; // the file has priority
  written_ = false;
  drop_masks(seen);
  pairing_.original(std::move(seen));
  settle();
}

void Measurement::original_ended() {
  const std::lock_guard lock(mutex_);
  original_done_ = true;
  if (reference_.empty())
    pairing_.end_original();
  settle();
  changed_.notify_all();
}

bool Measurement::end() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return !expected_ || !reference_.empty() || original_done_ || interrupted_ || failed_;
  });
  if (interrupted_ || failed_)
    return false;
  while (next_reference_ < reference_.size()) // frames of the file after the last frame
    pairing_.original(next_of_file(last_time_));
  pairing_.end_original();
  pairing_.end_deidentified();
  settle();
  return true;
}

bool Measurement::break_off() {
  const std::lock_guard lock(mutex_);
  meter_->broken_off(pairing_.original_waiting() + reference_.size() - next_reference_,
                     pairing_.deidentified_waiting());
  return !failed_ && (meter_->frames() > 0 || pairing_.waiting() > 0);
}

void Measurement::fail() {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  changed_.notify_all();
}

void Measurement::interrupt(bool on) {
  const std::lock_guard lock(mutex_);
  interrupted_ = on;
  changed_.notify_all();
}

void Measurement::restart(bool original) {
  const std::lock_guard lock(mutex_);
  meter_ = std::make_unique<Meter>(rule_);
  pairing_ = coco::Pairing();
  next_reference_ = 0;
  frames_ = 0;
  last_time_ = 0;
  if (original)
    original_done_ = false;
  if (original_done_)
    pairing_.end_original();
}

void Measurement::add(coco::FramePair pair) {
  if (pair.original && pair.deidentified) {
    const PoseFrame &a = pair.original->pose, &b = pair.deidentified->pose;
    const bool known = a.width > 0 && a.height > 0; // a file may not contain the size
    if (known && (a.width != b.width || a.height != b.height))
      throw std::runtime_error("the original is " + std::to_string(a.width) + "x" + std::to_string(a.height) +
                               " and the de-identified video " + std::to_string(b.width) + "x" +
                               std::to_string(b.height));
  }
  meter_->add(std::move(pair));
}

void Measurement::settle() {
  for (coco::FramePair& pair : pairing_.take())
    add(std::move(pair));
}

Summary Measurement::summary() const {
  const std::lock_guard lock(mutex_);
  return meter_->summary();
}

bool Measurement::write() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(written_, true))
    return false;
  if (options_.location.empty() && options_.csv.empty())
    return true;
  const Meter::Reports reports = meter_->reports();
  if (!options_.location.empty())
    files::write_whole(options_.location, reports.json);
  if (!options_.csv.empty())
    files::write_whole(options_.csv, reports.csv);
  return true;
}

} // namespace deid::oksmeter
