#include "elements/facedetect/sweep.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <functional>
#include <iterator>

namespace deid::facedetect {

namespace {

/// Whether the box reaches, or nearly reaches, an edge of the area that is inside the frame.
bool cut_by(const cv::Rect& area, const cv::Rect2f& box, cv::Size frame) {
  const float x = tuning::piece_near_edge * box.width, y = tuning::piece_near_edge * box.height;
  return (area.x > 0 && box.x - x <= static_cast<float>(area.x)) ||
         (area.y > 0 && box.y - y <= static_cast<float>(area.y)) ||
         (area.br().x < frame.width && box.br().x + x >= static_cast<float>(area.br().x)) ||
         (area.br().y < frame.height && box.br().y + y >= static_cast<float>(area.br().y));
}

/// Returns the least score of a job's detections. Jobs with a doubt accept no score below the threshold: the
/// mesh would confirm many of their false detections.
float least_score(const SweepJob& job, float threshold) {
  return threshold * (job.doubt > 0 ? 1.F : tuning::weak_share) + job.doubt;
}

struct Ranked {
  float rank = 0.F;
  Sighting sighting{};
};

} // namespace

std::vector<Sighting> ranked_sightings(Finder& finder, const Moment& moment,
                                       const std::vector<SweepJob>& jobs) {
  std::vector<Ranked> ranked;
  for (const SweepJob& job : jobs) {
    const float penalty = job.turn == Turn::none ? 0.F : tuning::turned_penalty;
    for (Sighting& sighting :
         finder.sweep(moment.frame.view, job, least_score(job, moment.settings.threshold))) {
      sighting.score -= job.doubt;
      sighting.cut = cut_by(job.area, sighting.box, moment.frame.view.size());
      ranked.push_back({sighting.score - penalty, sighting});
    }
  }
  std::ranges::stable_sort(ranked, std::greater{}, &Ranked::rank);
  std::vector<Sighting> sightings;
  std::ranges::transform(ranked, std::back_inserter(sightings), &Ranked::sighting);
  return sightings;
}

std::vector<SweepJob> whole_jobs(const std::vector<SweepJob>& jobs, cv::Size frame) {
  std::vector<SweepJob> whole;
  std::ranges::copy_if(jobs, std::back_inserter(whole),
                       [&](const SweepJob& job) { return job.area.size() == frame && job.doubt == 0; });
  return whole;
}

} // namespace deid::facedetect
