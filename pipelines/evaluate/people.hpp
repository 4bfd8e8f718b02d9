#pragma once
#include "pipelines/evaluate/faces.hpp"
#include <map>

/// Who is who across clips: one person's faces of all clips have to be known as one person's before anybody
/// can say how often somebody is found again.
namespace deid::evaluate {

/// Whose is the face `id` of a clip.
using Who = std::map<std::pair<std::string, std::uint32_t>, std::string>;

/// All faces with one id in one clip.
struct Track {
  std::string clip{};
  std::uint32_t id = 0;
  Descriptor mean{};                  ///< of its originals
  std::size_t described = 0;          ///< originals behind the mean
  std::vector<std::int64_t> frames{}; ///< ascending
};
/// In the order of the ids. Faces whose original has no descriptor do not count; a track of fewer than
/// `least` (or of all the clip has, if that is fewer) is left out: mostly no face at all.
std::vector<Track> tracks_of(const std::string& clip, const std::vector<Face>& faces, std::size_t least = 3);

/// dlib's own limit of "the same person".
constexpr double same_person = .6;

/// Two people whom the clustering nearly took for one, or one whom it nearly took for two.
struct Doubt {
  std::string a{}, b{}; ///< "clip, face id"
  double distance = 0;
  bool joined = false;
};
struct Clustering {
  Who who{}; ///< "person 1" … in the order in which they appear
  std::size_t people = 0;
  std::vector<Doubt> doubts{}; ///< distances of tracks' means within .1 of the limit
};
/// Average linkage of the tracks' means at `limit`; two tracks of one clip with a frame in common are two
/// people, whatever they look like. The same tracks give the same people.
Clustering cluster(const std::vector<Track>& tracks, double limit = same_person);

/// One line of `clip,person` or `clip,person,id` each; a first line that begins with "clip," is a heading.
/// Without an id: whoever has most faces in that clip. clip: the file's name, with or without folders and
/// extension; the whole name of a clip is that clip, though others end in it.
struct Named {
  std::string clip{}, person{};
  std::optional<std::uint32_t> id{};
};
/// Throws std::runtime_error with one sentence that names file and line.
std::vector<Named> read_people(const std::filesystem::path& file);
std::vector<Named> parse_people(std::string_view text, const std::string& name);
/// clips: names of all there are. unknown: names in the list that do not fit exactly one clip in which that
/// face was seen, unless null.
Who who_of(const std::vector<Named>& named, const std::vector<std::string>& clips,
           const std::vector<Track>& tracks, std::vector<std::string>* unknown = nullptr);

/// Every video is the person's whose name its folder has; those in no folder are nobody's.
std::vector<Named> named_by_folder(const std::vector<std::string>& clips);

/// What would give no person, or somebody else's, said before hours of work. how: a file, "folder", "cluster"
/// or empty. Throws std::invalid_argument, a sentence that says what to do: a line that fits no clip or
/// several, no clip in a folder; std::runtime_error as read_people.
void check_people(const std::string& how, const std::vector<std::string>& clips);

} // namespace deid::evaluate
