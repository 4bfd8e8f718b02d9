#include "models/training/selection.hpp"
#include "models/statistics/median.hpp"
#include "models/training/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

namespace deid::training {

namespace {

cv::Mat gray_core(const cv::Mat& rgb) {
  cv::Mat gray;
  cv::cvtColor(rgb(cv::Rect(margin, margin, core_size, core_size)), gray, cv::COLOR_RGB2GRAY);
  return gray;
}

double largest_difference(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat away, parts;
  cv::absdiff(a, b, away);
  away.convertTo(away, CV_32F);
  cv::resize(away, parts, away.size() / tuning::part, 0, 0, cv::INTER_AREA);
  double most = 0;
  cv::minMaxLoc(parts, nullptr, &most);
  return most;
}

double mean_distance(const Person& a, const Person& b) {
  return distance(a.mean, b.mean);
}

Person joined(const Person& a, const Person& b) {
  Person both = a;
  both.faces += b.faces;
  both.tracks.insert(both.tracks.end(), b.tracks.begin(), b.tracks.end());
  const double share = static_cast<double>(b.faces) / static_cast<double>(both.faces);
  for (std::size_t i = 0; i < both.mean.size(); ++i)
    both.mean[i] = static_cast<float>((1 - share) * a.mean[i] + share * b.mean[i]);
  return both;
}

std::string number(std::size_t value) {
  return std::to_string(value);
}

/// Drops the faces of all people but the main person.
void keep_main_person(FaceSet& set, const SelectionRule& rule, Account& account) {
  const std::vector<Person> people = people_of(set.faces);
  if (people.empty())
    return;
  const Person& main = people.front();
  for (std::size_t i = 1; i < people.size(); ++i)
    if (static_cast<double>(people[i].faces) > tuning::too_often * static_cast<double>(main.faces))
      throw SelectionError("The " + rule.side + " clips show several people (" + number(main.faces) +
                           " faces of one, " + number(people[i].faces) +
                           " of another): give clips with one person only, or cut the other people out.");
  account.others += std::erase_if(set.faces, [&](const Face& face) {
    return std::ranges::find(main.tracks, Track(face.clip, face.track)) == main.tracks.end() ||
           distance(face.descriptor, main.mean) > tuning::same_face;
  });
}

void drop_blurred(FaceSet& set, const SelectionRule& rule, Account& account) {
  std::map<std::uint32_t, std::vector<float>> of_clip;
  for (const Face& face : set.faces)
    of_clip[face.clip].push_back(face.sharpness);
  std::map<std::uint32_t, double> least;
  for (const auto& [clip, values] : of_clip)
    least[clip] = rule.blur * statistics::upper_median(values);
  account.blurred +=
      std::erase_if(set.faces, [&](const Face& face) { return face.sharpness < least[face.clip]; });
}

/// How far the mouth is open: distance of the inner lips over that of the outer eye corners.
double mouth_opening(const Face& face) {
  return cv::norm(face.points[13] - face.points[14]) /
         std::max(1e-3, cv::norm(face.points[33] - face.points[263]));
}

/// Yaw, pitch and mouth opening in coarse steps.
std::array<int, 3> bin_of(const Face& face) {
  const double mouth = mouth_opening(face);
  return {static_cast<int>(std::floor(face.pose[0] / 10)), static_cast<int>(std::floor(face.pose[1] / 10)),
          mouth < .04   ? 0
          : mouth < .12 ? 1
                        : 2};
}

/// Keeps about rule.most faces, evenly in time. Frequent poses lose more faces than rare ones.
void thin(FaceSet& set, const SelectionRule& rule, Account& account) {
  if (set.faces.size() <= rule.most)
    return;
  const std::vector<double> weight = balance(set.faces);
  const double all = std::accumulate(weight.begin(), weight.end(), 0.);
  const double step = static_cast<double>(rule.most) / all;
  double due = 0;
  std::vector<Face> kept;
  for (std::size_t i = 0; i < set.faces.size(); ++i) {
    due += std::min(1., weight[i] * step);
    if (due >= 1) {
      due -= 1;
      kept.push_back(std::move(set.faces[i]));
    }
  }
  account.thinned += set.faces.size() - kept.size();
  set.faces = std::move(kept);
}

/// Holds out one block of consecutive faces per minute and clip, at varying places.
void hold_out(FaceSet& set, const SelectionRule& rule, Account& account) {
  std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<Face*>> stretches;
  for (Face& face : set.faces)
    stretches[{face.clip, face.pts / tuning::stretch}].push_back(&face);
  double due = .5, place = 0;
  for (auto& [where, faces] : stretches) {
    due += rule.held_out * static_cast<double>(faces.size());
    const auto count = std::min(static_cast<std::size_t>(due), faces.size() / 2);
    due -= static_cast<double>(count);
    place = std::fmod(place + .618034, 1.);
    const auto first = static_cast<std::size_t>(place * static_cast<double>(faces.size() - count));
    for (std::size_t i = first; i < first + count; ++i)
      faces[i]->held_out = true;
    account.held_out += count;
  }
}

} // namespace

double distance(const Descriptor& a, const Descriptor& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::pow(static_cast<double>(a[i]) - b[i], 2);
  return std::sqrt(sum);
}

float sharpness(const cv::Mat& rgb) {
  const cv::Mat gray = gray_core(rgb);
  cv::Mat edges;
  cv::Laplacian(gray, edges, CV_32F);
  cv::Scalar mean, spread, contrast;
  cv::meanStdDev(edges, mean, spread);
  cv::meanStdDev(gray, mean, contrast);
  return static_cast<float>(spread[0] / std::max(1., contrast[0]));
}

bool DuplicateFilter::is_like_before(const cv::Mat& rgb, std::uint32_t clip, std::uint32_t track) {
  cv::Mat small;
  cv::resize(gray_core(rgb), small, {core_size / 2, core_size / 2}, 0, 0, cv::INTER_AREA);
  std::vector<cv::Mat>& last = last_[{clip, track}];
  if (std::ranges::any_of(
          last, [&](const cv::Mat& before) { return largest_difference(before, small) < tuning::like; }))
    return true;
  if (last.size() >= tuning::remembered)
    last.erase(last.begin());
  last.push_back(small);
  return false;
}

namespace {

/// A person for each track, by clip and track.
std::vector<Person> one_per_track(const std::vector<Face>& faces) {
  std::map<Track, Person> tracks;
  for (const Face& face : faces) {
    Person one{.tracks = {{face.clip, face.track}}, .mean = face.descriptor, .faces = 1};
    Person& track = tracks[one.tracks.front()];
    track = track.faces == 0 ? one : joined(track, one);
    track.tracks.resize(1);
  }
  std::vector<Person> people;
  for (const auto& [name, track] : tracks)
    people.push_back(track);
  return people;
}

/// Returns the indices of the two nearest people, the lower one first; nothing when no two are near each
/// other.
std::optional<std::pair<std::size_t, std::size_t>> nearest_two(const std::vector<Person>& people) {
  double least = tuning::one_person;
  std::optional<std::pair<std::size_t, std::size_t>> nearest;
  for (std::size_t i = 0; i < people.size(); ++i)
    for (std::size_t j = i + 1; j < people.size(); ++j)
      if (const double away = mean_distance(people[i], people[j]); away < least) {
        least = away;
        nearest = {i, j};
      }
  return nearest;
}

} // namespace

std::vector<Person> people_of(const std::vector<Face>& faces) {
  std::vector<Person> people = one_per_track(faces);
  while (const auto near = nearest_two(people)) {
    const auto [first, second] = *near;
    people[first] = joined(people[first], people[second]);
    people.erase(people.begin() + static_cast<std::ptrdiff_t>(second));
  }
  std::ranges::sort(people, std::greater{}, &Person::faces);
  return people;
}

std::vector<double> balance(const std::vector<Face>& faces) {
  std::map<std::array<int, 3>, double> count;
  for (const Face& face : faces)
    ++count[bin_of(face)];
  std::vector<double> weight;
  for (const Face& face : faces)
    weight.push_back(1 / std::sqrt(count[bin_of(face)]));
  const double mean =
      std::accumulate(weight.begin(), weight.end(), 0.) / std::max<std::size_t>(1, faces.size());
  for (double& one : weight)
    one /= mean;
  return weight;
}

void select(FaceSet& set, const SelectionRule& rule, Account& account) {
  if (set.faces.empty() && account.seen == 0)
    throw SelectionError("The " + rule.side + " clips show no face.");
  keep_main_person(set, rule, account);
  drop_blurred(set, rule, account);
  thin(set, rule, account);
  if (set.faces.size() < rule.least)
    throw SelectionError(
        "The " + rule.side + " clips have only " + number(set.faces.size()) +
        " different faces that can be trained on; " + number(rule.least) +
        " are needed, several hundred are good: give longer clips in which the person moves and speaks.");
  hold_out(set, rule, account);
  account.kept = set.faces.size();
  set.mean = {};
  for (const Face& face : set.faces)
    for (std::size_t i = 0; i < set.mean.size(); ++i)
      set.mean[i] += face.descriptor[i] / static_cast<float>(set.faces.size());
}

} // namespace deid::training
