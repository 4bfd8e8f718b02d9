#include "elements/volume/registration/registration.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

namespace deid::volume {

namespace {

constexpr int first_steps = 12, rigid_steps = 30, affine_steps = 60;
constexpr int repeated_steps = 30; ///< a search that begins again takes long steps again, and gets farther
constexpr int most_repeats = 3;
constexpr double ended = 0.3;      ///< [mm] at the scan's corners: a search that moves less has ended
constexpr int most_rounds = 4;     ///< of searches on the fields themselves, while they do not agree
constexpr std::size_t refined = 3; ///< starts that are followed to the end
constexpr std::array shifts{-30.0, 0.0, 30.0};  ///< [mm] up and down: scans have necks of different length
constexpr std::array pitches{-0.25, 0.0, 0.25}; ///< [rad] nodding
constexpr double bright_share = 0.002;          ///< of the cells that are clipped at either end
constexpr int closing = 1;                      ///< [cells]
constexpr float in_brain = 0.5F;

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::vector<Point> brain_points(const BrainTemplate& known) {
  std::vector<Point> points;
  for (int z = 0; z < known.brain.size[2]; ++z)
    for (int y = 0; y < known.brain.size[1]; ++y)
      for (int x = 0; x < known.brain.size[0]; ++x)
        if (known.brain.values[known.brain.index(x, y, z)] >= in_brain)
          points.push_back(known.brain.world(x, y, z));
  return points;
}

/// Turns about `from` by `pitch` and puts `from` at `to`.
Affine start_at(const Point& from, const Point& to, double pitch) {
  const double c = std::cos(pitch), s = std::sin(pitch);
  Affine map{{{1, 0, 0, 0}, {0, c, -s, 0}, {0, s, c, 0}}};
  const Point turned = moved(map, from);
  for (std::size_t axis = 0; axis < 3; ++axis)
    map[axis][3] = to[axis] - turned[axis];
  return map;
}

Point centre_of_head(const Field& field, const char* whose) {
  const Mask mask = head_of(field, closing);
  if (std::ranges::find(mask, 1) == mask.end())
    throw RegistrationError(std::string("There is no head in ") + whose +
                            ": every voxel has nearly the same value.");
  return centre_of(field, mask);
}

/// Cubes of twice the size, each with the mean of eight. A last odd cell is left out.
Field halved(const Field& field) {
  Field half;
  half.spacing = 2 * field.spacing;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    half.size[axis] = std::max(1, field.size[axis] / 2);
    half.origin[axis] = field.origin[axis] + (field.size[axis] > 1 ? field.spacing / 2 : 0);
  }
  for (int z = 0; z < half.size[2]; ++z)
    for (int y = 0; y < half.size[1]; ++y)
      for (int x = 0; x < half.size[0]; ++x) {
        float sum = 0;
        for (int part = 0; part < 8; ++part)
          sum += field.values[field.index(std::min(2 * x + part % 2, field.size[0] - 1),
                                          std::min(2 * y + part / 2 % 2, field.size[1] - 1),
                                          std::min(2 * z + part / 4, field.size[2] - 1))];
        half.values.push_back(sum / 8);
      }
  return half;
}

/// The best first; the score of a start that does not overlap is infinite.
void sort(std::vector<Aligned>& found) {
  std::ranges::stable_sort(found, {}, &Aligned::score);
}

/// How far two maps are apart at places of a head [mm].
double moved_by(const Field& fixed, const Affine& a, const Affine& b) {
  double most = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const Point at = fixed.world((corner & 1) * (fixed.size[0] - 1), (corner >> 1 & 1) * (fixed.size[1] - 1),
                                 (corner >> 2) * (fixed.size[2] - 1));
    most = std::max(most, distance(moved(a, at), moved(b, at)));
  }
  return most;
}

/// Searches that begin again, until one changes nothing any more.
void finish(std::vector<Aligned>& found, const Aligner& aligner, const Field& fixed) {
  in_slices(static_cast<int>(found.size()), [&](int index) {
    Aligned& one = found.at(static_cast<std::size_t>(index));
    for (int repeat = 0; repeat < most_repeats && std::isfinite(one.score); ++repeat) {
      const Affine before = one.map;
      one = aligner.align(one.map, Freedom::affine, repeated_steps);
      if (moved_by(fixed, before, one.map) < ended)
        break;
    }
  });
  sort(found);
}

void follow(std::vector<Aligned>& found, const Aligner& aligner,
            std::initializer_list<std::pair<Freedom, int>> stages) {
  in_slices(static_cast<int>(found.size()), [&](int index) {
    Aligned& one = found.at(static_cast<std::size_t>(index));
    for (const auto& [freedom, steps] : stages)
      if (std::isfinite(one.score))
        one = aligner.align(one.map, freedom, steps);
  });
  sort(found);
}

