#include "elements/measures/identity/attack.hpp"
#include "elements/measures/identity/distances.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace deid::identity {

namespace {

/// A running mean of descriptors.
struct Sum {
  std::array<double, 128> values{};
  double n = 0;
  void add(const Descriptor& d, double sign = 1) {
    for (std::size_t i = 0; i < d.size(); ++i)
      values[i] += sign * d[i];
    n += sign;
  }
  void subtract(const Sum& other) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] -= other.values[i];
    n -= other.n;
  }
  [[nodiscard]] Descriptor mean() const {
    Descriptor d{};
    for (std::size_t i = 0; i < d.size(); ++i)
      d[i] = static_cast<float>(values[i] / n);
    return d;
  }
};

struct Entry {
  std::size_t person = 0;
  Descriptor mean{};
};
using Gallery = std::vector<Entry>;

/// One gallery and the faces that are shown to its attacker.
struct Round {
  Gallery gallery{};
  std::vector<std::size_t> shown{}; ///< indices into samples.all
};

std::vector<Round> naive_rounds(const Samples& samples) {
  Round round;
  const auto known = averages(samples);
  for (std::size_t p = 0; p < known.size(); ++p)
    if (known[p])
      round.gallery.push_back({p, *known[p]});
  for (std::size_t i = 0; i < samples.all.size(); ++i)
    if (samples.all[i].person && known[*samples.all[i].person])
      round.shown.push_back(i);
  return {round};
}

std::vector<Round> parrot_rounds(const Samples& samples) {
  std::vector<Sum> everywhere(samples.people.size());
  std::vector<std::vector<Sum>> in_clip(samples.clips.size(), everywhere);
  std::vector<std::vector<std::size_t>> faces(samples.clips.size());
  for (std::size_t i = 0; i < samples.all.size(); ++i) {
    const Sample& sample = samples.all[i];
    if (!sample.person)
      continue;
    faces[sample.clip].push_back(i);
    if (sample.face.deidentified) {
      everywhere[*sample.person].add(*sample.face.deidentified);
      in_clip[sample.clip][*sample.person].add(*sample.face.deidentified);
    }
  }
  std::vector<Round> rounds;
  for (std::size_t clip = 0; clip < samples.clips.size(); ++clip) {
    Round round;
    std::vector<bool> known(samples.people.size());
    for (std::size_t p = 0; p < samples.people.size(); ++p) {
      Sum elsewhere = everywhere[p];
      elsewhere.subtract(in_clip[clip][p]);
      if (elsewhere.n > .5) { // counts are whole numbers; this means at least 1
        known[p] = true;
        round.gallery.push_back({p, elsewhere.mean()});
      }
    }
    std::ranges::copy_if(faces[clip], std::back_inserter(round.shown),
                         [&](std::size_t i) { return known[*samples.all[i].person]; });
    rounds.push_back(std::move(round));
  }
  return rounds;
}

std::vector<Round> linking_rounds(const Samples& samples) {
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> faces;
  for (std::size_t i = 0; i < samples.all.size(); ++i)
    if (samples.all[i].person && samples.all[i].face.deidentified)
      faces[{samples.all[i].clip, *samples.all[i].person}].push_back(i);
  Round round;
  for (const auto& [where, all] : faces) {
    if (all.size() < 2)
      continue;
    Sum sum;
    for (std::size_t i = 0; i < all.size() / 2; ++i)
      sum.add(*samples.all[all[i]].face.deidentified);
    round.gallery.push_back({where.second, sum.mean()});
    round.shown.insert(round.shown.end(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2),
                       all.end());
  }
  return {round};
}

/// Collects the results of all rounds.
class Gathering {
public:
  explicit Gathering(const Samples& samples)
      : samples_(samples), hits_(samples.people.size()), own_(samples.people.size()) {}

