#pragma once
#include "elements/meta/pose.hpp"
#include <compare>
#include <cstdint>
#include <vector>

namespace deid::posedetect {

/// Gives people stable ids from frame to frame when their network treats each frame alone. A person takes the
/// id of the known person at the same or the predicted place. Not thread-safe.
class Identities {
public:
  /// Sets `id` of every person. time: ns, rising. absence: ns; a person who comes back within it keeps the
  /// id. Places are compared over the common points, in units of the person's size.
  void name(std::vector<Person>& people, std::int64_t time, std::int64_t absence);
  /// Forgets all people, after a seek or in another scene. Ids are not used again.
  void reset() { known_.clear(); }

private:
  struct Known {
    Person last{};
    cv::Point2f velocity{}; ///< px a second
    std::int64_t seen = 0;
  };
  /// A known person who may be a person of this frame. Both are indices.
  struct Candidate {
    float distance = 0.F;
    std::size_t known = 0, person = 0;
    auto operator<=>(const Candidate&) const = default;
  };
  /// Returns the candidates, nearest first.
  [[nodiscard]] std::vector<Candidate> candidates(const std::vector<Person>& people, std::int64_t time) const;
  static void meet(Known& known, Person& person, std::int64_t time);

  std::vector<Known> known_{};
  std::uint32_t last_id_ = 0;
};

} // namespace deid::posedetect
