#include "elements/measures/statistics/tsne.hpp"
#include "pipelines/deid/evaluate/report/sections.hpp"
#include <algorithm>

namespace deid::evaluate {

namespace {

using evaluate::json_of; // for statistics' types, which the functions below would hide

Json json_of(const identity::Distances& d) {
  return {{"faces", d.faces},
          {"described", d.described},
          {"found", d.found},
          {"intra_original", json_of(d.intra_original)},
          {"intra_deidentified", json_of(d.intra_deidentified)},
          {"to_original", json_of(d.to_original)},
          {"to_original_above_limit", d.original_above},
          {"to_average_original", json_of(d.to_average_original)},
          {"to_average_original_above_limit", d.average_above},
          {"to_average_target", json_of(d.to_average_target)}};
}

Json share(std::size_t hits, std::size_t n) {
  return n == 0 ? Json(nullptr) : Json(static_cast<double>(hits) / static_cast<double>(n));
}

/// The person that each person was most often taken for.
Json mistaken(const identity::Samples& samples, const identity::AttackResult& r) {
  std::map<std::size_t, std::map<std::size_t, std::size_t>> table;
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> hits;
  for (const identity::Guess& guess : r.guesses) {
    const std::size_t person = *samples.all[guess.sample].person;
    ++table[person][guess.taken_for];
    hits[person].first += guess.hit ? 1 : 0;
    ++hits[person].second;
  }
  auto json = Json::object();
  for (const auto& [person, row] : table) {
    const auto most = std::ranges::max_element(row, {}, [](const auto& entry) { return entry.second; });
    json[samples.people[person]] = {{"shown", hits[person].second},
                                    {"hits", hits[person].first},
                                    {"taken_for_most", samples.people[most->first]},
                                    {"times", most->second}};
  }
  return json;
}

Json json_of(const identity::Samples& samples, const identity::AttackResult& r) {
  Json json{{"gallery", r.gallery},
            {"people", r.people},
            {"faces", r.faces},
            {"described", r.described},
            {"hits", r.hits},
            {"rank1", share(r.hits, r.described)},
            {"chance", r.described > 0 ? Json(r.chance) : Json(nullptr)},
            {"wilson", json_of(r.frames)},
            {"by_people", json_of(r.across)},
            {"median_rank", r.described > 0 ? Json(r.median_rank) : Json(nullptr)},
            {"false_accept_rate", r.false_accept},
            {"impostors", r.impostors},
            {"threshold", r.threshold_known ? Json(r.threshold) : Json(nullptr)},
            {"true_accept", r.threshold_known ? share(r.accepted, r.described) : Json(nullptr)},
            {"accepted", r.threshold_known ? Json(r.accepted) : Json(nullptr)},
            {"true_accept_by_people", json_of(r.accepted_across)}};
  json["by_person"] = mistaken(samples, r);
  return json;
}

/// A row of Fig. 4.
struct Row {
  const identity::Descriptor* values = nullptr;
  const identity::Sample* sample = nullptr;
  std::string kind{};
};

std::vector<Row> rows_of(const std::vector<std::pair<std::string, identity::Samples>>& by_method) {
  std::vector<Row> rows;
  const auto add = [&](const identity::Samples& samples, const std::string& kind, auto member) {
    for (const identity::Sample& sample : samples.all)
      if (sample.person && (sample.face.*member))
        rows.push_back({&*(sample.face.*member), &sample, kind});
  };
  if (!by_method.empty())
    add(by_method.front().second, "original", &identity::Face::original);
  for (const auto& [method, samples] : by_method)
    add(samples, method, &identity::Face::deidentified);
  return rows;
}

} // namespace

Json json_of(const statistics::Spread& s) {
  if (s.n == 0)
    return nullptr;
  return {{"n", s.n}, {"mean", s.mean}, {"sd", s.sd}, {"min", s.min}, {"median", s.median}, {"max", s.max}};
}

Json json_of(const statistics::Interval& i) {
  return i.known ? Json{i.low, i.high} : Json(nullptr);
}

Json people_section(const People& people) {
  Json json{{"how", people.how}, {"limit", models::same_person_limit}, {"count", people.names.size()}};
  json["tracks"] = Json::array();
  for (const identity::Track& track : people.tracks) {
    const auto known = people.who.find({track.clip, track.id});
    json["tracks"].push_back({{"clip", track.clip},
                              {"face", track.id},
                              {"described", track.described},
                              {"person", known == people.who.end() ? Json(nullptr) : Json(known->second)}});
  }
  json["doubts"] = Json::array();
  for (const identity::Doubt& doubt : people.doubts)
    json["doubts"].push_back(
        {{"a", doubt.a}, {"b", doubt.b}, {"distance", doubt.distance}, {"joined", doubt.joined}});
  json["clips_not_here"] = people.unknown;
  return json;
}

Json distances_section(const identity::Samples& samples) {
  Json json{{"everybody", json_of(identity::distances(samples))}};
  json["people"] = Json::object();
  for (std::size_t p = 0; p < samples.people.size(); ++p)
    json["people"][samples.people[p]] = json_of(identity::distances(samples, p));
  return json;
}

Json roc_section(const identity::Samples& samples) {
  const identity::Roc r = identity::roc(samples);
  Json json{{"genuine", json_of(r.genuine)}, {"against", json_of(r.against)}, {"auc", nullptr}};
  if (r.genuine.n > 0 && r.against.n > 0)
    json["auc"] = r.auc;
  json["curve"] = Json::array();
  for (const auto& [wrong, right] : r.points)
    json["curve"].push_back({wrong, right});
  return json;
}

Json attacks_section(const identity::Samples& samples) {
  auto json = Json::object();
  for (const identity::Attack kind :
       {identity::Attack::naive, identity::Attack::parrot, identity::Attack::linking})
    json[to_string(kind)] = json_of(samples, identity::attack(samples, kind));
  return json;
}

Json tsne_section(const std::vector<std::pair<std::string, identity::Samples>>& by_method) {
  constexpr std::size_t most = 800, least = 8;
  const std::vector<Row> all = rows_of(by_method);
  const std::size_t step = std::max<std::size_t>(1, (all.size() + most - 1) / most);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < all.size(); i += step)
    rows.push_back(all[i]);
  Json json{{"rows", rows.size()}, {"of", all.size()}, {"every", step}, {"points", Json::array()}};
  if (rows.size() < least)
    return json;
  cv::Mat values(static_cast<int>(rows.size()), 128, CV_64F);
  for (int i = 0; i < values.rows; ++i)
    std::ranges::copy(*rows[static_cast<std::size_t>(i)].values, values.ptr<double>(i));
  const statistics::Tsne result = statistics::tsne(values);
  json["perplexity"] = result.perplexity;
  json["kl"] = result.kl;
  json["trustworthiness"] = statistics::trustworthiness(values, result.points, std::min(5, values.rows / 4));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const identity::Sample& sample = *rows[i].sample;
    json["points"].push_back({{"kind", rows[i].kind},
                              {"person", by_method.front().second.people[*sample.person]},
                              {"clip", by_method.front().second.clips[sample.clip]},
                              {"face", sample.face.id},
                              {"frame", sample.face.frame},
                              {"x", result.points[i].x},
                              {"y", result.points[i].y}});
  }
  return json;
}

} // namespace deid::evaluate
