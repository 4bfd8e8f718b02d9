#include "elements/mriremodel/gates.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace deid::mriremodel {

using volume::Point;

namespace {

std::string number(double value, int digits = 1) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

constexpr double outer = 10.0;      ///< [mm] of the old face that must not stay
constexpr double well_inside = 0.9; ///< weight of the part that is judged: all of the new head
constexpr double same = 0.02;       ///< of the skin's brightness: a value that nobody tells from the old one

/// The share of the old face's outer millimetres whose voxels are as before.
double kept_share(const Subject& subject, const volume::Sampler& after) {
  const volume::Description& about = subject.scan.about();
  const double bright = std::abs(static_cast<double>(subject.limit - subject.scan.least()));
  double all = 0, kept = 0;
  volume::each_voxel(about, [&](std::size_t voxel, const Point& at) {
    const auto depth = static_cast<double>(sample(subject.fields.skin, at, 1));
    if (depth > 0 || depth < -outer ||
        static_cast<double>(sample(subject.fields.weight, at, 0)) < well_inside)
      return;
    all += 1;
    const auto off = static_cast<double>(std::abs(after.values()[voxel] - subject.scan.values()[voxel]));
    kept += off <= same * bright ? 1 : 0;
  });
  return all > 0 ? kept / all : 1;
}

std::optional<double> mean_to_own(const std::vector<Look>& strangers, const Look& own) {
  double sum = 0, count = 0;
  for (const Look& stranger : strangers)
    if (const auto apart = distance(stranger, own)) {
      sum += *apart;
      count += 1;
    }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

} // namespace

void check_before(const Chosen& chosen, const Subject&, const GateTuning& gates) {
  const Comparison& skin = chosen.skin;
  if (skin.in_volume < gates.least_face)
    throw RemodelError("The scan shows too little of a face: only " + number(100 * skin.in_volume) +
                       " % of the place where a face is. Its place cannot be checked.");
  if (skin.missing > gates.most_missing)
    throw RemodelError("The face in this scan was removed before: " + number(100 * skin.missing) +
                       " % of it is missing. A new face is not grown on such a scan.");
  if (skin.apart < gates.least_apart)
    throw RemodelError("No head of the population is far enough from this one: the nearest new skin is " +
                       number(skin.apart) + " mm from the old one, and " + number(gates.least_apart) +
                       " mm are wanted. Try again: other heads are drawn.");
}

void check_after(Report& report, const Chosen& chosen, const Subject& subject,
                 std::span<const std::byte> voxels, Recogniser* recogniser, const GateTuning& gates) {
  const volume::Sampler after(subject.scan.about(), voxels);
  report.old_kept = kept_share(subject, after);
  if (report.old_kept > gates.most_kept)
    throw RemodelError(number(100 * report.old_kept) + " % of the old face's outer 10 mm would stay.");
  if (recogniser == nullptr)
    return;
  const volume::Field skin = skin_after(subject, after);
  const Look look = look_at(skin, subject, *recogniser);
  report.to_own = distance(look, chosen.own);
  report.strangers = mean_to_own(chosen.strangers, chosen.own);
  report.gallery = static_cast<int>(chosen.strangers.size());
  if (found_first(look, chosen.own, chosen.strangers))
    throw RemodelError("A face recogniser still finds the person: in a picture of the result the own head is "
                       "nearer than every one of " +
                       std::to_string(report.gallery) + " strangers. Try again: other heads are drawn.");
}

} // namespace deid::mriremodel
