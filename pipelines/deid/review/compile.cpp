#include "pipelines/deid/review/compile.hpp"
#include <algorithm>

namespace deid::review {

namespace {

/// Each person's last choice, by the smallest number of the merged.
std::map<int, const Choice*> choices_by_person(const Edits& edits, const People& people) {
  std::map<int, const Choice*> by_person;
  for (const auto& [edit, choice] : edits.choices())
    by_person[people.merged(choice.person)] = &choice;
  return by_person;
}

std::uint32_t id_of(int edit) {
  return revision::first_added + static_cast<std::uint32_t>(edit);
}

/// Adds what becomes of a person whom somebody chose something for.
void change_chosen(const KnownFace& face, const Choice& choice, revision::Frame& change) {
  if (choice.method == "keep")
    change.removed.push_back({face.id, face.box});
  else if (choice.method == "swap" && !choice.not_as.empty())
    change.other.push_back({face.id, choice.not_as});
  else if (choice.method == "blur" || choice.method == "mask")
    change.harder.push_back({face.id, choice.method == "mask" ? Treatment::covered : Treatment::blurred});
}

/// What the audit's regions of one frame become.
void change_known(const KnownFrame& frame, int index, const Edits& edits, const People& people,
                  const std::map<int, const Choice*>& choices, revision::Frame& change) {
  for (const KnownFace& face : frame.faces) {
    if (!face.origin || face.id == 0 || face.id >= revision::first_added)
      continue; // another plug-in's region stays as it is
    if (removed_by(edits, people, face.id, index) != 0)
      change.removed.push_back({face.id, face.box});
    else if (const auto found = choices.find(people.at(face.id, index)); found != choices.end())
      change_chosen(face, *found->second, change);
  }
}

/// The regions that the person drew, and the zones.
void add_drawn(int index, const Edits& edits, revision::Frame& change) {
  for (const auto& [edit, region] : edits.regions())
    if (region.holds(index))
      change.added.push_back({id_of(edit), region.at(index), region.least});
  for (const auto& [edit, zone] : edits.zones())
    if (index >= zone.first && index <= zone.last)
      change.added.push_back({id_of(edit), zone.box, Treatment::covered});
}

} // namespace

Bounds bounds_of(const Audited& audited) {
  Bounds bounds{.frames = static_cast<int>(audited.frames.size()),
                .size = audited.size(),
                .method = audited.method(),
                .sound = audited.sound()};
  for (const KnownFrame& frame : audited.frames)
    for (const KnownFace& face : frame.faces)
      if (face.origin)
        bounds.people.insert(static_cast<int>(face.id));
  return bounds;
}

int removed_by(const Edits& edits, const People& people, std::uint32_t id, int frame) {
  const int person = people.at(id, frame);
  for (const auto& [edit, none] : edits.no_faces())
    if (frame >= none.first && frame <= none.last && person == people.merged(none.person))
      return edit;
  return 0;
}

revision::Revision compiled(const Audited& audited, const Edits& edits) {
  revision::Revision all{
      .frames = audited.frames.size(), .width = audited.run.width, .height = audited.run.height};
  const People people = edits.people();
  const auto choices = choices_by_person(edits, people);
  for (int i = 0; i < static_cast<int>(audited.frames.size()); ++i) {
    const KnownFrame& frame = audited.frames[static_cast<std::size_t>(i)];
    revision::Frame change{.pts = frame.pts};
    change_known(frame, i, edits, people, choices, change);
    add_drawn(i, edits, change);
    if (!change.added.empty() || !change.removed.empty() || !change.harder.empty() || !change.other.empty())
      all.changes.emplace(static_cast<std::uint64_t>(i), std::move(change));
  }
  return all;
}

std::vector<cli::SoundSpan> muted(const Audited& audited, const Edits& edits) {
  std::vector<cli::SoundSpan> spans;
  const auto& frames = audited.frames;
  const auto time = [&](std::size_t i) { return static_cast<std::int64_t>(frames[i].pts.value_or(0)); };
  const std::int64_t usual =
      frames.size() < 2 ? 40'000'000
                        : (time(frames.size() - 1) - time(0)) / static_cast<std::int64_t>(frames.size() - 1);
  for (const auto& [edit, mute] : edits.mutes()) {
    const auto after = static_cast<std::size_t>(mute.last) + 1;
    const std::int64_t end = after < frames.size() ? time(after) : time(frames.size() - 1) + 2 * usual;
    spans.push_back({time(static_cast<std::size_t>(mute.first)) - time(0), end - time(0)});
  }
  return spans;
}

} // namespace deid::review
