#include "elements/facedetect/thorough.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tracker.hpp"
#include <algorithm>
#include <array>
#include <cmath>

// Searches beyond the planned sweeps: heads of bodies, and all jobs of a still.
namespace deid::facedetect {

namespace {
constexpr std::array turns{Turn::none, Turn::clockwise, Turn::counter_clockwise, Turn::half};
// In enlarged, rotated or brightened pictures, folds and letters score higher: in 25 pictures with 14 such
// jobs each, 14 false detections had scores of .4 or more and none of .5 or more.
constexpr float extra_doubt = 0.1F;
// Enlargement of the frame's px in tiles, limited by at most 4 x 4 tiles.
constexpr double enlarged = 2.0;
constexpr int most_a_side = 4;
constexpr double overlap = 0.2; // of a tile, so that one of them contains a face on the seam
// While every track is visible and no head is covered, bodies are searched in one of known_share frames with
// a sweep of the whole frame; live, in one third of those. A body search costs somewhat less than half of a
// sweep. known_share is odd, because every fourth sweep is rotated and bodies must also be searched upright.
constexpr int known_share = 7, live_share = 3;
// Least time between two closer searches of a scene's first frame, ns, because cuts may follow fast.
constexpr std::int64_t scene_search_rest = 10'000'000'000;

std::vector<cv::Rect> enlarging_tiles(cv::Size frame, int sweep_area) {
  const double shrink = std::sqrt(static_cast<double>(frame.area()) / std::max(1, sweep_area));
  const int side = std::clamp(static_cast<int>(std::ceil(enlarged * shrink)), 2, most_a_side);
  const auto length = [&](int whole) { return static_cast<int>(whole / (side - (side - 1) * overlap)) + 1; };
  const cv::Size tile(std::min(frame.width, length(frame.width)),
                      std::min(frame.height, length(frame.height)));
  std::vector<cv::Rect> tiles;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column)
      tiles.emplace_back((frame.width - tile.width) * column / (side - 1),
                         (frame.height - tile.height) * row / (side - 1), tile.width, tile.height);
  return tiles;
}
} // namespace

std::vector<SweepJob> every_look(cv::Size frame, int sweep_area) {
  const cv::Rect whole({0, 0}, frame);
  std::vector<SweepJob> jobs;
  for (const Turn turn : turns)
    for (const bool brightened : {false, true})
      jobs.push_back({whole, turn, Sight::fine, brightened, brightened ? extra_doubt : 0.F});
  for (const cv::Rect& tile : enlarging_tiles(frame, sweep_area))
    for (const Turn turn : {Turn::none, Turn::clockwise, Turn::counter_clockwise})
      jobs.push_back({tile, turn, Sight::fine, false, extra_doubt});
  return jobs;
}

std::vector<SweepJob> scene_looks(cv::Size frame, int sweep_area) {
  std::vector<SweepJob> jobs = every_look(frame, sweep_area);
  std::erase_if(jobs, [&](const SweepJob& job) {
    const bool whole = job.area.size() == frame, upright = job.turn == Turn::none;
    return whole ? upright && !job.brightened : !upright; // planned already; too many jobs
  });
  return jobs;
}

bool Tracker::somebody_missing() const {
  const auto has_face = [&](const Head& head) {
    return std::ranges::any_of(
        tracks_, [&](const Track& track) { return track.seen && is_own_face(track.box, head.box); });
  };
  return std::ranges::none_of(tracks_, [](const Track& track) { return track.seen; }) ||
         std::ranges::any_of(head_look_.heads, [&](const Head& h) { return !h.away && !has_face(h); });
}

void Tracker::search_scene(const PendingFrame& frame) {
  if (pace_ == Pace::live || !(frame.cut || frames_ == 1) || frame.time < searched_until_ ||
      !somebody_missing())
    return;
  searched_until_ = frame.time + scene_search_rest;
  finder_.refill(settings_.max_faces);
  sweep_still(frame, scene_looks(frame.view.size(), sweep_area_));
}

void Tracker::sweep_still(const PendingFrame& frame, const std::vector<SweepJob>& jobs) {
  still_ = true;
  sweep(frame, jobs);
  still_ = false;
}

bool Tracker::heads_due(const PendingFrame& frame) {
  ++sweeps_without_heads_;
  const bool all_known = !tracks_.empty() && !heads_.needed() &&
                         std::ranges::all_of(tracks_, [](const Track& t) { return t.seen; });
  const int period = (all_known ? known_share : 1) * (pace_ == Pace::live ? live_share : 1);
  if (!frame.cut && !step_.apart && frames_ > 1 && sweeps_without_heads_ < period)
    return false;
  sweeps_without_heads_ = 0;
  return true;
}

// Measured at 25 to 30 frames per second: heads of bodies increase the covers without a face by nine tenths,
// because the cover of a head that moves between two searches stays behind. In pictures they add none.
Settings Tracker::settings_now(bool picture) const {
  Settings now = settings_;
  if (now.heads == Heads::automatic)
    now.heads = picture || step_.apart ? Heads::facing : Heads::off;
  return now;
}

void Tracker::look_for_heads(const PendingFrame& frame, const std::vector<SweepJob>& jobs) {
  if (settings_now().heads == Heads::off || jobs.empty() || !heads_due(frame))
    return;
  for (const SweepJob& job : jobs) {
    if (!job.brightened)
      look_for_heads(frame, job);
    if (pace_ == Pace::live) // a live frame has time for one search
      break;
  }
}

void Tracker::look_for_heads(const PendingFrame& frame, const SweepJob& job) {
  head_look_.upright = head_look_.upright || job.turn == Turn::none;
  std::ranges::move(finder_.heads(frame.view, job.turn, Sight::quick), std::back_inserter(head_look_.heads));
}

void Tracker::keep_unseen(std::vector<Track> before) {
  const std::size_t found = tracks_.size();
  for (Track& track : before) {
    const auto last = tracks_.begin() + static_cast<std::ptrdiff_t>(found);
    const auto again = std::find_if(tracks_.begin(), last,
                                    [&](const Track& t) { return same_face(covered_by(t), track.box); });
    if (again == last)
      tracks_.push_back(std::move(track));
    else
      again->id = std::min(again->id, track.id);
  }
}

void Tracker::finish(std::deque<PendingFrame>& pending) {
  const bool still = std::exchange(frames_, still_frames + 1) <= still_frames;
  if (!still || pending.empty() || pace_ == Pace::live)
    return;
  PendingFrame& frame = pending.back();
  for (Track& track : tracks_)
    track.born = track.found_again = false;
  finder_.refill(settings_.max_faces);
  // A picture has no later frame for a correction. So its tracks start again, and the best score of all jobs
  // gives the landmarks.
  std::vector<Track> before = pending.size() == 1 ? std::exchange(tracks_, {}) : std::vector<Track>();
  sweep_still(frame, every_look(frame.view.size(), sweep_area_));
  keep_unseen(std::move(before));
  if (settings_now(true).heads != Heads::off)
    for (const Turn turn : turns)
      std::ranges::move(finder_.heads(frame.view, turn, Sight::fine), std::back_inserter(head_look_.heads));
  merge_doubles();
  complete(pending);
  heads_.step(pending, std::exchange(head_look_, {}), settings_now(true), next_id_);
}

} // namespace deid::facedetect