  void play(const Round& round) {
    for (const std::size_t i : round.shown) {
      ++result_.faces;
      if (samples_.all[i].face.deidentified && !round.gallery.empty())
        show(i, round.gallery);
    }
    if (!round.shown.empty())
      result_.gallery = std::max(result_.gallery, round.gallery.size());
  }

  AttackResult result() {
    AttackResult& r = result_;
    std::ranges::sort(ranks_);
    r.median_rank = ranks_.empty() ? 0 : statistics::quantile(ranks_, .5);
    r.chance = r.described > 0 ? r.chance / static_cast<double>(r.described) : 0;
    r.people = static_cast<std::size_t>(
        std::ranges::count_if(hits_, [](const statistics::HitCount& t) { return t.tries > 0; }));
    r.frames = statistics::wilson(r.hits, r.described);
    r.across = statistics::by_people(hits_);
    r.false_accept = false_accept_rate;
    set_threshold();
    return std::move(result_);
  }

private:
  void show(std::size_t index, const Gallery& gallery) {
    const Sample& sample = samples_.all[index];
    // with linking a person has one entry for each clip; all of them are the owner's
    double own = std::numeric_limits<double>::infinity(), best = own;
    std::vector<double> others;
    std::size_t nearest = 0;
    for (std::size_t k = 0; k < gallery.size(); ++k) {
      const double apart = models::distance(gallery[k].mean, *sample.face.deidentified);
      if (apart < best)
        nearest = k;
      best = std::min(best, apart);
      if (gallery[k].person == *sample.person)
        own = std::min(own, apart);
      else
        others.push_back(apart);
    }
    const auto nearer = std::ranges::count_if(others, [own](double apart) { return apart < own; });
    const std::size_t rank = 1 + static_cast<std::size_t>(nearer);
    impostors_.insert(impostors_.end(), others.begin(), others.end());
    ++result_.described;
    result_.chance +=
        static_cast<double>(gallery.size() - others.size()) / static_cast<double>(gallery.size());
    result_.hits += rank == 1 ? 1 : 0;
    hits_[*sample.person].hits += rank == 1 ? 1 : 0;
    ++hits_[*sample.person].tries;
    own_[*sample.person].push_back(own);
    ranks_.push_back(static_cast<double>(rank));
    result_.guesses.push_back({index, gallery[nearest].person, rank == 1});
  }

  void set_threshold() {
    std::ranges::sort(impostors_);
    result_.impostors = impostors_.size();
    const auto allowed =
        static_cast<std::size_t>(std::floor(false_accept_rate * static_cast<double>(impostors_.size())));
    if (allowed == 0)
      return; // fewer than 1000 impostors: this rate cannot be measured
    // the threshold is the distance of the first impostor that must be rejected
    result_.threshold = impostors_[allowed];
    result_.threshold_known = true;
    std::vector<statistics::HitCount> accepted;
    for (const auto& of_person : own_) {
      const auto n = static_cast<std::size_t>(
          std::ranges::count_if(of_person, [&](double d) { return d < result_.threshold; }));
      accepted.push_back({n, of_person.size()});
      result_.accepted += n;
    }
    result_.accepted_across = statistics::by_people(accepted);
  }

  const Samples& samples_;
  std::vector<statistics::HitCount> hits_;
  std::vector<std::vector<double>> own_; ///< distances to the owner, for each person
  std::vector<double> impostors_{}, ranks_{};
  AttackResult result_{};
};

} // namespace

const char* to_string(Attack attack) {
  return attack == Attack::naive ? "naive" : attack == Attack::parrot ? "parrot" : "linking";
}

AttackResult attack(const Samples& samples, Attack kind) {
  Gathering gathering(samples);
  for (const Round& round : kind == Attack::naive    ? naive_rounds(samples)
                            : kind == Attack::parrot ? parrot_rounds(samples)
                                                     : linking_rounds(samples))
    gathering.play(round);
  return gathering.result();
}

} // namespace deid::identity
