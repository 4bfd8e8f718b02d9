#include "pipelines/deid/evaluate/report/collect.hpp"
#include "pipelines/deid/evaluate/report/people.hpp"
#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace deid::evaluate {

namespace {

using nlohmann::ordered_json;

ordered_json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error(file.filename().string() + " cannot be read");
  return ordered_json::parse(in);
}

Loaded load(const Evaluation& e, const Evaluation::Unit& unit) {
  Loaded loaded{unit.video, unit.method, read_json(unit.file), {}, {}, {}};
  const ordered_json& files = loaded.unit.at("files");
  const auto path = [&](const char* what) {
    return e.folder.root() / files.at(what).at("path").get<std::string>();
  };
  if (files.contains("identity.jsonl"))
    loaded.identity = identity::read_identity(path("identity.jsonl"));
  if (files.contains("audit.jsonl"))
    loaded.audit = read_audit(path("audit.jsonl"));
  if (files.contains("movement.json"))
    loaded.movement = read_json(path("movement.json"));
  return loaded;
}

} // namespace

std::vector<const Loaded*> Collection::of(const std::string& method) const {
  std::vector<const Loaded*> found;
  for (const Loaded& one : units)
    if (one.method == method)
      found.push_back(&one);
  return found;
}

namespace {

void load_or_report(const Evaluation& e, const Evaluation::Unit& unit, Collection& to) {
  try {
    to.units.push_back(load(e, unit));
  } catch (const std::exception& damaged) { // without its file the unit is done again next time
    std::error_code ec;
    fs::remove(unit.file, ec);
    to.trouble.push_back(
        {unit.video, unit.method, std::string(damaged.what()) + " The next run of the command repeats it."});
  }
}

/// Adds the tracks of one video's original.
void add_tracks(const std::string& video, const Collection& collection, People& to) {
  const auto with_faces = std::ranges::find_if(
      collection.units, [&](const Loaded& unit) { return unit.video == video && unit.identity; });
  // the original's faces are the same under every method, so the first one is enough
  if (with_faces != collection.units.end())
    std::ranges::copy(identity::tracks_of(video, with_faces->identity->faces), std::back_inserter(to.tracks));
}

/// Lists the names of the tracks, each once, in the order of the tracks.
void list_names(People& people) {
  for (const identity::Track& track : people.tracks) {
    const auto known = people.who.find({track.clip, track.id});
    if (known != people.who.end() && std::ranges::find(people.names, known->second) == people.names.end())
      people.names.push_back(known->second);
  }
}

} // namespace

Collection collect(const Evaluation& e) {
  Collection collection;
  for (const std::string& method : e.methods)
    for (const std::string& video : e.videos)
      for (const Evaluation::Unit& unit : e.units)
        if (unit.method == method && unit.video == video)
          load_or_report(e, unit, collection);
  return collection;
}

People people_of(const Evaluation& e, const Collection& collection) {
  People people;
  for (const std::string& video : e.videos)
    add_tracks(video, collection, people);
  people.how = e.people.empty() ? "cluster" : e.people;
  if (people.how == "cluster") {
    identity::Clustering found = identity::cluster(people.tracks);
    people.who = std::move(found.who);
    people.doubts = std::move(found.doubts);
  } else if (people.how == "folder") {
    people.who = who_of(named_by_folder(e.videos), e.videos, people.tracks);
  } else {
    people.who = who_of(read_people(e.people), e.videos, people.tracks, &people.unknown);
    people.how = "file";
  }
  list_names(people);
  return people;
}

identity::Samples samples_of(const Evaluation& e, const Collection& collection, const People& people,
                             const std::string& method) {
  identity::Samples samples{e.videos, people.names, {}};
  for (std::size_t clip = 0; clip < e.videos.size(); ++clip)
    for (const Loaded* unit : collection.of(method))
      if (unit->video == e.videos[clip] && unit->identity)
        for (const identity::Face& face : unit->identity->faces) {
          identity::Sample sample{clip, std::nullopt, face};
          if (const auto known = people.who.find({unit->video, face.id}); known != people.who.end())
            sample.person = static_cast<std::size_t>(std::ranges::find(people.names, known->second) -
                                                     people.names.begin());
          samples.all.push_back(std::move(sample));
        }
  return samples;
}

} // namespace deid::evaluate
