#include "elements/facedetect/sweep_planner.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace deid::facedetect {

namespace {
// A tile may be shrunk by this much before the detector sees it: a 24-px face still is 16 px then, which it finds.
constexpr double tile_shrink = 1.5;
// Tiles overlap by a share of their size, so that a face on the seam is whole in one of them.
constexpr double tile_overlap = 0.12;
// A picture in which less than this changed is swept three times more seldom.
constexpr float still = 0.004F;
constexpr int still_factor = 3;
// A lost face is looked for again this often, frames.
constexpr int search_interval = 4;
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
      tiles.emplace_back((frame.width - w) * column / (per_side - 1), (frame.height - h) * row / (per_side - 1), w, h);
  return tiles;
}

void SweepPlanner::reset(cv::Size frame, int sweep_area) {
  whole_ = {{0, 0}, frame};
  tiles_ = tiles_for(frame, sweep_area);
  fresh_ = true;
  age_ = 0;
  turn_ = tile_ = rotation_ = 0;
}

std::vector<SweepJob> SweepPlanner::turned() const {
  return {{whole_, Turn::clockwise}, {whole_, Turn::counter_clockwise}, {whole_, Turn::half}};
}

SweepJob SweepPlanner::next_in_turn() {
  // Whole frame, tile, whole frame turned, tile: without tiles every other look is upright and whole.
  constexpr std::array rotations{Turn::clockwise, Turn::counter_clockwise, Turn::half};
  const std::size_t step = turn_++ % 6;
  if (step == 5)
    return {whole_, rotations[rotation_++ % rotations.size()]};
  if (step % 2 == 1 && !tiles_.empty())
    return {tiles_[tile_++ % tiles_.size()], Turn::none};
  return {whole_, Turn::none};
}

std::vector<SweepJob> SweepPlanner::plan(const Situation& now) {
  ++age_;
  std::vector<SweepJob> jobs;
  if (fresh_ || now.cut) {
    jobs.push_back({whole_, Turn::none});
    for (const cv::Rect& tile : tiles_)
      jobs.push_back({tile, Turn::none});
    turn_ = 1;
  } else if (now.face_lost && age_ >= search_interval) {
    jobs.push_back({whole_, Turn::none});
  } else if (age_ >= now.period * (now.novelty < still ? still_factor : 1)) {
    jobs.push_back(next_in_turn());
  }
  if (!jobs.empty())
    age_ = 0;
  fresh_ = false;
  return jobs;
}

} // namespace deid::facedetect
