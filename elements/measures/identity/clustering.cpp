#include "elements/measures/identity/clustering.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace deid::identity {

namespace {

bool together(const Track& a, const Track& b) {
  if (a.clip != b.clip)
    return false;
  std::vector<std::int64_t> common;
  std::ranges::set_intersection(a.frames, b.frames, std::back_inserter(common));
  return !common.empty();
}

/// Groups of tracks and their distances. The distance is infinite when two groups cannot be one person.
class Groups {
public:
  explicit Groups(const std::vector<Track>& tracks) : members_(tracks.size()), apart_(tracks.size()) {
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      members_[i] = {i};
      apart_[i].resize(tracks.size());
      for (std::size_t j = 0; j < tracks.size(); ++j)
        apart_[i][j] = together(tracks[i], tracks[j]) ? std::numeric_limits<double>::infinity()
                                                      : models::distance(tracks[i].mean, tracks[j].mean);
    }
  }
  /// Joins the two nearest groups. Returns false when no two groups are nearer than `limit`.
  bool join_nearest(double limit) {
    std::size_t a = 0, b = 0;
    double least = limit;
    for (std::size_t i = 0; i < members_.size(); ++i)
      for (std::size_t j = i + 1; j < members_.size(); ++j)
        if (apart_[i][j] < least) {
          least = apart_[i][j];
          a = i;
          b = j;
        }
    if (b == 0)
      return false;
    join(a, b);
    return true;
  }
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& members() const { return members_; }

private:
  void join(std::size_t a, std::size_t b) {
    const auto na = static_cast<double>(members_[a].size()), nb = static_cast<double>(members_[b].size());
    for (std::size_t k = 0; k < members_.size(); ++k)
      apart_[a][k] = apart_[k][a] = (na * apart_[a][k] + nb * apart_[b][k]) / (na + nb);
    members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(b));
    apart_.erase(apart_.begin() + static_cast<std::ptrdiff_t>(b));
    for (auto& row : apart_)
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(b));
  }
  std::vector<std::vector<std::size_t>> members_;
  std::vector<std::vector<double>> apart_;
};

std::string shown(const Track& track) {
  return track.clip + ", face " + std::to_string(track.id);
}

} // namespace

std::vector<Track> tracks_of(const std::string& clip, const std::vector<Face>& faces, std::size_t least) {
  struct Sum {
    std::array<double, 128> values{};
    std::vector<std::int64_t> frames{};
  };
  std::map<std::uint32_t, Sum> sums;
  for (const Face& face : faces)
    if (face.original) {
      Sum& sum = sums[face.id];
      for (std::size_t i = 0; i < sum.values.size(); ++i)
        sum.values[i] += (*face.original)[i];
      sum.frames.push_back(face.frame);
    }
  std::size_t longest = 0;
  for (const auto& [id, sum] : sums)
    longest = std::max(longest, sum.frames.size());
  std::vector<Track> tracks;
  for (auto& [id, sum] : sums) {
    if (sum.frames.size() < std::min(least, longest))
      continue;
    Track track{clip, id, {}, sum.frames.size(), std::move(sum.frames)};
    for (std::size_t i = 0; i < track.mean.size(); ++i)
      track.mean[i] = static_cast<float>(sum.values[i] / static_cast<double>(track.described));
    std::ranges::sort(track.frames);
    tracks.push_back(std::move(track));
  }
  return tracks;
}

Clustering cluster(const std::vector<Track>& tracks, double limit) {
  Groups groups(tracks);
  while (groups.join_nearest(limit)) {
  }
  auto members = groups.members();
  for (auto& group : members)
    std::ranges::sort(group);
  std::ranges::sort(members);
  Clustering result;
  result.people = members.size();
  std::vector<std::size_t> group_of(tracks.size());
  for (std::size_t g = 0; g < members.size(); ++g)
    for (const std::size_t t : members[g]) {
      group_of[t] = g;
      result.who[{tracks[t].clip, tracks[t].id}] = "person " + std::to_string(g + 1);
    }
  constexpr double near = .1;
  for (std::size_t i = 0; i < tracks.size(); ++i)
    for (std::size_t j = i + 1; j < tracks.size(); ++j) {
      const double apart = models::distance(tracks[i].mean, tracks[j].mean);
      if (std::abs(apart - limit) < near && !together(tracks[i], tracks[j]))
        result.doubts.push_back({shown(tracks[i]), shown(tracks[j]), apart, group_of[i] == group_of[j]});
    }
  std::ranges::stable_sort(result.doubts, {}, [&](const Doubt& d) { return std::abs(d.distance - limit); });
  return result;
}

} // namespace deid::identity
