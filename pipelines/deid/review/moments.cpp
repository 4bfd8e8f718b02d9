#include "pipelines/deid/review/moments.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <set>
#include <string>

namespace deid::review {

using cli::Failure;

namespace {

constexpr std::pair<Find::Kind, const char*> kinds[]{
    {Find::Kind::face, "face"}, {Find::Kind::head, "head"}, {Find::Kind::open, "open"}};
constexpr int find_form = 1;
constexpr std::size_t most_finds = 1'000'000;

const char* word(Find::Kind kind) {
  return std::ranges::find(kinds, kind, &std::pair<Find::Kind, const char*>::first)->second;
}

Find find_in(const Json& json, const Bounds& bounds) {
  value::only(json, {"kind", "first", "last", "score", "box", "person"});
  const std::string name = value::text(json, "kind");
  Find find;
  const auto kind = std::ranges::find_if(kinds, [&](const auto& k) { return name == k.second; });
  if (kind == std::end(kinds))
    throw Failure("There is no find \"" + name + "\".");
  find.kind = kind->first;
  find.first = value::whole(json, "first", 0, bounds.frames - 1);
  find.last = value::whole(json, "last", find.first, bounds.frames - 1);
  find.score = value::real(json, "score", -1, 1);
  if (!json.contains("box"))
    throw Failure("\"box\" is missing.");
  find.box = value::box(json["box"], bounds.size);
  if (json.contains("person"))
    find.person = value::whole(json, "person", 0, 2'000'000'000);
  return find;
}

/// Whether an event is at another place than a moment's.
bool elsewhere(const Moment& moment, const Event& event) {
  return moment.main.box && event.box && (*moment.main.box & *event.box).empty();
}

bool is_great(const Event& event) {
  return event.risk >= tuning::always;
}

/// Whether two events are looked at together. Two that are each shown in any case are looked at together only
/// at one place: an eye that follows one box does not see another. A lesser one does not make the moment of a
/// greater one longer: it is shown for its own risk, or not.
bool together(const Moment& moment, const Event& event) {
  const int first = moment.main.first, last = moment.main.last;
  if (event.first < first)
    return false;
  if (moment.greatest >= tuning::always && !is_great(event))
    return event.last <= last;
  return event.first <= last + tuning::apart && std::max(last, event.last) - first < tuning::longest &&
         !(is_great(event) && elsewhere(moment, event));
}

Moment::Place place_of(const Event& event) {
  return {event.first, event.last, event.person, event.box, event.edge};
}

void take(Moment& moment, const Event& event) {
  moment.places.push_back(place_of(event));
  const int first = std::min(moment.main.first, event.first), last = std::max(moment.main.last, event.last);
  const double together = 1 - (1 - moment.main.risk) * (1 - event.risk);
  // the parts that a single reason had
  if (event.risk > moment.greatest) {
    moment.main = event;
    moment.reasons.insert(moment.reasons.begin(), event.reason);
  } else {
    moment.reasons.push_back(event.reason);
  }
  moment.main.first = first;
  moment.main.last = last;
  moment.main.risk = std::min(together, .999);
  moment.greatest = std::max(moment.greatest, event.risk);
}

/// A long event is looked at in its last part: there a lost face is furthest from where it was covered.
Event shortened(Event event) {
  event.first = std::max(event.first, event.last - tuning::longest + 1);
  return event;
}

/// Puts an event into the moment that it is looked at with, or into one of its own.
void add(std::vector<Moment>& all, const Event& event) {
  const auto fits =
      std::ranges::find_if(all.rbegin(), all.rend(), [&](const Moment& m) { return together(m, event); });
  if (fits != all.rend())
    take(*fits, event);
  else
    all.push_back({{}, event, {event.reason}, event.risk, {place_of(event)}});
}

std::string name_of(const Event& event) {
  return event.reason + "-" + std::to_string(event.first) + "-" + std::to_string(event.last) +
         (event.person ? "-" + std::to_string(*event.person) : "");
}

int length(const Moment& moment) {
  return moment.main.last - moment.main.first + 1;
}

} // namespace

Json to_json(const Looked& looked) {
  Json finds = Json::array();
  for (const Find& f : looked.finds) {
    Json find{{"kind", word(f.kind)},
              {"first", f.first},
              {"last", f.last},
              {"score", f.score},
              {"box", value::json_of(f.box)}};
    if (f.person)
      find["person"] = *f.person;
    finds.push_back(std::move(find));
  }
  return {{"look", find_form}, {"cuts", looked.cuts}, {"finds", finds}};
}

Looked looked_in(const Json& json, const Bounds& bounds) {
  value::only(json, {"look", "cuts", "finds"});
  if (value::whole(json, "look", 1, 1'000'000) != find_form)
    throw Failure("The second look is of another version.");
  if (!json.contains("cuts") || !json["cuts"].is_array() || !json.contains("finds") ||
      !json["finds"].is_array() || json["finds"].size() > most_finds)
    throw Failure("The second look is damaged.");
  Looked looked;
  for (const Json& cut : json["cuts"])
    looked.cuts.push_back(value::whole(Json{{"cut", cut}}, "cut", 0, bounds.frames - 1));
  for (const Json& find : json["finds"])
    looked.finds.push_back(find_in(find, bounds));
  return looked;
}

Moments moments_of(const std::vector<Event>& events, int frames) {
  std::vector<Moment> all;
  for (const bool great : {true, false})
    for (const Event& one : events)
      if (is_great(one) == great)
        add(all, shortened(one));
  std::ranges::stable_sort(all, [](const Moment& a, const Moment& b) { return a.main.risk > b.main.risk; });
  Moments chosen;
  std::set<std::string> names;
  int budget = std::max(tuning::least_budget, static_cast<int>(tuning::share * frames));
  for (Moment& moment : all) {
    if (moment.greatest < tuning::always && length(moment) > budget) {
      ++chosen.left_out;
      continue;
    }
    budget -= length(moment);
    moment.id = name_of(moment.main);
    for (int n = 2; !names.insert(moment.id).second; ++n) // two places at one time
      moment.id = name_of(moment.main) + "-place-" + std::to_string(n);
    std::ranges::sort(moment.reasons);
    moment.reasons.erase(std::unique(moment.reasons.begin(), moment.reasons.end()), moment.reasons.end());
    chosen.shown.push_back(std::move(moment));
  }
  return chosen;
}

Json risk_of(const std::vector<Event>& events, int frames) {
  std::vector<double> greatest(static_cast<std::size_t>(frames), 0.);
  for (const Event& event : events)
    for (int i = event.first; i <= event.last; ++i)
      greatest[static_cast<std::size_t>(i)] = std::max(greatest[static_cast<std::size_t>(i)], event.risk);
  Json ranges = Json::array();
  for (int i = 0; i < frames;) {
    const double risk = greatest[static_cast<std::size_t>(i)];
    int end = i;
    while (end < frames && greatest[static_cast<std::size_t>(end)] == risk)
      ++end;
    if (risk > 0)
      ranges.push_back({{"first", i}, {"last", end - 1}, {"risk", risk}});
    i = end;
  }
  return ranges;
}

} // namespace deid::review
