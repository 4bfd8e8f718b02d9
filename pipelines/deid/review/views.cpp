// What a session says about its video.
#include "pipelines/deid/review/session_impl.hpp"
#include <algorithm>
#include <cmath>

namespace deid::review {

namespace {

double seconds_of(const Audited& audited) {
  const auto& frames = audited.frames;
  const auto first = frames.front().pts.value_or(0), last = frames.back().pts.value_or(0);
  const double span = 1e-9 * static_cast<double>(last - first);
  return frames.size() < 2
             ? 0
             : span * static_cast<double>(frames.size()) / static_cast<double>(frames.size() - 1);
}

Json spanned(const std::map<int, Spanned>& all, bool boxes) {
  Json list = Json::array();
  for (const auto& [edit, one] : all) {
    Json json{{"edit", edit}, {"first", one.first}, {"last", one.last}};
    if (boxes)
      json["box"] = value::json_of(one.box);
    list.push_back(std::move(json));
  }
  return list;
}

/// Spans of one person with one treatment.
class Lanes {
public:
  void add(int person, int frame, const KnownFace& face) {
    const auto& outcome = face.outcome;
    const char* treatment = to_string(outcome.treatment);
    if (outcome.treatment == Treatment::swapped)
      targets_[person] = outcome.target;
    auto& spans = lanes_[person];
    if (!spans.empty() && spans.back().last >= frame - 1 && spans.back().treatment == treatment)
      spans.back().last = frame;
    else
      spans.push_back({frame, frame, treatment});
  }
  [[nodiscard]] Json json(const Edits& edits) const {
    Json people = Json::array();
    for (const auto& [person, spans] : lanes_) {
      Json list = Json::array();
      for (const auto& span : spans)
        list.push_back({{"first", span.first}, {"last", span.last}, {"treatment", span.treatment}});
      const Choice* choice = edits.choice_of(person);
      people.push_back({{"id", person},
                        {"name", "Person " + std::to_string(person)},
                        {"method", choice == nullptr ? Json(nullptr) : Json(choice->method)},
                        {"target", targets_.contains(person) ? Json(targets_.at(person)) : Json(nullptr)},
                        {"other", choice != nullptr && !choice->not_as.empty()},
                        {"spans", std::move(list)}});
    }
    return people;
  }

private:
  struct Span {
    int first, last;
    std::string treatment;
  };
  std::map<int, std::vector<Span>> lanes_{};
  std::map<int, std::string> targets_{}; ///< the last one of each person
};

/// What becomes of a region of the audit in a frame.
struct Fate {
  std::string treatment;
  int edit = 0;
};

Fate fate_of(const KnownFace& face, int frame, const Edits& edits, const People& people) {
  if (!face.origin)
    return {to_string(face.outcome.treatment)};
  if (const int edit = removed_by(edits, people, face.id, frame); edit != 0)
    return {"none", edit};
  const Choice* choice = edits.choice_of(people.at(face.id, frame));
  if (choice == nullptr || choice->method == "swap")
    return {to_string(face.outcome.treatment)};
  if (choice->method == "keep")
    return {"none", choice->edit};
  const bool mask = choice->method == "mask" || face.outcome.treatment == Treatment::covered;
  return {mask ? "covered" : "blurred", choice->edit};
}

Json drawn_region(int edit, const std::optional<int>& person, const cv::Rect2d& box, bool mask,
                  const std::string& shape) {
  return {{"person", person ? Json(*person) : Json(nullptr)},
          {"box", value::json_of(box)},
          {"treatment", mask ? "covered" : "blurred"},
          {"source", "edit"},
          {"edit", edit},
          {"shape", shape},
          {"origin", "drawn"}};
}

} // namespace

Json FileSession::video() const {
  const std::scoped_lock guard(mutex_);
  const double seconds = seconds_of(audited_);
  const double rate = seconds > 0 ? bounds_.frames / seconds : 25;
  return {{"name", files_.original.filename().string()},
          {"width", bounds_.size.width},
          {"height", bounds_.size.height},
          {"frames", bounds_.frames},
          {"fps", {std::lround(rate * 1000), 1000}},
          {"seconds", seconds > 0 ? seconds : bounds_.frames / rate},
          {"no_original", options_.no_original},
          {"result_name", final_result(stored_).path.filename().string()},
          {"looked", looked_.has_value()},
          {"moments_left_out", moments_.left_out}};
}

Json FileSession::moments() const {
  const std::scoped_lock guard(mutex_);
  Json list = Json::array();
  for (const Moment& m : moments_.shown) {
    const auto seen = stored_.seen.find(m.id);
    const auto left = stored_.left.find(m.id);
    list.push_back({{"id", m.id},
                    {"first", m.main.first},
                    {"last", m.main.last},
                    {"risk", m.main.risk},
                    {"reason", m.main.reason},
                    {"reasons", m.reasons},
                    {"text", m.main.text},
                    {"person", m.main.person ? Json(*m.main.person) : Json(nullptr)},
                    {"box", m.main.box ? value::json_of(*m.main.box) : Json(nullptr)},
                    {"seen", seen != stored_.seen.end()},
                    {"seconds_looked", seen == stored_.seen.end() ? 0 : seen->second},
                    {"left", left == stored_.left.end() ? Json(nullptr) : Json(left->second)}});
  }
  return list;
}

namespace {

Json tile_json(const Tile& tile) {
  return {{"frame", tile.frame}, {"part", value::json_of(tile.part)}};
}

Json tiles_json(const std::vector<Tile>& tiles) {
  Json list = Json::array();
  for (const Tile& tile : tiles)
    list.push_back(tile_json(tile));
  return list;
}

const char* sentence(Question question) {
  switch (question) {
  case Question::different:
    return "Is the new face another person's, everywhere?";
  case Question::covered:
    return "The whole picture was covered. Does anything show?";
  case Question::face:
    break;
  }
  return "Does a face show that no line holds?";
}

} // namespace

Json FileSession::sheet_json(const Sheet& sheet) const {
  Json all = Json::array(), strips = Json::array();
  std::size_t tiles = 0;
  for (const Strip& strip : sheet) {
    Json reasons = Json::array(), list = Json::array();
    for (const std::size_t i : strip.moments) {
      const Moment& moment = moments_.shown[i];
      all.push_back(moment.id);
      reasons.push_back({{"moment", moment.id}, {"text", moment.main.text}});
    }
    for (const Tile& tile : strip.tiles) {
      list.push_back(tile_json(tile));
      list.back()["moment"] = moments_.shown[tile.moment].id;
    }
    tiles += strip.tiles.size();
    strips.push_back({{"question", sentence(strip.question)},
                      {"moments", std::move(reasons)},
                      {"tiles", std::move(list)}});
  }
  return {{"moments", std::move(all)}, {"tiles", tiles}, {"strips", std::move(strips)}};
}

Json FileSession::sheet() const {
  const std::scoped_lock guard(mutex_);
  return sheet_json(next_sheet(moments_, audited_, [this](const Moment& moment) {
    return !stored_.seen.contains(moment.id) && !stored_.left.contains(moment.id);
  }));
}

Json FileSession::sheets() const {
  const std::scoped_lock guard(mutex_);
  std::set<std::string> shown;
  Json all = Json::array();
  for (;;) {
    const Sheet sheet = next_sheet(moments_, audited_, [&](const Moment& moment) {
      return !stored_.seen.contains(moment.id) && !stored_.left.contains(moment.id) &&
             !shown.contains(moment.id);
    });
    if (sheet.empty())
      return all;
    for (const Strip& strip : sheet)
      for (const std::size_t i : strip.moments)
        shown.insert(moments_.shown[i].id);
    all.push_back(sheet_json(sheet));
  }
}

Json FileSession::person_sheet(int person) const {
  const std::scoped_lock guard(mutex_);
  const People people = edits_.people();
  int frames = 0;
  for (int i = 0; i < bounds_.frames; ++i)
    frames += std::ranges::any_of(audited_.frames[static_cast<std::size_t>(i)].faces,
                                  [&](const KnownFace& face) { return people.at(face.id, i) == person; });
  if (frames == 0)
    throw UserError("There is no person " + std::to_string(person) + ".");
  return {{"person", person},
          {"frames", frames},
          {"tiles", tiles_json(tiles_of_person(person, people, audited_))}};
}

Json FileSession::timeline() const {
  const std::scoped_lock guard(mutex_);
  const People people = edits_.people();
  Lanes lanes;
  for (int i = 0; i < bounds_.frames; ++i)
    for (const KnownFace& face : audited_.frames[static_cast<std::size_t>(i)].faces)
      lanes.add(people.at(face.id, i), i, face);
  Json cuts = Json::array();
  if (looked_)
    cuts = looked_->cuts;
  return {{"people", lanes.json(edits_)},
          {"risk", risk_of(events_, bounds_.frames)},
          {"cuts", cuts},
          {"zones", spanned(edits_.zones(), true)},
          {"mutes", spanned(edits_.mutes(), false)}};
}

Json FileSession::signed_locked() const {
  std::error_code ec;
  if (!std::filesystem::exists(beside_.record, ec))
    return nullptr;
  try {
    const Json record = load_record(beside_.record);
    Json signatures = Json::array();
    for (const Json& one : record["signatures"])
      signatures.push_back(
          {{"name", one.value("name", "")}, {"role", one.value("role", "")}, {"at", one.value("at", "")}});
    const bool current =
        !is_dirty(stored_, edits_) && record["result"]["sha256"] == final_result(stored_).facts.sha256;
    return {{"signatures", signatures}, {"current", current}};
  } catch (const UserError& e) {
    return {{"signatures", Json::array()}, {"current", false}, {"why", e.what()}};
  }
}

Json FileSession::state() const {
  const std::scoped_lock guard(mutex_);
  return state_locked();
}

Json FileSession::state_locked() const {
  Json rendered = nullptr;
  if (!stored_.rendered.is_null())
    rendered = {
        {"output", std::filesystem::path(stored_.rendered["output"].get<std::string>()).filename().string()},
        {"sha256", stored_.rendered["sha256"]}};
  return {{"edits", edits_.list()},
          {"can_undo", stored_.position > 0},
          {"can_redo", stored_.position < stored_.history.size()},
          {"dirty", is_dirty(stored_, edits_)},
          {"rendered", rendered},
          {"signed", signed_locked()},
          {"unseen", unseen(moments_, stored_).size()}};
}

Json FileSession::frame(int index) const {
  const std::scoped_lock guard(mutex_);
  if (index < 0 || index >= bounds_.frames)
    throw UserError("There is no frame " + std::to_string(index) + ".");
  const People people = edits_.people();
  Json regions = Json::array();
  for (const KnownFace& face : audited_.frames[static_cast<std::size_t>(index)].faces) {
    const Fate fate = fate_of(face, index, edits_, people);
    regions.push_back({{"person", people.at(face.id, index)},
                       {"box", value::json_of(face.box)},
                       {"treatment", fate.treatment},
                       {"source", "audit"},
                       {"edit", fate.edit == 0 ? Json(nullptr) : Json(fate.edit)},
                       {"shape", "box"},
                       {"origin", face.origin ? to_string(*face.origin) : "foreign"}});
  }
  for (const auto& [edit, region] : edits_.regions())
    if (region.holds(index))
      regions.push_back(drawn_region(edit, region.person, region.at(index),
                                     region.least == Treatment::covered, region.shape));
  for (const auto& [edit, zone] : edits_.zones())
    if (index >= zone.first && index <= zone.last)
      regions.push_back(drawn_region(edit, {}, zone.box, true, "box"));
  return {{"regions", regions}};
}

} // namespace deid::review
