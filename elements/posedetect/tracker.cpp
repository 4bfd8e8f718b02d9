#include "elements/posedetect/tracker.hpp"
#include "elements/posedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace deid::posedetect {

namespace {
double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}
} // namespace

void Tracker::reset() {
  tracks_.clear();
  scene_.reset();
  now_ = 0;
  frames_since_look_ = frames_without_anybody_ = 0;
}

int Tracker::live_count() const {
  return static_cast<int>(std::ranges::count_if(tracks_, [](const Track& t) { return t.live; }));
}

Figure Tracker::predicted(const Track& track) const {
  const double ahead = std::clamp(seconds(now_ - track.seen), 0.0, tuning::longest_step);
  return moved(track.figure, track.velocity * static_cast<float>(ahead));
}

std::vector<Person> Tracker::step(const video::FrameView& frame, std::int64_t time,
                                  const Settings& settings) {
  settings_ = settings;
  now_ = time;
  missing_ = false;
  const SceneCutDetector::Change change = scene_.update(fingerprint(frame));
  cut_ = change.cut;
  if (cut_) {
    tracks_.clear(); // known places mean nothing in another scene
    ++counts_.cuts;
    frames_without_anybody_ = 0;
  }
  std::erase_if(tracks_, [this](const Track& t) { return !t.live && now_ - t.seen > settings_.absence; });
  ++frames_since_look_;
  follow(frame);
  if (const auto extent = should_look(change.novelty))
    look(frame, *extent);

  std::vector<Person> people;
  for (Track& track : tracks_)
    if (track.live)
      if (Person person = person_of(track); person.score > 0.F)
        people.push_back(std::move(person));
  frames_without_anybody_ = people.empty() ? frames_without_anybody_ + 1 : 0;
  std::ranges::sort(people, {}, &Person::id);
  ++counts_.frames;
  counts_.frames_with_people += people.empty() ? 0 : 1;
  counts_.people += people.size();
  return people;
}

void Tracker::follow(const video::FrameView& frame) {
  int followed = 0;
  for (Track& track : tracks_) {
    track.found.reset();
    if (!track.live)
      continue;
    if (++followed > settings_.max_people) {
      lose(track);
      continue;
    }
    models::PoseResult found = finder_.landmarks(frame, track.next, settings_.mask);
    ++counts_.landmarks;
    if (found.presence > settings_.threshold)
      track.found = std::move(found);
    else
      lose(track);
  }
  settle_doubles();
  settle_swaps();
  for (Track& track : tracks_)
    if (track.found)
      keep(track);
}

void Tracker::lose(Track& track) {
  track.live = false;
  track.found.reset();
  track.steady.reset();
  track.filters.clear();
  missing_ = true;
  ++counts_.lost;
}

void Tracker::settle_doubles() {
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    for (std::size_t j = i + 1; j < tracks_.size() && tracks_[i].found; ++j)
      if (tracks_[j].found)
        settle_double(tracks_[i], tracks_[j]);
}

/// When two regions have moved onto one person, the track that predicts the figure worse is lost.
void Tracker::settle_double(Track& one, Track& other) {
  const Figure a = figure_of(*one.found);
  const Figure b = figure_of(*other.found);
  if (!same_body(a, b))
    return;
  if (a.radius > tuning::inside * b.radius || b.radius > tuning::inside * a.radius) {
    lose(a.radius > b.radius ? other : one);
    return;
  }
  const float fit_a = similarity(predicted(one), a);
  const float fit_b = similarity(predicted(other), b);
  lose(fit_a >= fit_b ? other : one);
}

/// When two people crossed, their regions may have moved onto each other's person. Then the figures are
/// swapped.
void Tracker::settle_swaps() {
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    for (std::size_t j = i + 1; j < tracks_.size(); ++j) {
      if (!tracks_[i].found || !tracks_[j].found)
        continue;
      const Figure a = figure_of(*tracks_[i].found);
      const Figure b = figure_of(*tracks_[j].found);
      const Figure at = predicted(tracks_[i]);
      const Figure bt = predicted(tracks_[j]);
      if (similarity(at, b) + similarity(bt, a) >
          similarity(at, a) + similarity(bt, b) + 2 * tuning::swap_gain)
        std::swap(tracks_[i].found, tracks_[j].found);
    }
}

/// Stores the found figure as the track's latest.
void Tracker::keep(Track& track) {
  const Figure figure = figure_of(*track.found);
  const double passed = seconds(now_ - track.seen);
  if (track.live && passed > 0 && passed < tuning::longest_step && !track.figure.points.empty()) {
    const cv::Point2f speed = (figure.centre - track.figure.centre) / static_cast<float>(passed);
    track.velocity = track.velocity * (1 - tuning::velocity_weight) + speed * tuning::velocity_weight;
  } else {
    track.velocity = {};
  }
  track.figure = figure;
  track.seen = now_;
  track.live = true;
  track.next = track.steady.update(track.found->alignment, now_);
}

/// Returns whether a frame without anybody needs no search: nobody was there for long, and nothing changed.
bool Tracker::may_skip(bool changed) const {
  return !changed && frames_without_anybody_ >= tuning::nobody_long && frames_since_look_ < tuning::patience;
}

