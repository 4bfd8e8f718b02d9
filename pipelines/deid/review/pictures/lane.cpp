#include "pipelines/deid/review/pictures/lane.hpp"
#include "pipelines/deid/picture/picture.hpp"
#include "pipelines/deid/review/pictures/reel.hpp"
#include "pipelines/deid/review/pictures/store.hpp"
#include <algorithm>
#include <chrono>
#include <limits>

namespace deid::review::page {
namespace {

/// Pictures that are kept in memory: in full size, and when the disk is full.
constexpr std::size_t most_loose = 12;

std::string jpeg(const cv::Mat& pixels, int quality) {
  cli::Picture picture;
  picture.pixels = pixels;
  picture.storage.luma_h = picture.storage.luma_v = 2;
  cli::PictureWriting writing;
  writing.quality = quality;
  const cli::Bytes bytes = cli::encode(picture, writing);
  return {bytes.begin(), bytes.end()};
}

void keep(std::map<int, std::string>& pictures, int frame, std::string picture) {
  while (pictures.size() >= most_loose)
    pictures.erase(pictures.begin()->first < frame ? pictures.begin() : std::prev(pictures.end()));
  pictures.insert_or_assign(frame, std::move(picture));
}

} // namespace

/// What the thread works with.
struct Lane::Work {
  cli::Film film;
  std::size_t frames;
  Store store;
  Reel steady;        ///< reads the film once, from its first frame to its last
  Reel jumping;       ///< goes to frames that are asked for
  bool jumps = true;  ///< false: the film can only be read from its start
  int jumped = -1;    ///< the frame that `jumping` gave last; -1: none
  bool ended = false; ///< `steady` is at its end

  Work(const std::filesystem::path& file, const std::filesystem::path& folder, const LaneLimits& limits)
      : film(cli::read_film(file)), frames(film.shown_times().size()), store(folder, frames, limits.most),
        steady(file, film), jumping(file, film), jumps(jumping.can_go()) {}

  /// Decodes on until this frame. passed: called for each frame before it. False: the frame is not there.
  bool run_to(int frame, const auto& passed) {
    while (const std::optional<int> now = jumping.next()) {
      jumped = *now;
      if (jumped >= frame)
        return jumped == frame;
      passed(jumped);
    }
    jumped = -1;
    return false;
  }

  /// Decodes this frame, by the shortest way that works. False: the frame is not there.
  bool reach(int frame, int near, const auto& passed) {
    if (jumped >= 0 && frame > jumped && frame - jumped <= near)
      return run_to(frame, passed);
    // Some files have their key frame by decoding time only, which may be after the wanted frame.
    for (const int start : {frame, std::max(0, frame - near)}) {
      jumping.go_to(start);
      if (run_to(frame, passed))
        return true;
    }
    jumping.restart();
    return run_to(frame, passed);
  }
};

Lane::Lane(std::filesystem::path file, std::filesystem::path folder, const LaneLimits& limits)
    : file_(std::move(file)), folder_(std::move(folder)), limits_(limits), thread_([this] { run(); }) {}

Lane::~Lane() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  asked_.notify_all();
  answered_.notify_all();
  thread_.join();
}

std::optional<std::string> Lane::ready_picture(int frame, bool whole) const {
  const auto& loose = whole ? whole_ : loose_;
  if (const auto found = loose.find(frame); found != loose.end())
    return found->second;
  return whole || !work_ ? std::nullopt : work_->store.get(static_cast<std::size_t>(frame));
}

std::string Lane::picture(int frame, bool whole) {
  const auto patience = std::chrono::seconds(limits_.patience);
  std::unique_lock lock(mutex_);
  const auto known = [&] { return work_ || !failure_.empty() || stop_; };
  if (!answered_.wait_for(lock, patience, known))
    throw UserError("The video is still being opened; try again.");
  if (work_ && (frame < 0 || static_cast<std::size_t>(frame) >= work_->frames))
    throw UserError("There is no frame " + std::to_string(frame) + "; the video has " +
                    std::to_string(work_->frames) + ".");
  const auto find = [&] { return ready_picture(frame, whole); };
  std::optional<std::string> found = find();
  if (!found && failure_.empty()) {
    wishes_.push_back({frame, whole});
    ++waiting_;
    asked_.notify_one();
    answered_.wait_for(lock, patience, [&] { return (found = find()) || !failure_.empty() || stop_; });
    --waiting_;
    waited_ = std::chrono::steady_clock::now();
  }
  if (found)
    return *found;
  throw UserError(failure_.empty() ? "Frame " + std::to_string(frame) + " was not decoded in time; try again."
                                   : failure_);
}

