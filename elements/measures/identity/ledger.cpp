#include "elements/measures/identity/ledger.hpp"
#include "elements/measures/statistics/roc_area.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace deid::identity {

namespace {

constexpr std::size_t length = std::tuple_size_v<Descriptor>;
/// Most distances compared for the ROC curve. More take seconds and do not change the third digit.
constexpr std::size_t most_compared = 2'000'000;

double apart(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < length; ++i)
    sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  return std::sqrt(sum);
}

double apart(std::span<const float> a, std::span<const double> sum, std::uint64_t count) {
  double squares = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const double off = static_cast<double>(a[i]) - sum[i] / static_cast<double>(count);
    squares += off * off;
  }
  return std::sqrt(squares);
}

/// Groups ids that belong to one person. Returns for each id the index of the first id of its group.
std::vector<std::size_t> same_people(const std::vector<const SecretFloats*>& means, double threshold) {
  std::vector<std::size_t> first(means.size());
  std::iota(first.begin(), first.end(), std::size_t{0});
  for (std::size_t i = 0; i < means.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (first[i] != first[k] && apart(*means[i], *means[k]) <= threshold) {
        const std::size_t from = std::max(first[i], first[k]), to = std::min(first[i], first[k]);
        std::ranges::replace(first, from, to);
      }
  return first;
}

} // namespace

void Figures::add(const Figures& other) {
  original.add(other.original);
  average.add(other.average);
  target.add(other.target);
}

Ledger::Ledger(double threshold, std::size_t most)
    : threshold_(threshold), most_(std::max<std::size_t>(most, 2)) {}

FaceDistances Ledger::add(const FaceDescriptors& sample) {
  Person& person = people_[sample.id];
  Figures& figures = figures_.at(static_cast<std::size_t>(sample.state));
  ++faces_.at(static_cast<std::size_t>(sample.state));
  if (sample.original) {
    person.sum.resize(length);
    for (std::size_t i = 0; i < length; ++i)
      person.sum[i] += static_cast<double>((*sample.original)[i]);
    ++person.originals;
  }
  FaceDistances found;
  if (!sample.deidentified)
    return found;
  if (sample.original)
    found.original = apart(*sample.deidentified, *sample.original);
  if (person.originals > 0)
    found.average = apart(*sample.deidentified, person.sum, person.originals);
  if (sample.target)
    found.target = apart(*sample.deidentified, *sample.target);
  if (found.original) {
    figures.original.add(*found.original, threshold_);
    person.original.add(*found.original, threshold_);
  }
  if (found.average)
    figures.average.add(*found.average, threshold_);
  if (found.target)
    figures.target.add(*found.target, threshold_);
  keep(sample, person);
  return found;
}

void Ledger::keep(const FaceDescriptors& sample, Person& person) {
  const std::uint64_t number = person.results++;
  if (number % every_ != 0)
    return;
  if (kept_.size() >= most_)
    thin_out();
  if (number % every_ != 0 || kept_.size() >= most_) // still full: there are more people than places
    return;
  kept_.push_back({sample.id, sample.state, number});
  values_.insert(values_.end(), sample.deidentified->begin(), sample.deidentified->end());
}

void Ledger::thin_out() {
  every_ *= 2;
  std::size_t left = 0;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].number % every_ != 0)
      continue;
    std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(i * length), length,
                values_.begin() + static_cast<std::ptrdiff_t>(left * length));
    kept_[left++] = kept_[i];
  }
  kept_.resize(left);
  values_.resize(left * length);
}

Figures Ledger::all() const {
  Figures sum;
  for (const Figures& one : figures_)
    sum.add(one);
  return sum;
}

std::map<std::uint32_t, SecretFloats> Ledger::means() const {
  std::map<std::uint32_t, SecretFloats> found;
  for (const auto& [id, person] : people_) {
    if (person.originals == 0)
      continue;
    SecretFloats& mean = found[id];
    for (const double value : person.sum)
      mean.push_back(static_cast<float>(value / static_cast<double>(person.originals)));
  }
  return found;
}

Ending Ledger::ending() const {
  Ending ending;
  ending.kept_every = every_;
  const auto means = this->means();
  std::map<std::uint32_t, statistics::RunningStats> of_person;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const auto mean = means.find(kept_[i].id);
    if (mean == means.end())
      continue;
    const Person& person = people_.at(kept_[i].id);
    const double away = apart(std::span(values_).subspan(i * length, length), person.sum, person.originals);
    ending.final_average.at(static_cast<std::size_t>(kept_[i].state)).add(away, threshold_);
    of_person[kept_[i].id].add(away, threshold_);
  }
  for (const auto& [id, person] : people_)
    ending.people.push_back({id, person.originals, person.original, of_person[id]});
  ending.recognition = recognise(means);
  return ending;
}

Recognition Ledger::recognise(const std::map<std::uint32_t, SecretFloats>& means) const {
  std::vector<const SecretFloats*> all;
  std::map<std::uint32_t, std::size_t> place;
  for (const auto& [id, mean] : means) {
    place[id] = all.size();
    all.push_back(&mean);
  }
  const std::vector<std::size_t> person = same_people(all, threshold_);
  Recognition found;
  for (std::size_t i = 0; i < person.size(); ++i)
    found.people += person[i] == i ? 1 : 0;
  if (found.people < 2)
    return found;
  const std::size_t step = 1 + kept_.size() * all.size() / most_compared;
  std::vector<double> own, other;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    const auto self = place.find(kept_[i].id);
    if (self == place.end() || kept_[i].number / every_ % step != 0)
      continue;
    const auto face = std::span(values_).subspan(i * length, length);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (k == self->second)
        own.push_back(apart(face, *all[k]));
      else if (person[k] != person[self->second])
        other.push_back(apart(face, *all[k]));
  }
  found.area = statistics::roc_area(own, other);
  found.own = own.size();
  found.other = other.size();
  return found;
}

} // namespace deid::identity
