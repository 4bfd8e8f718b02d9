#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>
#include <vector>

namespace deid::posedetect {

/// Gives people of frame after frame stable ids when the network that found them knows no yesterday: who
/// stands where somebody stood, or was going, is that one. Not thread-safe.
class Identities {
public:
  /// Sets `id` of everybody. time: ns, rising. absence: ns within which who comes back keeps the id. Places
  /// are compared over the points both show, in units of the person's size.
  void name(std::vector<Person>& people, std::int64_t time, std::int64_t absence);
  /// A seek, another scene: nobody is known any more. Ids are not used again.
  void reset() { known_.clear(); }

private:
  struct Known {
    Person last{};
    cv::Point2f velocity{}; ///< px a second
    std::int64_t seen = 0;
  };
  std::vector<Known> known_{};
  std::uint32_t last_id_ = 0;
};

} // namespace deid::posedetect
