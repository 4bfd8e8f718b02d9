#pragma once
#include "elements/facedetect/finder.hpp"
#include <vector>

namespace deid::facedetect {

/// Every look that a still picture is worth: the whole of it turned by all quarters, as it is and brightened;
/// and tiles that enlarge it. What only a look of this kind sees needs a better score (SweepJob::doubt).
/// sweep_area: px that one run of the strong detector resolves fully.
std::vector<SweepJob> every_look(cv::Size frame, int sweep_area);

/// The looks that a scene's first frame is worth beyond its planned sweeps, when somebody may be missing in
/// it: a third of every_look().
std::vector<SweepJob> scene_looks(cv::Size frame, int sweep_area);

} // namespace deid::facedetect
