#include "models/openpose/decode.hpp"
#include "models/image/affine.hpp"
#include "models/session/session.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::models {
namespace {

constexpr int nobody = -1;
using Peaks = std::vector<std::vector<PartPeak>>; ///< of each part

/// The field's value between the cells; outside the map, the nearest cell's.
double sample(const cv::Mat& map, cv::Point2d at) {
  const double x = std::clamp(at.x - .5, 0., map.cols - 1.);
  const double y = std::clamp(at.y - .5, 0., map.rows - 1.);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const int x1 = std::min(x0 + 1, map.cols - 1);
  const int y1 = std::min(y0 + 1, map.rows - 1);
  const double fx = x - x0;
  const double fy = y - y0;
  return (map.at<float>(y0, x0) * (1 - fx) + map.at<float>(y0, x1) * fx) * (1 - fy) +
         (map.at<float>(y1, x0) * (1 - fx) + map.at<float>(y1, x1) * fx) * fy;
}

struct Pair {
  int from; ///< index of the peak of the limb's first part
  int to;
  double score;
};

/// Score of a limb from one peak to the other (Cao et al. 2017, eq. 10): the mean of the field's component
/// along the line, minus a penalty for limbs longer than half the picture's height. 0 when too few samples
/// agree.
double limb_score(const cv::Mat& field_x, const cv::Mat& field_y, cv::Point2d from, cv::Point2d to,
                  const DecodeOptions& options) {
  const cv::Point2d along = to - from;
  const double length = std::hypot(along.x, along.y);
  if (!(length > 0))
    return 0.;
  double sum = 0.;
  int agree = 0;
  for (int i = 0; i < options.limb_samples; ++i) {
    const cv::Point2d at = from + along * (static_cast<double>(i) / (options.limb_samples - 1));
    const double value = (sample(field_x, at) * along.x + sample(field_y, at) * along.y) / length;
    sum += value;
    agree += value > options.limb_threshold ? 1 : 0;
  }
  if (!(agree > static_cast<double>(options.limb_share) * options.limb_samples))
    return 0.;
  const double score = sum / options.limb_samples + std::min(.5 * field_x.rows / length - 1, 0.);
  return std::max(score, 0.);
}

/// The best pairs of one limb. Each peak is in at most one pair.
std::vector<Pair> pairs(const PartMaps& maps, const Limb& limb, const Peaks& peaks,
                        const DecodeOptions& options) {
  const auto& from = peaks[static_cast<std::size_t>(limb.from)];
  const auto& to = peaks[static_cast<std::size_t>(limb.to)];
  const auto field = 2 * static_cast<std::size_t>(limb.field);
  std::vector<Pair> possible;
  for (std::size_t a = 0; a < from.size(); ++a)
    for (std::size_t b = 0; b < to.size(); ++b) {
      const double score =
          limb_score(maps.fields[field], maps.fields[field + 1], from[a].at, to[b].at, options);
      if (score > 0)
        possible.push_back({static_cast<int>(a), static_cast<int>(b), score});
    }
  std::stable_sort(possible.begin(), possible.end(),
                   [](const Pair& a, const Pair& b) { return a.score > b.score; });
  std::vector<bool> from_taken(from.size());
  std::vector<bool> to_taken(to.size());
  std::vector<Pair> best;
  for (const Pair& pair : possible) {
    const auto a = static_cast<std::size_t>(pair.from);
    const auto b = static_cast<std::size_t>(pair.to);
    if (from_taken[a] || to_taken[b])
      continue;
    from_taken[a] = to_taken[b] = true;
    best.push_back(pair);
  }
  return best;
}

/// A person in assembly. A peak belongs to at most one person.
struct Draft {
  std::vector<int> peak; ///< index of the peak of each part, or `nobody`
  double limbs = 0.;     ///< sum of the limbs' scores

  [[nodiscard]] bool meets(const Draft& other) const {
    for (std::size_t part = 0; part < peak.size(); ++part)
      if (peak[part] != nobody && other.peak[part] != nobody)
        return true;
    return false;
  }
};

class Assembly {
public:
  explicit Assembly(PartSet set) : parts_(static_cast<std::size_t>(part_count(set))) {}

  void add(const Limb& limb, const Pair& pair) {
    const std::size_t a = holder(limb.from, pair.from);
    const std::size_t b = holder(limb.to, pair.to);
    if (a == none && b == none) {
      if (!limb.loose)
        begin(limb, pair);
    } else if (a == b) {
      drafts_[a].limbs += pair.score; // closes a ring: adds no part, but its score counts
    } else if (b == none) {
      fill(drafts_[a], limb.to, pair.to, pair.score);
    } else if (a == none) {
      fill(drafts_[b], limb.from, pair.from, pair.score);
    } else if (!limb.loose && !drafts_[a].meets(drafts_[b])) {
      join(a, b, pair.score);
    }
  }

  [[nodiscard]] const std::vector<Draft>& drafts() const { return drafts_; }

private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t holder(int part, int peak) const {
    for (std::size_t i = 0; i < drafts_.size(); ++i)
      if (drafts_[i].peak[static_cast<std::size_t>(part)] == peak)
        return i;
    return none;
  }

