#include "elements/facedetect/thorough.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::facedetect {

namespace {
std::vector<cv::Rect> enlarging_tiles(cv::Size frame, int sweep_area) {
  const double shrink = std::sqrt(static_cast<double>(frame.area()) / std::max(1, sweep_area));
  const int side = std::clamp(static_cast<int>(std::ceil(tuning::enlarged * shrink)), tuning::least_a_side,
                              tuning::most_a_side);
  const auto length = [&](int whole) {
    return static_cast<int>(whole / (side - (side - 1) * tuning::enlarged_overlap)) + 1;
  };
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
  for (const Turn turn : all_turns)
    for (const bool brightened : {false, true})
      jobs.push_back({whole, turn, Sight::fine, brightened, brightened ? tuning::extra_doubt : 0.F});
  for (const cv::Rect& tile : enlarging_tiles(frame, sweep_area))
    for (const Turn turn : {Turn::none, Turn::clockwise, Turn::counter_clockwise})
      jobs.push_back({tile, turn, Sight::fine, false, tuning::extra_doubt});
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

} // namespace deid::facedetect