std::optional<Lane::Wish> Lane::next_wish(bool wait) {
  std::unique_lock lock(mutex_);
  asked_.wait(lock, [&] { return !wait || stop_ || (work_->jumps && !wishes_.empty()); });
  if (stop_ || !work_->jumps || wishes_.empty())
    return std::nullopt;
  const Wish wish = wishes_.back();
  std::erase(wishes_, wish);
  return wish;
}

void Lane::keep_small(int frame, const cv::Mat& pixels) {
  std::string picture = jpeg(pixels, limits_.small_quality);
  const std::scoped_lock lock(mutex_);
  if (!work_->store.put(static_cast<std::size_t>(frame), picture))
    keep(loose_, frame, std::move(picture));
  answered_.notify_all();
}

bool Lane::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stop_;
}

bool Lane::lacks(int frame) const {
  const std::scoped_lock lock(mutex_);
  return !work_->store.has(static_cast<std::size_t>(frame));
}

/// Makes small pictures of frames that were decoded, the last ones first, while nobody asks for another.
void Lane::keep_passed(std::vector<Passed> passed) {
  for (; !passed.empty() && alone(); passed.pop_back())
    if (lacks(passed.back().first))
      keep_small(passed.back().first, work_->jumping.picture(limits_.small_side, passed.back().second));
}

bool Lane::alone() const {
  const std::scoped_lock lock(mutex_);
  return wishes_.empty() && !stop_;
}

/// Decodes a frame that is asked for, and then some around it while nobody asks for another.
void Lane::serve(const Wish& wish) {
  if (!wish.whole && !lacks(wish.frame)) {
    answered_.notify_all();
    return;
  }
  std::vector<Passed> passed;
  const auto pass = [&](int frame) {
    if (frame >= wish.frame - limits_.before && lacks(frame))
      passed.emplace_back(frame, work_->jumping.held());
  };
  work_->jumping.leave_out_before(std::max(0, wish.frame - limits_.before));
  if (!work_->reach(wish.frame, limits_.near, pass))
    return;
  if (wish.whole) {
    std::string picture =
        jpeg(work_->jumping.picture(std::numeric_limits<int>::max()), limits_.whole_quality);
    const std::scoped_lock lock(mutex_);
    keep(whole_, wish.frame, std::move(picture));
    answered_.notify_all();
  }
  const auto take = [&](int frame) {
    if (lacks(frame))
      keep_small(frame, work_->jumping.picture(limits_.small_side));
  };
  take(wish.frame);
  keep_passed(std::move(passed));
  const int last = std::min(wish.frame + limits_.after, static_cast<int>(work_->frames) - 1);
  while (work_->jumped >= 0 && work_->jumped < last && alone() && work_->run_to(work_->jumped + 1, take))
    take(work_->jumped);
}

/// Decodes the next frame of the whole film.
void Lane::step() {
  const std::optional<int> frame = work_->steady.next();
  if (frame && lacks(*frame))
    keep_small(*frame, work_->steady.picture(limits_.small_side));
  const std::scoped_lock lock(mutex_);
  work_->ended = !frame || work_->store.full();
}

void Lane::serve_or_read_on(const Wish& wish) {
  try {
    serve(wish);
  } catch (const UserError&) {
    const std::scoped_lock lock(mutex_);
    work_->jumps = false; // the film can only be read on
  }
}

void Lane::work() {
  while (!stopped()) {
    const bool idle = work_->ended;
    if (const std::optional<Wish> wish = next_wish(idle))
      serve_or_read_on(*wish);
    else if (!idle)
      step();
  }
}

void Lane::run() {
  try {
    auto opened = std::make_unique<Work>(file_, folder_, limits_);
    {
      const std::scoped_lock lock(mutex_);
      work_ = std::move(opened);
    }
    answered_.notify_all();
    work();
  } catch (const std::exception& e) {
    const std::scoped_lock lock(mutex_);
    failure_ = e.what();
    answered_.notify_all();
  }
}

bool Lane::awaited() const {
  const std::scoped_lock lock(mutex_);
  return waiting_ > 0 || std::chrono::steady_clock::now() - waited_ < std::chrono::milliseconds(limits_.calm);
}

Json Lane::progress() const {
  const std::scoped_lock lock(mutex_);
  return {{"frames", work_ ? work_->frames : 0},
          {"ready", work_ ? work_->store.count() : 0},
          {"full", work_ && work_->store.full()},
          {"error", failure_.empty() ? Json() : Json(failure_)}};
}

} // namespace deid::review::page
