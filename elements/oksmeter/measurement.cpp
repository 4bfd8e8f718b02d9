#include "elements/oksmeter/measurement.hpp"
#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace deid::oks {

namespace {

void write_whole(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path part = path.string() + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code failed;
  if (out)
    std::filesystem::rename(part, path, failed);
  if (!out || failed) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw std::runtime_error("cannot write " + path.string() + (failed ? ": " + failed.message() : ""));
  }
}

} // namespace

Measurement::Measurement(const MeterOptions& options)
    : options_(options), rule_(rule_of(options)), meter_(std::make_unique<Meter>(rule_)) {
  if (options_.reference.empty())
    return;
  reference_ = posefile::read_poses(options_.reference).frames;
  const auto of_original = [](const posefile::TimedPose& f) { return f.pose.stage == Stage::original; };
  if (std::ranges::any_of(reference_, of_original)) // a file of posedetect may hold both stages
    std::erase_if(reference_, std::not_fn(of_original));
  reference_timed_ = std::ranges::all_of(reference_, [](const auto& f) { return f.pts.has_value(); });
  if (reference_.empty())
    throw std::invalid_argument(options_.reference.string() + " holds no frames");
}

void Measurement::expect_original(bool expected) {
  const std::lock_guard lock(mutex_);
  expected_ = expected;
  changed_.notify_all();
}

Seen Measurement::next_of_file(std::int64_t untimed) {
  const posefile::TimedPose& next = reference_[next_reference_++];
  return {reference_timed_ ? static_cast<std::int64_t>(*next.pts) : untimed, next.pose, {}};
}

// By time where the file knows it, else by the frames' numbers, counted from the file's first.
void Measurement::bring_reference_to(std::int64_t time) {
  const auto due = [&](const posefile::TimedPose& frame) {
    return reference_timed_ ? static_cast<std::int64_t>(*frame.pts) <= time
                            : frame.number - reference_.front().number < frames_;
  };
  while (next_reference_ < reference_.size() && due(reference_[next_reference_]))
    pairing_.original(next_of_file(time));
  if (reference_timed_ && next_reference_ < reference_.size())
    pairing_.original(next_of_file(time)); // a little later may still be the same moment
  if (next_reference_ >= reference_.size())
    pairing_.end_original();
}

void Measurement::frame(Seen own, std::optional<Seen> inside) {
  const std::lock_guard lock(mutex_);
  ++frames_;
  written_ = false;
  if (!reference_.empty()) {
    bring_reference_to(own.time);
    pairing_.deidentified(std::move(own));
    settle();
  } else if (expected_) {
    pairing_.deidentified(std::move(own));
    settle();
  } else if (inside) {
    meter_->add({std::move(inside), std::move(own)});
  } else {
    throw std::runtime_error("no keypoints of the original");
  }
}

void Measurement::original(Seen seen) {
  const std::lock_guard lock(mutex_);
  written_ = false;
  pairing_.original(std::move(seen));
  settle();
}

void Measurement::original_ended() {
  const std::lock_guard lock(mutex_);
  original_done_ = true;
  pairing_.end_original();
  settle();
  changed_.notify_all();
}

bool Measurement::end() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !expected_ || original_done_ || interrupted_; });
  if (interrupted_)
    return false;
  while (next_reference_ < reference_.size()) // what the file has beyond the last frame
    pairing_.original(next_of_file(std::numeric_limits<std::int64_t>::max()));
  pairing_.end_original();
  pairing_.end_deidentified();
  settle();
  return true;
}

void Measurement::interrupt(bool on) {
  const std::lock_guard lock(mutex_);
  interrupted_ = on;
  changed_.notify_all();
}

void Measurement::restart() {
  const std::lock_guard lock(mutex_);
  meter_ = std::make_unique<Meter>(rule_);
  pairing_ = Pairing();
  next_reference_ = 0;
  frames_ = 0;
  original_done_ = false;
}

void Measurement::settle() {
  for (Couple& couple : pairing_.take())
    meter_->add(std::move(couple));
}

Summary Measurement::summary() const {
  const std::lock_guard lock(mutex_);
  return meter_->summary();
}

void Measurement::write() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(written_, true) || (options_.location.empty() && options_.csv.empty()))
    return;
  const Meter::Reports reports = meter_->reports();
  if (!options_.location.empty())
    write_whole(options_.location, reports.json);
  if (!options_.csv.empty())
    write_whole(options_.csv, reports.csv);
}

} // namespace deid::oks