  void begin(const Limb& limb, const Pair& pair) {
    Draft draft{std::vector<int>(parts_, nobody), pair.score};
    draft.peak[static_cast<std::size_t>(limb.from)] = pair.from;
    draft.peak[static_cast<std::size_t>(limb.to)] = pair.to;
    drafts_.push_back(std::move(draft));
  }

  /// A part that is already there stays: its limb is nearer to the trunk.
  static void fill(Draft& draft, int part, int peak, double score) {
    int& place = draft.peak[static_cast<std::size_t>(part)];
    if (place != nobody)
      return;
    place = peak;
    draft.limbs += score;
  }

  void join(std::size_t a, std::size_t b, double score) {
    Draft& into = drafts_[a];
    for (std::size_t part = 0; part < parts_; ++part)
      if (drafts_[b].peak[part] != nobody)
        into.peak[part] = drafts_[b].peak[part];
    into.limbs += drafts_[b].limbs + score;
    drafts_.erase(drafts_.begin() + static_cast<std::ptrdiff_t>(b));
  }

  std::size_t parts_;
  std::vector<Draft> drafts_;
};

void require(bool holds, const std::string& sentence) {
  if (!holds)
    throw std::invalid_argument(sentence);
}

void require_options(const DecodeOptions& options) {
  require(options.limb_samples >= 2 && options.limb_samples <= 1000,
          "A limb needs 2 to 1000 samples, not " + std::to_string(options.limb_samples) + ".");
  require(options.limb_share >= 0 && options.limb_share < 1,
          "The share of samples that agree must be in [0, 1), not " + std::to_string(options.limb_share) +
              ".");
  require(options.min_parts >= 1 && options.max_parts >= 1,
          "A person needs at least 1 part, and a heat map may have at least 1 peak.");
  require(std::isfinite(options.part_threshold) && std::isfinite(options.limb_threshold) &&
              std::isfinite(options.min_score),
          "The thresholds of the pose decoder must be numbers.");
}

void require_maps(const PartMaps& maps) {
  require(maps.heat.size() == static_cast<std::size_t>(part_count(maps.set)) &&
              maps.fields.size() == 2 * limbs(maps.set).size(),
          "A pose needs " + std::to_string(part_count(maps.set)) + " heat maps and " +
              std::to_string(2 * limbs(maps.set).size()) + " field maps, not " +
              std::to_string(maps.heat.size()) + " and " + std::to_string(maps.fields.size()) + ".");
  const cv::Size size = maps.heat.front().size();
  for (const auto* group : {&maps.heat, &maps.fields})
    for (const cv::Mat& map : *group) {
      require(map.size() == size && (map.empty() || map.type() == CV_32FC1),
              "The maps of a pose must be of one size and hold one float a cell.");
      for (int y = 0; y < map.rows; ++y)
        require_finite({map.ptr<float>(y), static_cast<std::size_t>(map.cols)}, "heat maps or limb fields");
    }
}

BodyPose pose(const Draft& draft, const Peaks& peaks, const cv::Matx23f& map_to_frame) {
  BodyPose person;
  float sum = 0.F;
  int present = 0;
  for (std::size_t part = 0; part < draft.peak.size(); ++part) {
    BodyPart one;
    if (draft.peak[part] != nobody) {
      const PartPeak& peak = peaks[part][static_cast<std::size_t>(draft.peak[part])];
      one = {.at = transform(map_to_frame, cv::Point2f(peak.at)),
             .score = std::clamp(peak.score, 0.F, 1.F),
             .present = true};
      sum += one.score;
      ++present;
    }
    person.parts.push_back(one);
  }
  person.score = sum / static_cast<float>(std::max(present, 1));
  return person;
}

/// Whether the person has enough parts, and strong enough ones.
bool is_person(const Draft& draft, const Peaks& peaks, const DecodeOptions& options) {
  double sum = draft.limbs;
  int present = 0;
  for (std::size_t part = 0; part < draft.peak.size(); ++part)
    if (draft.peak[part] != nobody) {
      sum += peaks[part][static_cast<std::size_t>(draft.peak[part])].score;
      ++present;
    }
  return present >= options.min_parts && sum >= static_cast<double>(options.min_score) * present;
}

} // namespace

std::vector<BodyPose> decode(const PartMaps& maps, const cv::Matx23f& map_to_frame,
                             const DecodeOptions& options) {
  require_options(options);
  require_maps(maps);
  Peaks peaks;
  for (const cv::Mat& map : maps.heat)
    peaks.push_back(find_peaks(map, options.part_threshold, options.max_parts, options.refinement));
  Assembly assembly(maps.set);
  for (const Limb& limb : limbs(maps.set))
    for (const Pair& pair : pairs(maps, limb, peaks, options))
      assembly.add(limb, pair);
  std::vector<BodyPose> people;
  for (const Draft& draft : assembly.drafts())
    if (is_person(draft, peaks, options))
      people.push_back(pose(draft, peaks, map_to_frame));
  std::stable_sort(people.begin(), people.end(),
                   [](const BodyPose& a, const BodyPose& b) { return a.score > b.score; });
  return people;
}

} // namespace deid::models
