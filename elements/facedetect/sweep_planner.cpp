#include "elements/facedetect/sweep_planner.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace deid::facedetect {

std::vector<cv::Rect> tiles_for(cv::Size frame, int sweep_area) {
  const double shrink = std::sqrt(static_cast<double>(frame.area()) / std::max(1, sweep_area));
  constexpr double rounding = 1e-6; // an exact multiple needs no further tile
  const int per_side = static_cast<int>(std::ceil(shrink / tuning::tile_shrink - rounding));
  std::vector<cv::Rect> tiles;
  if (per_side < 2)
    return tiles;
  const auto side = [&](int length) {
    return std::min(length,
                    static_cast<int>(length / (per_side - (per_side - 1) * tuning::tile_overlap)) + 1);
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
  age_ = spare_age_ = window_age_ = scene_age_ = 0;
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
  if (++looks_ % tuning::upright_share == 0)
    return {whole_, rotations[rotation_++ % rotations.size()], Sight::window};
  return {whole_, Turn::none, periodic_sight()};
}

// A frame apart from the previous one is searched like a scene's first, unless it is the same picture. Live,
// without time for all jobs, rotated and window jobs alternate. When frames are apart because the search took
// too long and frames were dropped, one quick sweep runs at intervals: otherwise frames would be dropped for
// ever.
std::vector<SweepJob> SweepPlanner::apart(const Situation& now) {
  if (now.most_change <= tuning::same_picture && searched_)
    return {{whole_, Turn::none}};
  searched_ = pace_ == Pace::ahead || now.step.beats >= tuning::time_for_all;
  if (searched_)
    return whole_scene();
  if (!slow_source_) {
    if (age_ < tuning::recovery_interval && !now.face_vanished)
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

bool SweepPlanner::can_spare(const Situation& now) const {
  const bool moves = now.novelty >= tuning::still || scene_age_ <= tuning::scene_is_new;
  return pace_ == Pace::live && (now.nobody || now.step.beats >= tuning::spare_step) &&
         spare_age_ >= (moves ? tuning::spare_moving_interval : tuning::spare_still_interval);
}

std::vector<SweepJob> SweepPlanner::periodic(const Situation& now) {
  const int period = now.novelty < tuning::still  ? now.period * tuning::still_factor
                     : now.novelty > tuning::busy ? now.period / tuning::busy_divisor
                                                  : now.period;
  if ((now.sudden && age_ >= tuning::sudden_interval) || now.face_vanished ||
      (now.face_lost && age_ >= tuning::search_interval))
    return {{whole_, Turn::none, periodic_sight()}};
  if (age_ >= period)
    return {whole_in_turn()};
  if (can_spare(now))
    return {{whole_, Turn::none, Sight::fine, false, tuning::spare_doubt}};
  if (!attention_.never() && window_age_ >= now.period / tuning::windows_a_period && age_ > 0) {
    window_age_ = 0;
    return {{attention_.choose(), Turn::none, Sight::window}};
  }
  return {};
}

std::vector<SweepJob> SweepPlanner::plan(const Situation& now, const Fingerprint& picture) {
  if (!attention_.never())
    attention_.update(picture);
  age_ += now.step.beats;
  spare_age_ += now.step.beats;
  window_age_ += now.step.beats;
  scene_age_ = now.cut ? 0 : scene_age_ + now.step.beats;
  const bool scene = std::exchange(fresh_, false) || now.cut;
  searched_ = scene || (searched_ && now.step.apart);
  const std::vector<SweepJob> jobs = scene ? whole_scene() : now.step.apart ? apart(now) : periodic(now);
  if (jobs.empty() || jobs.front().area != whole_)
    return jobs;
  spare_age_ = 0;
  if (jobs.front().doubt == 0)
    age_ = 0;
  return jobs;
}

} // namespace deid::facedetect
