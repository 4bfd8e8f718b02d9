#include "pipelines/evaluate/people.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace deid::evaluate {

namespace {

bool together(const Track& a, const Track& b) {
  if (a.clip != b.clip)
    return false;
  std::vector<std::int64_t> common;
  std::ranges::set_intersection(a.frames, b.frames, std::back_inserter(common));
  return !common.empty();
}

/// Groups of tracks, and how far apart any two are; infinitely far when they cannot be one person.
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
  /// Joins the two nearest groups; false when none are nearer than `limit`.
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

bool fits(const std::string& named, const std::string& clip) {
  const std::filesystem::path file(clip);
  return named == clip || named == file.filename().string() || named == file.stem().string() ||
         named == (file.parent_path() / file.stem()).string();
}

/// The clips that are meant; several: nobody knows which.
std::vector<std::string> fitting(const std::string& named, const std::vector<std::string>& clips) {
  if (std::ranges::find(clips, named) != clips.end())
    return {named};
  std::vector<std::string> found;
  std::ranges::copy_if(clips, std::back_inserter(found),
                       [&](const std::string& clip) { return fits(named, clip); });
  return found;
}

Named named_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, ',');) {
    const auto first = part.find_first_not_of(" \t\""), last = part.find_last_not_of(" \t\"\r");
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty() || parts[1].empty())
    throw std::invalid_argument("it wants clip,person or clip,person,id");
  Named named{parts[0], parts[1], std::nullopt};
  if (parts.size() == 3 && !parts[2].empty()) {
    std::uint32_t id = 0;
    const char* end = parts[2].data() + parts[2].size();
    if (std::from_chars(parts[2].data(), end, id).ptr != end)
      throw std::invalid_argument("\"" + parts[2] + "\" is no id of a face");
    named.id = id;
  }
  return named;
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

std::vector<Named> parse_people(std::string_view text, const std::string& name) {
  std::vector<Named> all;
  std::istringstream in{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.starts_with("#") ||
        (number == 1 && line.starts_with("clip,")))
      continue;
    try {
      all.push_back(named_of(line));
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error(name + ", line " + std::to_string(number) + ": " + e.what() + ".");
    }
  }
  return all;
}

std::vector<Named> read_people(const std::filesystem::path& file) {
  std::ostringstream text;
  const std::ifstream in(file, std::ios::binary);
  text << in.rdbuf();
  if (!in)
    throw std::runtime_error(file.string() + " cannot be read; --people wants a file of clip,person.");
  return parse_people(text.str(), file.filename().string());
}

Who who_of(const std::vector<Named>& named, const std::vector<std::string>& clips,
           const std::vector<Track>& tracks, std::vector<std::string>* unknown) {
  Who who;
  for (const Named& one : named) {
    const auto meant = fitting(one.clip, clips);
    const Track* best = nullptr;
    for (const Track& track : tracks)
      if (meant.size() == 1 && meant[0] == track.clip && (!one.id || *one.id == track.id) &&
          (best == nullptr || track.described > best->described))
        best = &track;
    if (best != nullptr)
      who[{best->clip, best->id}] = one.person;
    else if (unknown != nullptr)
      unknown->push_back(one.clip);
  }
  return who;
}

std::vector<Named> named_by_folder(const std::vector<std::string>& clips) {
  std::vector<Named> named;
  for (const std::string& clip : clips)
    if (std::string person = std::filesystem::path(clip).parent_path().filename().string(); !person.empty())
      named.push_back({clip, std::move(person), std::nullopt});
  return named;
}

void check_people(const std::string& how, const std::vector<std::string>& clips) {
  if (how.empty() || how == "cluster")
    return;
  if (how == "folder") {
    if (named_by_folder(clips).empty())
      throw std::invalid_argument("--people folder wants one folder a person, and no video is in a folder "
                                  "here; give the folder above them, or a list of clip,person.");
    return;
  }
  const std::vector<Named> named = read_people(how);
  if (named.empty())
    throw std::invalid_argument(how + " names nobody; --people wants lines of clip,person.");
  for (const Named& one : named) {
    const auto meant = fitting(one.clip, clips);
    if (meant.empty())
      throw std::invalid_argument("\"" + one.clip + "\" in " + how +
                                  " is none of these videos; the first is called \"" +
                                  (clips.empty() ? "" : clips.front()) + "\". Mend the line or take it out.");
    if (meant.size() > 1)
      throw std::invalid_argument("\"" + one.clip + "\" in " + how + " may be " + meant[0] + " or " +
                                  meant[1] + "; write the one that is meant with its folder and extension.");
  }
}

} // namespace deid::evaluate