std::optional<Extent> Tracker::should_look(float novelty) const {
  const int live = live_count();
  if (live >= settings_.max_people)
    return std::nullopt;
  const Extent thorough = settings_.max_people > 1 ? Extent::windows : Extent::whole;
  const bool changed = novelty > tuning::novel && frames_since_look_ >= tuning::soonest;
  if (cut_ || missing_)
    return thorough; // a frame without points is a gap in the measurement
  if (live == 0)
    return may_skip(changed) ? std::nullopt : std::optional(thorough);
  const bool somebody_missing = std::ranges::any_of(
      tracks_, [this](const Track& t) { return !t.live && now_ - t.seen < tuning::hurry; });
  if ((somebody_missing && frames_since_look_ >= tuning::patience) || changed ||
      frames_since_look_ >= settings_.detector_period)
    // the other people are followed, so one window at a time is enough
    return std::min(thorough, Extent::one_window);
  return std::nullopt;
}

/// Whether a followed person explains the detection. It saves a run of the landmark network.
bool Tracker::known(const models::PoseDetection& detection) const {
  const models::RotatedRoi roi = models::pose_roi(detection);
  const cv::Point2f head(detection.box.x + detection.box.width / 2,
                         detection.box.y + detection.box.height / 2);
  return std::ranges::any_of(tracks_, [&](const Track& track) {
    if (!track.live || track.figure.points.empty())
      return false;
    const float reach = tuning::known_within * track.figure.radius;
    return cv::norm(track.figure.centre - roi.center) < static_cast<double>(reach) &&
           cv::norm(track.figure.points[0] - head) < static_cast<double>(reach);
  });
}

void Tracker::look(const video::FrameView& frame, Extent extent) {
  frames_since_look_ = 0;
  scene_.swept();
  ++counts_.looks;
  for (const models::PoseDetection& detection : finder_.detect(frame, settings_.threshold, extent)) {
    if (live_count() >= settings_.max_people)
      return;
    const models::RotatedRoi roi = models::pose_roi(detection);
    if (!(roi.size.width >= 1.F) || known(detection))
      continue;
    models::PoseResult found = finder_.landmarks(frame, roi, settings_.mask);
    ++counts_.landmarks;
    if (!(found.presence > settings_.threshold))
      continue;
    const Figure figure = figure_of(found);
    const auto twin = std::ranges::find_if(
        tracks_, [&](const Track& track) { return track.live && same_body(track.figure, figure); });
    if (twin == tracks_.end()) {
      welcome(std::move(found), figure);
    } else if (figure.radius > tuning::inside * twin->figure.radius) {
      twin->found = std::move(found);
      keep(*twin);
    }
  }
}

/// Returns the missing track that this figure may continue: the nearest one within a reach that grows with
/// its absence.
Track* Tracker::absent_one(const Figure& figure) {
  Track* best = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (Track& track : tracks_) {
    if (track.live)
      continue;
    const double away = seconds(now_ - track.seen);
    const double radius = (track.figure.radius + figure.radius) / 2;
    const double reach = radius * (tuning::resumed_within + tuning::resumed_growth * away);
    const double size = track.figure.radius / figure.radius;
    const double distance = std::min(cv::norm(predicted(track).centre - figure.centre),
                                     cv::norm(track.figure.centre - figure.centre));
    if (distance < reach && size > tuning::resumed_smallest && size < tuning::resumed_largest &&
        distance < least) {
      least = distance;
      best = &track;
    }
  }
  return best;
}

void Tracker::welcome(models::PoseResult found, const Figure& figure) {
  Track* track = absent_one(figure);
  if (track == nullptr) {
    track = &tracks_.emplace_back();
    track->id = ++last_id_;
    track->live = false;
    ++counts_.ids;
  } else {
    ++counts_.resumed;
  }
  track->found = std::move(found);
  keep(*track);
}

Person Tracker::person_of(Track& track) {
  const models::PoseResult& found = *track.found;
  Person person{.id = track.id};
  if (settings_.smooth && track.filters.size() != 2 * found.points.size())
    track.filters.assign(2 * found.points.size(), models::OneEuro(tuning::smoothing));
  const double scale = 1 / (2.0 * static_cast<double>(track.figure.radius));
  cv::Point2f low(INFINITY, INFINITY), high(-INFINITY, -INFINITY);
  int present = 0;
  for (std::size_t i = 0; i < found.points.size(); ++i) {
    cv::Point2f at(found.points[i].at.x, found.points[i].at.y);
    if (settings_.smooth)
      at = {static_cast<float>(track.filters[2 * i].apply(at.x, scale, now_)),
            static_cast<float>(track.filters[2 * i + 1].apply(at.y, scale, now_))};
    const float score = found.points[i].visibility;
    const bool here = score >= settings_.point_threshold;
    person.points.push_back({at.x, at.y, score, here});
    if (!here)
      continue;
    low = {std::min(low.x, at.x), std::min(low.y, at.y)};
    high = {std::max(high.x, at.x), std::max(high.y, at.y)};
    person.score += score;
    ++present;
  }
  if (present > 0) {
    person.score /= static_cast<float>(present);
    person.box = {low, high};
  }
  if (settings_.mask && !found.mask.empty())
    person.mask = std::make_shared<const PersonMask>(PersonMask{found.mask, found.to_frame});
  return person;
}

} // namespace deid::posedetect
