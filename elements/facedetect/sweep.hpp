#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/moment.hpp"
#include <vector>

namespace deid::facedetect {

/// Runs all jobs on the frame and returns their sightings in the order in which they are associated: the best
/// score first. When a face is detected upright and turned, the correct roll usually has the higher score.
/// When the scores are close, upright is correct. Throws models::ModelError.
[[nodiscard]] std::vector<Sighting> ranked_sightings(Finder& finder, const Moment& moment,
                                                     const std::vector<SweepJob>& jobs);

/// Returns the jobs that search the whole frame without a doubt. Looks that are doubted leave the schedule of
/// the others as it is.
[[nodiscard]] std::vector<SweepJob> whole_jobs(const std::vector<SweepJob>& jobs, cv::Size frame);

} // namespace deid::facedetect
