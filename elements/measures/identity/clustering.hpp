#pragma once
#include "elements/measures/identity/faces.hpp"
#include "models/descriptor/limit.hpp"
#include <map>

/// Finds which faces of all clips belong to one person. Recognition rates need this.
namespace deid::identity {

/// The person of a face, by clip and face id.
using Who = std::map<std::pair<std::string, std::uint32_t>, std::string>;

/// All faces with one id in one clip.
struct Track {
  std::string clip{};
  std::uint32_t id = 0;
  Descriptor mean{};                  ///< mean descriptor of its originals
  std::size_t described = 0;          ///< number of originals in the mean
  std::vector<std::int64_t> frames{}; ///< ascending
};
/// Returns the tracks of a clip in order of their ids. Faces without a descriptor of the original do not
/// count. A track with fewer than `least` faces is left out, because it mostly is no face. When the longest
/// track of the clip is shorter than `least`, its length is the limit.
std::vector<Track> tracks_of(const std::string& clip, const std::vector<Face>& faces, std::size_t least = 3);

/// Two tracks whose distance is close to the limit, so that the clustering may be wrong about them.
struct Doubt {
  std::string a{}, b{}; ///< "clip, face id"
  double distance = 0;
  bool joined = false;
};
struct Clustering {
  Who who{}; ///< "person 1", "person 2", … in order of appearance
  std::size_t people = 0;
  std::vector<Doubt> doubts{}; ///< pairs of tracks whose distance is within .1 of the limit
};
/// Clusters tracks by average linkage of their mean descriptors. Two tracks of one clip with a common frame
/// are never one person. The same tracks give the same people.
Clustering cluster(const std::vector<Track>& tracks, double limit = models::same_person_limit);

} // namespace deid::identity
