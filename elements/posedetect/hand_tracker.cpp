#include "elements/posedetect/hand_tracker.hpp"
#include "elements/posedetect/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace deid::posedetect {
namespace {

using models::HandResult;
using models::RotatedRoi;

bool finite(const std::optional<cv::Point2f>& point) {
  return !point || (std::isfinite(point->x) && std::isfinite(point->y));
}

cv::Point2f at(const HandResult& hand, std::size_t point) {
  return {hand.points[point].x, hand.points[point].y};
}

float distance(cv::Point2f a, cv::Point2f b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Distance from the wrist to the root of the middle finger.
float palm_length(const HandResult& hand) {
  constexpr std::size_t middle_root = 9;
  return distance(at(hand, 0), at(hand, middle_root));
}

std::optional<RotatedRoi> roi_of(const Arm& arm) {
  if (arm.index && arm.little)
    return models::hand_roi(*arm.wrist, *arm.index, *arm.little);
  if (arm.elbow)
    return models::hand_roi(*arm.elbow, *arm.wrist);
  return {};
}

/// Largest distance of a hand's wrist from the arm's.
float reach(const Arm& arm, float palm) {
  const float forearm = arm.elbow ? distance(*arm.elbow, *arm.wrist) : 0.F;
  return std::max(tuning::reach_in_palms * palm, tuning::reach_in_forearms * forearm);
}

bool belongs(const HandResult& hand, const Arm& arm) {
  return distance(at(hand, 0), *arm.wrist) <= reach(arm, palm_length(hand));
}

/// Distance of a hand's wrist from the arm's; 0 when there is no hand.
float away(const HandResult& hand, const Arm& arm) {
  return hand.points.empty() ? 0.F : distance(at(hand, 0), *arm.wrist);
}

TrackedHand tracked(const Arm& arm, const HandResult& hand) {
  TrackedHand out{.person = arm.person, .hand = {.left = arm.left, .score = hand.presence}};
  for (const cv::Point3f& point : hand.points)
    out.hand.points.push_back({.x = point.x, .y = point.y, .score = hand.presence, .present = true});
  return out;
}

/// Whether two results are the same hand.
bool same(const HandResult& a, const HandResult& b) {
  constexpr std::array<std::size_t, 4> palm{0, 5, 9, 17};
  float sum = 0.F;
  for (const std::size_t point : palm)
    sum += distance(at(a, point), at(b, point)) / palm.size();
  return sum < tuning::same_hand * std::max(palm_length(a), palm_length(b));
}

} // namespace

std::vector<Arm> arms(const Person& person) {
  struct Points {
    std::size_t wrist, elbow;
    std::optional<std::size_t> index, little;
  };
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto names = keypoint_names(person.set);
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - names.begin()));
  };
  const auto place = [&](const std::optional<std::size_t>& i) -> std::optional<cv::Point2f> {
    if (!i || *i >= person.points.size() || !person.points[*i].present)
      return {};
    return cv::Point2f(person.points[*i].x, person.points[*i].y);
  };
  std::vector<Arm> both;
  for (const bool left : {true, false}) {
    const std::string side = left ? "left_" : "right_";
    both.push_back({.person = person.id,
                    .left = left,
                    .wrist = place(find(side + "wrist")),
                    .elbow = place(find(side + "elbow")),
                    .index = place(find(side + "index")),
                    .little = place(find(side + "pinky"))});
  }
  return both;
}

void HandTracker::reset() {
  tracks_.clear();
  until_palms_ = 0;
}

/// Returns the hand in a region. Returns one without points when the region is invalid or shows no hand.
HandResult HandTracker::look(HandNetworks& finder, const RotatedRoi& roi, cv::Size frame) const {
  const auto largest = tuning::largest_hand * static_cast<float>(std::max(frame.width, frame.height));
  if (!(roi.size.width >= tuning::smallest_hand && roi.size.width <= largest) ||
      !std::isfinite(roi.rotation) || !finite(roi.center))
    return {};
  HandResult hand = finder.hand(roi);
  const bool real = hand.presence > settings_.presence &&
                    hand.points.size() == models::HandLandmarks::point_count &&
                    std::all_of(hand.points.begin(), hand.points.end(),
                                [](const auto& p) { return std::isfinite(p.x) && std::isfinite(p.y); });
  return real ? hand : HandResult{};
}

