#include "elements/posedetect/identities.hpp"
#include "elements/posedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <optional>

namespace deid::posedetect {

namespace {

float size_of(const Person& person) {
  return std::max({1.F, person.box.width, person.box.height});
}

/// Mean shift of the common points, and their mean distance after the shift `expected`.
struct Comparison {
  cv::Point2f shift{};
  float distance = 0.F;
};
std::optional<Comparison> compare(const Person& before, const Person& now, cv::Point2f expected) {
  Comparison result;
  int common = 0;
  for (std::size_t i = 0; i < std::min(before.points.size(), now.points.size()); ++i) {
    const Keypoint &a = before.points[i], &b = now.points[i];
    if (!a.present || !b.present)
      continue;
    const cv::Point2f moved(b.x - a.x, b.y - a.y);
    result.shift += moved;
    result.distance += static_cast<float>(cv::norm(moved - expected));
    ++common;
  }
  if (common < tuning::identity_points)
    return std::nullopt;
  result.shift *= 1.F / static_cast<float>(common);
  result.distance /= static_cast<float>(common) * size_of(before);
  return result;
}

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}

} // namespace

std::vector<Identities::Candidate> Identities::candidates(const std::vector<Person>& people,
                                                          std::int64_t time) const {
  std::vector<Candidate> found;
  for (std::size_t k = 0; k < known_.size(); ++k)
    for (std::size_t p = 0; p < people.size(); ++p) {
      const auto ahead =
          static_cast<float>(std::min(seconds(time - known_[k].seen), tuning::identity_longest_guess));
      const auto alike = compare(known_[k].last, people[p], known_[k].velocity * ahead);
      if (alike && alike->distance < tuning::identity_reach)
        found.push_back({alike->distance, k, p});
    }
  std::ranges::sort(found);
  return found;
}

/// The person takes the id of the known person, who takes the person's place and velocity.
void Identities::meet(Known& known, Person& person, std::int64_t time) {
  person.id = known.last.id;
  if (const double passed = seconds(time - known.seen); passed > 0)
    known.velocity = known.velocity * (1 - tuning::identity_velocity_weight) +
                     compare(known.last, person, {})->shift *
                         (tuning::identity_velocity_weight / static_cast<float>(passed));
  known.last = person;
  known.seen = time;
}

void Identities::name(std::vector<Person>& people, std::int64_t time, std::int64_t absence) {
  std::erase_if(known_, [&](const Known& known) { return time - known.seen > absence; });
  std::vector<bool> taken(known_.size()), named(people.size());
  for (const Candidate& candidate : candidates(people, time)) {
    if (taken[candidate.known] || named[candidate.person])
      continue;
    taken[candidate.known] = named[candidate.person] = true;
    meet(known_[candidate.known], people[candidate.person], time);
  }
  for (std::size_t p = 0; p < people.size(); ++p)
    if (!named[p]) {
      people[p].id = ++last_id_;
      known_.push_back({people[p], {}, time});
    }
}

} // namespace deid::posedetect
