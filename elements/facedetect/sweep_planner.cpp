#include "elements/facedetect/sweep_planner.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace deid::facedetect {

namespace {
// Largest reduction of a tile: a 24-px face has 16 px then, which CenterFace detects.
constexpr double tile_shrink = 1.5;
// Overlap of tiles, as a share of their size, so that one of them contains a face on the seam.
constexpr double tile_overlap = 0.12;
// With a smaller share of change, the period is three times as long.
constexpr float still = 0.004F;
constexpr int still_factor = 3;
// With a larger share of change since the last sweep, a person enters or the camera moves: the period is
// halved.
constexpr float busy = 0.15F;
// One in this many sweeps of the whole frame is rotated.
constexpr std::size_t upright_share = 4;
// Window sweeps of a large frame per period.
constexpr int windows_a_period = 2;
// Beats between sweeps during sudden changes.
constexpr int sudden_interval = 3;
// Beats between sweeps for a lost face.
constexpr int search_interval = 6;
// Live, beats between sweeps while no face is visible: such a frame costs nothing else, and a new face must
// be found before the waiting frames (a tenth of a second) leave. The longer interval is for a picture
// without motion. A scene's first second counts as moving, because changes in the dark are too small to
// measure.
constexpr int empty_moving_interval = 3, empty_still_interval = 9, scene_is_new = 30;
// The doubt of these sweeps. With none they add covers on the backs of heads.
constexpr float empty_doubt = 0.2F;
// Largest difference of a block, luma levels, that is sensor noise: the picture is the one that was searched.
constexpr int same_picture = 3;
// Live, least beats since the previous frame at which there is time for all jobs.
constexpr int time_for_all = 14;
// Live, beats between sweeps while frames are dropped.
constexpr int recovery_interval = 8;
} // namespace

std::vector<cv::Rect> tiles_for(cv::Size frame, int sweep_area) {
  const double shrink = std::sqrt(static_cast<double>(frame.area()) / std::max(1, sweep_area));
  const int per_side = static_cast<int>(std::ceil(shrink / tile_shrink - 1e-6));
  std::vector<cv::Rect> tiles;
  if (per_side < 2)
    return tiles;
  const auto side = [&](int length) {
    return std::min(length, static_cast<int>(length / (per_side - (per_side - 1) * tile_overlap)) + 1);
  };
  const int w = side(frame.width);
  const int h = side(frame.height);
  for (int row = 0; row < per_side; ++row)
    for (int column = 0; column < per_side; ++column)
      tiles.emplace_back((frame.width - w) * column / (per_side - 1),
                         (frame.height - h) * row / (per_side - 1), w, h);
  return tiles;
}

void SweepPlanner::reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source) {
  slow_source_ = slow_source;
  searched_ = false;
  pace_ = pace;
  whole_ = {{0, 0}, frame};
  tiles_ = tiles_for(frame, sweep_area);
  attention_.reset(tiles_.empty() ? cv::Size() : frame, window_side);
  fresh_ = true;
  age_ = empty_age_ = window_age_ = scene_age_ = 0;
  looks_ = rotation_ = 0;
}

// The rotated jobs are needed, because the upright job may give a lying face a poor score and a print a good
// one.
std::vector<SweepJob> SweepPlanner::whole_scene() const {
  std::vector<SweepJob> jobs{{whole_, Turn::none},
                             {whole_, Turn::clockwise, Sight::window},
                             {whole_, Turn::counter_clockwise, Sight::window},
                             {whole_, Turn::half, Sight::window}};
  for (const cv::Rect& tile : tiles_)
    jobs.push_back({tile, Turn::none});
  return jobs;
}

SweepJob SweepPlanner::whole_in_turn() {
  constexpr std::array rotations{Turn::clockwise, Turn::counter_clockwise, Turn::half};
  if (++looks_ % upright_share == 0)
    return {whole_, rotations[rotation_++ % rotations.size()], Sight::window};
  return {whole_, Turn::none, periodic_sight()};
}

// A frame apart from the previous one is searched like a scene's first, unless it is the same picture. Live,
// without time for all jobs, rotated and window jobs alternate. When frames are apart because the search took
// too long and frames were dropped, one quick sweep runs at intervals: otherwise frames would be dropped for
// ever.
std::vector<SweepJob> SweepPlanner::apart(const Situation& now) {
  if (now.most_change <= same_picture && searched_)
    return {{whole_, Turn::none}};
  searched_ = pace_ == Pace::ahead || now.step.beats >= time_for_all;
  if (searched_)
    return whole_scene();
  if (!slow_source_) {
    if (age_ < recovery_interval && !now.face_vanished)
      return {};
    return {{whole_, Turn::none, Sight::quick}};
  }
  constexpr std::array rotations{Turn::clockwise, Turn::counter_clockwise, Turn::half};
  std::vector<SweepJob> jobs{{whole_, Turn::none}};
  if (!attention_.never() && ++looks_ % 2 == 0)
    jobs.push_back({attention_.choose(), Turn::none, Sight::window});
  else
    jobs.push_back({whole_, rotations[rotation_++ % rotations.size()], Sight::window});
  return jobs;
}

int SweepPlanner::empty_interval(const Situation& now) const {
  return now.novelty < still && scene_age_ > scene_is_new ? empty_still_interval : empty_moving_interval;
}

std::vector<SweepJob> SweepPlanner::periodic(const Situation& now) {
  const int period = now.novelty < still  ? now.period * still_factor
                     : now.novelty > busy ? now.period / 2
                                          : now.period;
  if ((now.sudden && age_ >= sudden_interval) || now.face_vanished ||
      (now.face_lost && age_ >= search_interval))
    return {{whole_, Turn::none, periodic_sight()}};
  if (age_ >= period)
    return {whole_in_turn()};
  if (pace_ == Pace::live && now.nobody && empty_age_ >= empty_interval(now))
    return {{whole_, Turn::none, Sight::fine, false, empty_doubt}};
  if (!attention_.never() && window_age_ >= now.period / windows_a_period && age_ > 0) {
    window_age_ = 0;
    return {{attention_.choose(), Turn::none, Sight::window}};
  }
  return {};
}

std::vector<SweepJob> SweepPlanner::plan(const Situation& now, const Fingerprint& picture) {
  if (!attention_.never())
    attention_.update(picture);
  age_ += now.step.beats;
  empty_age_ += now.step.beats;
  window_age_ += now.step.beats;
  scene_age_ = now.cut ? 0 : scene_age_ + now.step.beats;
  const bool scene = std::exchange(fresh_, false) || now.cut;
  searched_ = scene || (searched_ && now.step.apart);
  const std::vector<SweepJob> jobs = scene ? whole_scene() : now.step.apart ? apart(now) : periodic(now);
  if (jobs.empty() || jobs.front().area != whole_)
    return jobs;
  empty_age_ = 0;
  if (jobs.front().doubt == 0)
    age_ = 0;
  return jobs;
}

} // namespace deid::facedetect
