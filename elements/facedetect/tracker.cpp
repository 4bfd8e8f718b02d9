#include "elements/facedetect/tracker.hpp"
#include "elements/facedetect/association.hpp"
#include "elements/facedetect/backfill.hpp"
#include "elements/facedetect/face_follower.hpp"
#include "elements/facedetect/region.hpp"
#include "elements/facedetect/sweep.hpp"
#include "elements/facedetect/thorough.hpp"
#include "elements/facedetect/track_list.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <limits>
#include <utility>

namespace deid::facedetect {

namespace {

/// Uncovers the boxes that only moved along with a face: a glance looks for them anew.
void drop_carried(std::vector<Track>& tracks) {
  for (Track& track : tracks)
    if (Seen* seen = std::get_if<Seen>(&track.state); seen != nullptr && std::exchange(seen->carried, false))
      seen->covered_too = {};
}

void count_missed_sweep(std::vector<Track>& tracks) {
  for (Track& track : tracks)
    if (Absence* absence = track.absence())
      ++absence->sweeps;
}

bool any_seen(const std::vector<Track>& tracks) {
  return std::ranges::any_of(tracks, &Track::seen);
}

} // namespace

Tracker::Tracker(Finder& finder) : finder_(finder) {}

void Tracker::reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source) {
  scene_.reset();
  memory_.reset();
  planner_.reset(frame, sweep_area, pace, slow_source);
  heads_.reset();
  frames_ = 0;
  searched_until_ = std::numeric_limits<std::int64_t>::min();
  sweep_area_ = sweep_area;
  pace_ = pace;
  tracks_.clear();
  refusals_.reset();
  fresh_ = true;
}

void Tracker::glance(const Moment& moment) {
  glance_age_ = 0;
  drop_carried(tracks_);
  Association association(finder_, tracks_, refusals_, next_id_, moment);
  for (const Sighting& sighting : finder_.glance(moment.frame.view, settings_.threshold))
    counts_.tracks += association.take(sighting) ? 1 : 0;
}

void Tracker::sweep(const Moment& moment, const std::vector<SweepJob>& jobs, Search search) {
  counts_.sweeps += jobs.size();
  Association association(finder_, tracks_, refusals_, next_id_, moment);
  for (const Sighting& sighting : ranked_sightings(finder_, moment, jobs))
    if (search == Search::planned || !shown_by_mesh(tracks_, sighting, settings_.threshold))
      counts_.tracks += association.take(sighting) ? 1 : 0;
  const std::vector<SweepJob> whole = whole_jobs(jobs, moment.frame.view.size());
  if (std::ranges::any_of(whole, [](const SweepJob& job) { return job.turn == Turn::none; }))
    count_missed_sweep(tracks_);
  if (!whole.empty())
    scene_.swept();
  if (search == Search::planned)
    heads_.search(finder_, moment, pace_, frames_ <= 1, whole, tracks_);
}

SweepPlanner::Situation Tracker::situation(const Moment& moment,
                                           const SceneCutDetector::Change& change) const {
  SweepPlanner::Situation now{.cut = moment.frame.cut,
                              .step = moment.step,
                              .nobody = !any_seen(tracks_),
                              .sudden = moment.sudden,
                              .novelty = change.novelty,
                              .most_change = change.most,
                              .period = sweep_period(settings_, pace_)};
  for (const Track& track : tracks_) {
    now.face_lost = now.face_lost || (track.lost() && track.beats_lost() <= tuning::searched_for);
    now.face_vanished = now.face_vanished || (track.lost() && track.now.vanished);
  }
  return now;
}

void Tracker::look_around(const Moment& moment, const SceneCutDetector::Change& change) {
  refusals_.age(moment);
  const bool missing = std::ranges::any_of(tracks_, &Track::lost);
  glance_age_ += moment.step.beats;
  if (pace_ == Pace::live || moment.frame.cut || missing || tracks_.empty() ||
      glance_age_ >= tuning::glance_period)
    glance(moment);
  sweep(moment, planner_.plan(situation(moment, change), moment.frame.fingerprint), Search::planned);
}

void Tracker::search_scene(const Moment& moment) {
  const bool first = moment.frame.cut || frames_ == 1;
  if (pace_ == Pace::live || !first || moment.frame.time < searched_until_ ||
      (any_seen(tracks_) && !heads_.faceless(tracks_)))
    return;
  searched_until_ = moment.frame.time + tuning::scene_search_rest;
  finder_.refill(settings_.max_faces);
  sweep(moment, scene_looks(moment.frame.view.size(), sweep_area_), Search::still);
}

void Tracker::complete(std::deque<PendingFrame>& pending) {
  PendingFrame& frame = pending.back();
  frame.faces = regions_of(tracks_, frame.view);
  for (const Track& track : tracks_) {
    const ThisFrame& now = track.now;
    if (!track.seen() || !(now.born || now.found_again))
      continue;
    finder_.refill(settings_.max_faces * static_cast<int>(pending.size()));
    // a new track has no held regions
    const std::uint32_t apart = now.left_behind != 0 || now.born ? now.left_behind : next_id_++;
    backfill(finder_, pending, track, settings_.threshold, apart);
    if (now.found_again)
      bridge(pending, track.id, apart);
  }
}

void Tracker::step(std::deque<PendingFrame>& pending, const Settings& settings) {
  settings_ = settings;
  ++frames_;
  PendingFrame& frame = pending.back();
  step_ = std::exchange(fresh_, false) ? Step{} : step_between(last_.time, frame.time);
  frame.apart = step_.apart;
  finder_.refill(settings.max_faces);
  frame.fingerprint = fingerprint(frame.view);
  const SceneCutDetector::Change change = scene_.update(frame.fingerprint);
  frame.cut = change.cut;
  sudden_ = change.sudden;
  counts_.cuts += change.cut ? 1 : 0;
  change_scene(memory_, tracks_, pending, last_, settings_.hold_time);
  const Moment moment{frame, settings_, step_, sudden_};
  FaceFollower(finder_, tracks_, next_id_, moment).follow_all();
  look_around(moment, change);
  search_scene(moment);
  merge_doubles(tracks_);
  expire(tracks_, moment);
  complete(pending);
  heads_.cover(pending, moment, false, next_id_);
  last_ = {frame.fingerprint, frame.time};
}

void Tracker::finish(std::deque<PendingFrame>& pending) {
  const bool still = std::exchange(frames_, still_frames + 1) <= still_frames;
  if (!still || pending.empty() || pace_ == Pace::live)
    return;
  const PendingFrame& frame = pending.back();
  const Moment moment{frame, settings_, step_, sudden_};
  for (Track& track : tracks_)
    track.now.born = track.now.found_again = false;
  finder_.refill(settings_.max_faces);
  // A picture has no later frame for a correction. So its tracks start again, and the best score of all jobs
  // gives the landmarks.
  std::vector<Track> before = pending.size() == 1 ? std::exchange(tracks_, {}) : std::vector<Track>();
  sweep(moment, every_look(frame.view.size(), sweep_area_), Search::still);
  keep_unseen(tracks_, std::move(before));
  heads_.search_still(finder_, moment);
  merge_doubles(tracks_);
  complete(pending);
  heads_.cover(pending, moment, true, next_id_);
}

} // namespace deid::facedetect
