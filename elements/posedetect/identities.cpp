#include "elements/posedetect/identities.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace deid::posedetect {

namespace {

// Largest mean distance of the common points of one person, in units of the person's size.
constexpr float reach = .35F;
constexpr int points_in_common = 3;
constexpr float velocity_weight = .5F;
constexpr double longest_guess = .3; ///< s; a velocity predicts no further

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
  if (common < points_in_common)
    return std::nullopt;
  result.shift *= 1.F / static_cast<float>(common);
  result.distance /= static_cast<float>(common) * size_of(before);
  return result;
}

} // namespace

void Identities::name(std::vector<Person>& people, std::int64_t time, std::int64_t absence) {
  std::erase_if(known_, [&](const Known& known) { return time - known.seen > absence; });
  std::vector<std::tuple<float, std::size_t, std::size_t>> pairs; // distance, known, person
  const auto seconds = [&](const Known& known) { return static_cast<double>(time - known.seen) * 1e-9; };
  for (std::size_t k = 0; k < known_.size(); ++k)
    for (std::size_t p = 0; p < people.size(); ++p) {
      const auto ahead = static_cast<float>(std::min(seconds(known_[k]), longest_guess));
      const auto alike = compare(known_[k].last, people[p], known_[k].velocity * ahead);
      if (alike && alike->distance < reach)
        pairs.emplace_back(alike->distance, k, p);
    }
  std::ranges::sort(pairs);
  std::vector<bool> taken(known_.size()), named(people.size());
  for (const auto& [distance, k, p] : pairs) {
    if (taken[k] || named[p])
      continue;
    taken[k] = named[p] = true;
    Known& known = known_[k];
    people[p].id = known.last.id;
    if (const double passed = seconds(known); passed > 0)
      known.velocity =
          known.velocity * (1 - velocity_weight) +
          compare(known.last, people[p], {})->shift * (velocity_weight / static_cast<float>(passed));
    known.last = people[p];
    known.seen = time;
  }
  for (std::size_t p = 0; p < people.size(); ++p)
    if (!named[p]) {
      people[p].id = ++last_id_;
      known_.push_back({people[p], {}, time});
    }
}

} // namespace deid::posedetect