void HandTracker::look_where_hands_were(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const {
  for (Found& one : all)
    for (const Track& track : tracks_)
      if (track.person == one.arm.person && track.left == one.arm.left)
        one.hand = look(finder, track.roi, frame);
}

void HandTracker::uncross(std::vector<Found>& all) {
  for (Found& a : all)
    for (Found& b : all) {
      const bool one_person = a.arm.left && !b.arm.left && a.arm.person == b.arm.person;
      if (one_person && away(a.hand, b.arm) + away(b.hand, a.arm) < away(a.hand, a.arm) + away(b.hand, b.arm))
        std::swap(a.hand, b.hand);
    }
}

/// A hand that is too far from the arm's wrist is another arm's.
void HandTracker::drop_strangers(std::vector<Found>& all) {
  for (Found& one : all)
    if (!one.hand.points.empty() && !belongs(one.hand, one.arm))
      one.hand = {};
}

void HandTracker::part_twins(std::vector<Found>& all) {
  for (auto a = all.begin(); a != all.end(); ++a)
    for (auto b = std::next(a); b != all.end(); ++b) {
      if (a->hand.points.empty() || b->hand.points.empty() || !same(a->hand, b->hand))
        continue;
      Found& farther = away(a->hand, a->arm) <= away(b->hand, b->arm) ? *b : *a;
      farther.hand = {};
    }
}

void HandTracker::look_where_arms_point(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const {
  for (Found& one : all) {
    const auto roi = roi_of(one.arm);
    if (!one.hand.points.empty() || !roi)
      continue;
    const HandResult rough = look(finder, *roi, frame);
    if (rough.points.empty())
      continue;
    // The body's network gives a rough place; the hand's network refines it.
    HandResult hand = look(finder, models::hand_roi(rough.points), frame);
    if (!hand.points.empty() && belongs(hand, one.arm))
      one.hand = std::move(hand);
  }
}

void HandTracker::look_for_palms(HandNetworks& finder, std::vector<Found>& all, cv::Size frame) const {
  for (const models::PalmDetection& palm : finder.palms()) {
    constexpr std::size_t middle_root = 2;
    if (!(palm.score >= settings_.palm_score) || !finite(palm.keypoints[0]) ||
        !finite(palm.keypoints[middle_root]))
      continue;
    const float length = distance(palm.keypoints[0], palm.keypoints[middle_root]);
    Found* nearest = nullptr;
    float least = std::numeric_limits<float>::infinity();
    for (Found& one : all) {
      const float away = distance(palm.keypoints[0], *one.arm.wrist);
      if (one.hand.points.empty() && away <= reach(one.arm, length) && away < least) {
        nearest = &one;
        least = away;
      }
    }
    if (nearest == nullptr)
      continue;
    HandResult hand = look(finder, models::hand_roi(palm), frame);
    if (!hand.points.empty() && belongs(hand, nearest->arm))
      nearest->hand = std::move(hand);
  }
}

/// The arms that can have a hand, without hands.
std::vector<HandTracker::Found> HandTracker::usable(const std::vector<Arm>& arms) {
  std::vector<Found> all;
  for (const Arm& arm : arms)
    if (arm.wrist && finite(arm.wrist) && finite(arm.elbow) && finite(arm.index) && finite(arm.little))
      all.push_back({.arm = arm});
  return all;
}

bool HandTracker::palms_are_due(const std::vector<Found>& all) {
  until_palms_ = std::max(until_palms_ - 1, 0);
  const bool lost =
      std::any_of(all.begin(), all.end(), [](const Found& one) { return one.hand.points.empty(); });
  if (!lost || until_palms_ > 0)
    return false;
  until_palms_ = std::max(settings_.palm_period, 1);
  return true;
}

void HandTracker::remember(const std::vector<Found>& all) {
  tracks_.clear();
  for (const Found& one : all)
    if (!one.hand.points.empty())
      tracks_.push_back({one.arm.person, one.arm.left, models::hand_roi(one.hand.points)});
}

std::vector<TrackedHand> HandTracker::update(HandNetworks& finder, const std::vector<Arm>& arms,
                                             cv::Size frame) {
  std::vector<Found> all = usable(arms);
  look_where_hands_were(finder, all, frame);
  uncross(all);
  drop_strangers(all);
  part_twins(all);
  look_where_arms_point(finder, all, frame);
  part_twins(all);
  if (palms_are_due(all)) {
    look_for_palms(finder, all, frame);
    part_twins(all);
  }
  remember(all);
  std::vector<TrackedHand> hands;
  for (const Found& one : all)
    if (!one.hand.points.empty())
      hands.push_back(tracked(one.arm, one.hand));
  return hands;
}

} // namespace deid::posedetect
