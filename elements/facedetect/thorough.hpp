#pragma once
#include "elements/facedetect/finder.hpp"
#include <array>
#include <vector>

namespace deid::facedetect {

inline constexpr std::array all_turns{Turn::none, Turn::clockwise, Turn::counter_clockwise, Turn::half};

/// Returns all jobs of a still picture: the whole picture in all four turns, with and without brightening,
/// and enlarging tiles in three turns. Brightened jobs and tiles need a higher score (SweepJob::doubt).
/// sweep_area: px that one run of CenterFace resolves fully.
std::vector<SweepJob> every_look(cv::Size frame, int sweep_area);

/// Returns the extra jobs of a scene's first frame in which a face may be missing: about a third of
/// every_look().
std::vector<SweepJob> scene_looks(cv::Size frame, int sweep_area);

} // namespace deid::facedetect