std::vector<Aligned> search(const BrainTemplate& known, const Field& subject, const MakeAligner& make) {
  // The person's scan is the fixed one: each of its cells lies in the template, which shows a whole head,
  // while a scan may be a slab of it. A neck that the template does not have counts for nothing.
  const Point from = centre_of_head(subject, "the scan"), to = centre_of_head(known.head, "the template");
  const Field coarse_head = halved(known.head), coarse_subject = halved(subject);
  const auto coarse = make(coarse_subject, coarse_head);
  std::vector<Aligned> found;
  for (const double shift : shifts)
    for (const double pitch : pitches)
      found.push_back({start_at(from, {to[0], to[1], to[2] + shift}, pitch), 0});
  follow(found, *coarse, {{Freedom::rigid, first_steps}});
  found.resize(std::min(found.size(), refined));
  follow(found, *coarse,
         {{Freedom::rigid, rigid_steps}, {Freedom::affine, affine_steps}, {Freedom::affine, repeated_steps}});
  return found;
}

double greatest_distance(const std::vector<Point>& points, const Affine& a, const Affine& b) {
  double most = 0;
  for (const Point& point : points)
    most = std::max(most, distance(moved(a, point), moved(b, point)));
  return most;
}

/// The best search, and how far the nearest other one is from it.
Registration judged(const std::vector<Aligned>& found, const std::vector<Point>& brain) {
  const Aligned& best = found.front();
  Registration result{inverse(best.map), best.score, stretches(best.map),
                      std::numeric_limits<double>::infinity(), 0};
  for (std::size_t i = 1; i < found.size(); ++i)
    if (std::isfinite(found[i].score))
      result.disagreement =
          std::min(result.disagreement, greatest_distance(brain, result.map, inverse(found[i].map)));
  return result;
}

double share_inside(const std::vector<Point>& points, const Field& subject, const Affine& map) {
  Field head = subject;
  const Mask mask = head_of(subject, closing);
  std::ranges::transform(mask, head.values.begin(),
                         [](unsigned char cell) { return static_cast<float>(cell); });
  const auto inside =
      std::ranges::count_if(points, [&](const Point& p) { return sample(head, moved(map, p), 0) >= 0.5F; });
  return static_cast<double>(inside) / static_cast<double>(points.size());
}

void check_limits(const Registration& found, const RegistrationLimits& limits) {
  const auto& [most, middle, least] = found.stretches;
  if (!std::isfinite(found.score))
    throw RegistrationError("The scan and the template of a head do not overlap.");
  if (least < limits.least_stretch || most > limits.most_stretch || most / least > limits.most_ratio)
    throw RegistrationError(
        "The scan does not fit the template of a head: it would have to be stretched by " + number(most) +
        ", " + number(middle) + " and " + number(least) + ".");
  if (determinant(found.map) <= 0)
    throw RegistrationError("The template of a head fits this scan only as its mirror image.");
  if (found.disagreement > limits.most_disagreement)
    throw RegistrationError("The place of the brain is not certain: two searches disagree by " +
                            number(found.disagreement) + " mm.");
  if (found.inside < limits.least_inside)
    throw RegistrationError("The scan does not hold a whole head: only " + number(100 * found.inside) +
                            " % of the brain would lie in it.");
}

} // namespace

BrainTemplate template_of(const Sampler& head, const Sampler& brain) {
  BrainTemplate known{resampled(head, registration_spacing), {}};
  clip(known.head, bright_share);
  known.brain = known.head;
  Description about = brain.about();
  // The brain's file may be the brain's own picture: everything in it that is not the background is brain.
  about.format = Format::u8;
  about.slope = 1;
  about.intercept = 0;
  std::vector<std::byte> inside(brain.values().size());
  std::ranges::transform(brain.values(), inside.begin(), [&](float value) {
    return std::byte{value > brain.least() ? std::uint8_t{1} : std::uint8_t{0}};
  });
  const Sampler mask(about, inside);
  const Field shares = resampled(mask, registration_spacing);
  float most = 0;
  for (int z = 0; z < known.brain.size[2]; ++z)
    for (int y = 0; y < known.brain.size[1]; ++y)
      for (int x = 0; x < known.brain.size[0]; ++x) {
        float& value = known.brain.values[known.brain.index(x, y, z)];
        value = sample(shares, known.brain.world(x, y, z), 0);
        most = std::max(most, value);
      }
  if (most < in_brain)
    throw RegistrationError("The template's brain lies outside the template's head.");
  return known;
}

Registration register_head(const BrainTemplate& known, const Field& subject, const MakeAligner& make,
                           const RegistrationLimits& limits) {
  const std::vector<Point> brain = brain_points(known);
  std::vector<Aligned> found = search(known, subject, make);
  const auto fine = make(subject, known.head);
  Registration result;
  for (int round = 0; round < most_rounds; ++round) {
    finish(found, *fine, subject);
    result = judged(found, brain);
    if (result.disagreement <= limits.most_disagreement || !std::isfinite(result.score))
      break; // else the searches may only not have ended yet
  }
  result.inside = share_inside(brain, subject, result.map);
  check_limits(result, limits);
  return result;
}

Field brain_on(const Field& grid, const BrainTemplate& known, const Registration& found) {
  const Affine back = inverse(found.map);
  Field to = grid;
  for (int z = 0; z < to.size[2]; ++z)
    for (int y = 0; y < to.size[1]; ++y)
      for (int x = 0; x < to.size[0]; ++x)
        to.values[to.index(x, y, z)] = sample(known.brain, moved(back, to.world(x, y, z)), 0);
  return to;
}

} // namespace deid::volume
