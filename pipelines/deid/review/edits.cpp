#include "pipelines/deid/review/edits.hpp"
#include <algorithm>
#include <array>
#include <utility>

namespace deid::review {

using cli::Failure;

namespace {

constexpr int most_edits = 1'000'000;
constexpr int first_split = 500'000'000; ///< people of splits; ids of facedetect never come near
constexpr std::size_t least_reason = 5;  ///< bytes of a typed reason

Treatment least_in(const Json& record) {
  const std::string name = value::text(record, "treatment");
  if (name != "blur" && name != "mask")
    throw Failure("A drawn region is covered by blur or mask, not by \"" + name + "\".");
  return name == "mask" ? Treatment::covered : Treatment::blurred;
}

const char* word(Treatment least) {
  return least == Treatment::covered ? "mask" : "blur";
}

/// Removes what lies before or after a frame.
void cut(Region& region, int frame, bool before) {
  if (!region.holds(frame))
    throw Failure("The region is not in frame " + std::to_string(frame) + ".");
  const auto at = region.boxes.begin() + (frame - region.first);
  if (before) {
    region.boxes.erase(region.boxes.begin(), at);
    region.first = frame;
  } else {
    region.boxes.erase(at + 1, region.boxes.end());
  }
  std::erase_if(region.keys, [&](const auto& key) { return !region.holds(key.first); });
}

Json json_of(const Region& r) {
  Json keys = Json::array();
  for (const auto& [frame, box] : r.keys)
    keys.push_back({{"frame", frame}, {"box", value::json_of(box)}});
  return {{"edit", r.edit},
          {"kind", "add_region"},
          {"person", r.person ? Json(*r.person) : Json(nullptr)},
          {"shape", r.shape},
          {"treatment", word(r.least)},
          {"first", r.first},
          {"last", r.last()},
          {"keys", keys}};
}

Json json_of(const Spanned& s, const char* kind) {
  return {{"edit", s.edit}, {"kind", kind}, {"first", s.first}, {"last", s.last}};
}

} // namespace

void Edits::apply(const Json& record) {
  Edits changed = *this;
  changed.take(record);
  *this = std::move(changed);
}

Edits Edits::of(Bounds bounds, const Json& records, std::size_t count) {
  Edits edits(std::move(bounds));
  for (std::size_t i = 0; i < count; ++i)
    try {
      edits.take(records.at(i));
    } catch (const Failure& e) {
      throw Failure("Edit " + std::to_string(i + 1) + ": " + e.what());
    }
  return edits;
}

/// May leave a part of a record behind when it throws.
void Edits::take(const Json& record) {
  using Step = void (Edits::*)(const Json&);
  static const std::map<std::string, Step> steps{
      {"add_region", &Edits::add_region}, {"move_region", &Edits::move_region},
      {"end_region", &Edits::end_region}, {"delete_edit", &Edits::delete_edit},
      {"no_face", &Edits::no_face},       {"zone", &Edits::zone},
      {"treatment", &Edits::treatment},   {"merge", &Edits::merge},
      {"split", &Edits::split},           {"sound", &Edits::sound}};
  const std::string kind = value::text(record, "kind");
  const auto step = steps.find(kind);
  if (step == steps.end())
    throw Failure("There is no operation \"" + kind + "\".");
  (this->*step->second)(record);
}

/// Returns the number of a new edit. Records are numbered in their order, so that a lost one is noticed.
int Edits::fresh(const Json& record) {
  if (value::whole(record, "edit", 1, most_edits) != next_)
    throw Failure("The edits are not numbered in their order.");
  return next_++;
}

int Edits::person_in(const Json& record, const char* key) const {
  const int person = value::whole(record, key, 0, 2'000'000'000);
  if (!bounds_.people.contains(person))
    throw Failure("There is no person " + std::to_string(person) + ".");
  return person;
}

Spanned Edits::span_in(const Json& record) const {
  Spanned span;
  span.first = value::whole(record, "first", 0, bounds_.frames - 1);
  span.last = value::whole(record, "last", span.first, bounds_.frames - 1);
  return span;
}

void Edits::path_in(const Json& record, Region& region) const {
  region.first = value::whole(record, "first", 0, bounds_.frames - 1);
  if (!record.contains("boxes") || !record["boxes"].is_array() || record["boxes"].empty() ||
      record["boxes"].size() > static_cast<std::size_t>(bounds_.frames - region.first))
    throw Failure("A region has no boxes, or more than the video has frames.");
  region.boxes.clear();
  for (const Json& box : record["boxes"])
    region.boxes.push_back(value::box(box, bounds_.size));
  const int frame = value::whole(record, "frame", 0, bounds_.frames - 1);
  if (!region.holds(frame))
    throw Failure("A region is not in the frame in which it was drawn.");
  region.keys[frame] = value::box(record.at("box"), bounds_.size);
}

void Edits::add_region(const Json& record) {
  value::only(record,
              {"kind", "edit", "frame", "shape", "box", "person", "treatment", "first", "boxes", "ended"});
  Region region{.edit = fresh(record), .shape = value::text(record, "shape"), .least = least_in(record)};
  if (region.shape != "box" && region.shape != "ellipse")
    throw Failure("A region is a box or an ellipse.");
  if (record.contains("person") && !record["person"].is_null())
    region.person = person_in(record, "person");
  if (!record.contains("box"))
    throw Failure("\"box\" is missing.");
  path_in(record, region);
  regions_[region.edit] = std::move(region);
}

const Region& Edits::region(int edit) const {
  const auto found = regions_.find(edit);
  if (found == regions_.end())
    throw Failure("There is no region " + std::to_string(edit) + ".");
  return found->second;
}

void Edits::move_region(const Json& record) {
  value::only(record, {"kind", "edit", "frame", "box", "first", "boxes", "ended"});
  Region moved = region(value::whole(record, "edit", 1, most_edits));
  if (!record.contains("box"))
    throw Failure("\"box\" is missing.");
  path_in(record, moved);
  for (const auto& [frame, box] : moved.keys)
    if (!moved.holds(frame))
      throw Failure("A moved region has lost a frame in which it was placed.");
  regions_[moved.edit] = std::move(moved);
}

void Edits::end_region(const Json& record) {
  value::only(record, {"kind", "edit", "frame", "side"});
  Region ended = region(value::whole(record, "edit", 1, most_edits));
  const std::string side = value::text(record, "side");
  if (side != "before" && side != "after")
    throw Failure("A region ends before or after a frame.");
  cut(ended, value::whole(record, "frame", 0, bounds_.frames - 1), side == "before");
  regions_[ended.edit] = std::move(ended);
}

void Edits::delete_edit(const Json& record) {
  value::only(record, {"kind", "edit"});
  const int edit = value::whole(record, "edit", 1, most_edits);
  const std::size_t gone = regions_.erase(edit) + zones_.erase(edit) + mutes_.erase(edit) +
                           no_faces_.erase(edit) + choices_.erase(edit) + groupings_.erase(edit);
  if (gone == 0)
    throw Failure("There is no edit " + std::to_string(edit) + ".");
}

void Edits::no_face(const Json& record) {
  value::only(record, {"kind", "edit", "person", "first", "last"});
  Spanned span = span_in(record);
  span.person = person_in(record, "person");
  span.edit = fresh(record);
  no_faces_[span.edit] = span;
}

void Edits::zone(const Json& record) {
  value::only(record, {"kind", "edit", "box", "first", "last"});
  Spanned span = span_in(record);
  if (!record.contains("box"))
    throw Failure("\"box\" is missing.");
  span.box = value::box(record["box"], bounds_.size);
  span.edit = fresh(record);
  zones_[span.edit] = span;
}

namespace {

std::vector<std::string> names_in(const Json& record, const std::string& method) {
  const Json& list = record["not_as"];
  if (method != "swap" || !list.is_array() || list.empty() || list.size() > revision::most_names)
    throw Failure("\"not_as\" is a list of targets that a swapped person does not get.");
  std::vector<std::string> names;
  for (const Json& name : list) {
    if (!name.is_string() || name.get<std::string>().empty())
      throw Failure("\"not_as\" holds something that is no name.");
    names.push_back(name.get<std::string>());
  }
  return names;
}

} // namespace

void Edits::treatment(const Json& record) {
  value::only(record, {"kind", "edit", "person", "method", "target", "why", "not_as"});
  Choice choice{.person = person_in(record, "person"), .method = value::text(record, "method")};
  if (choice.method != "swap" && choice.method != "blur" && choice.method != "mask" &&
      choice.method != "keep")
    throw Failure("A person is swapped, blurred, masked or kept visible: swap, blur, mask, keep.");
  if (record.contains("target") && !record["target"].is_null())
    throw Failure(
        "A certain face for one person is not possible here. Ask for another face, or run the video again "
        "with --target.");
  if (choice.method == "swap" && bounds_.method != "swap")
    throw Failure("The run did not swap faces (--method " + bounds_.method +
                  "). Run the video again with --method swap.");
  if (choice.method == "blur" && bounds_.method == "mask")
    throw Failure("The run covers with one colour (--method mask), which hides more than a blur.");
  if (record.contains("why") && !record["why"].is_null())
    choice.why = value::text(record, "why");
  if (choice.method == "keep" && choice.why.size() < least_reason)
    throw Failure("To keep a person visible, type the reason. It stands in the record.");
  if (record.contains("not_as"))
    choice.not_as = names_in(record, choice.method);
  choice.edit = fresh(record);
  choices_[choice.edit] = std::move(choice);
}

void Edits::merge(const Json& record) {
  value::only(record, {"kind", "edit", "people"});
  if (!record.contains("people") || !record["people"].is_array() || record["people"].size() != 2)
    throw Failure("Two people are merged.");
  Grouping grouping;
  for (std::size_t i = 0; i < 2; ++i)
    (i == 0 ? grouping.a : grouping.b) = person_in(Json{{"person", record["people"][i]}}, "person");
  const People now = people();
  if (now.merged(grouping.a) == now.merged(grouping.b))
    throw Failure("The two are one person already.");
  grouping.edit = fresh(record);
  groupings_[grouping.edit] = grouping;
}

void Edits::split(const Json& record) {
  value::only(record, {"kind", "edit", "person", "frame", "fresh"});
  Grouping grouping{.a = person_in(record, "person"),
                    .frame = value::whole(record, "frame", 1, bounds_.frames - 1)};
  grouping.b = value::whole(record, "fresh", first_split, 2'000'000'000);
  if (grouping.b != first_split + next_person_)
    throw Failure("The people of splits are not numbered in their order.");
  grouping.edit = fresh(record);
  ++next_person_;
  bounds_.people.insert(grouping.b);
  groupings_[grouping.edit] = grouping;
}

void Edits::sound(const Json& record) {
  value::only(record, {"kind", "edit", "what", "first", "last"});
  if (value::text(record, "what") != "mute")
    throw Failure("Sound can be muted: \"what\" is \"mute\".");
  if (!bounds_.sound)
    throw Failure("The result has no sound, so there is nothing to mute.");
  Spanned span = span_in(record);
  span.edit = fresh(record);
  mutes_[span.edit] = span;
}

People Edits::people() const {
  People people;
  for (const auto& [edit, g] : groupings_) // in the order in which they were said
    g.frame < 0 ? people.merge(g.a, g.b) : people.split(g.a, g.frame, g.b);
  return people;
}

const Choice* Edits::choice_of(int person) const {
  const People now = people();
  const Choice* last = nullptr;
  for (const auto& [edit, choice] : choices_)
    if (now.merged(choice.person) == now.merged(person))
      last = &choice;
  return last;
}

bool Edits::empty() const {
  return regions_.empty() && zones_.empty() && mutes_.empty() && no_faces_.empty() && choices_.empty() &&
         groupings_.empty();
}

Json Edits::list() const {
  std::map<int, Json> all;
  for (const auto& [edit, region] : regions_)
    all[edit] = json_of(region);
  for (const auto& [edit, zone] : zones_) {
    all[edit] = json_of(zone, "zone");
    all[edit]["box"] = value::json_of(zone.box);
  }
  for (const auto& [edit, mute] : mutes_) {
    all[edit] = json_of(mute, "sound");
    all[edit]["what"] = "mute";
  }
  for (const auto& [edit, none] : no_faces_) {
    all[edit] = json_of(none, "no_face");
    all[edit]["person"] = none.person;
  }
  for (const auto& [edit, c] : choices_) {
    all[edit] = {
        {"edit", edit}, {"kind", "treatment"}, {"person", c.person}, {"method", c.method}, {"why", c.why}};
    if (!c.not_as.empty())
      all[edit]["not_as"] = c.not_as;
  }
  for (const auto& [edit, g] : groupings_)
    if (g.frame < 0)
      all[edit] = {{"edit", edit}, {"kind", "merge"}, {"people", {g.a, g.b}}};
    else
      all[edit] = {{"edit", edit}, {"kind", "split"}, {"person", g.a}, {"frame", g.frame}, {"fresh", g.b}};
  Json list = Json::array();
  for (auto& [edit, json] : all)
    list.push_back(std::move(json));
  return list;
}

} // namespace deid::review
