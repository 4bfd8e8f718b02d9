#include "elements/mriremodel/remodel.hpp"
#include "elements/mriremodel/gates.hpp"
#include "elements/mriremodel/removal.hpp"
#include "elements/mriremodel/surface.hpp"
#include "elements/volume/anatomy/protection.hpp"
#include <chrono>
#include <cstring>
#include <random>

namespace deid::mriremodel {

using volume::Field;

namespace {

class Clock {
public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

std::uint64_t secret_seed() {
  std::random_device device; // the system's own source
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

/// The new skin, chosen or the mean's.
class HeadMaker {
public:
  HeadMaker(const Subject& subject, Resources& resources, const Settings& settings, std::uint64_t seed)
      : subject_(subject), resources_(resources), settings_(settings), seed_(seed) {}

  Chosen choose() const {
    if (settings_.method == Method::random)
      return mriremodel::choose(*resources_.people, subject_, seed_, settings_.candidates,
                                *resources_.recogniser);
    Chosen mean;
    const Mesh mesh = resources_.people->mean();
    mean.placed = place(mesh, subject_);
    mean.skin = compare(mean.placed.mesh, outside_of(mesh), subject_);
    return mean;
  }

private:
  const Subject& subject_;
  Resources& resources_;
  const Settings& settings_;
  std::uint64_t seed_;
};

void remove(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept, Method method) {
  if (method == Method::zero)
    (void)remove_face(voxels, subject, kept);
  else if (method == Method::quickshear)
    (void)shear(voxels, subject, kept);
  else
    (void)blur(voxels, subject, kept);
}

/// Counts voxels with another bit, and those of them where nothing may change.
void count_changes(Report& report, std::span<const std::byte> before, std::span<const std::byte> after,
                   const Subject& subject, const volume::Mask& kept) {
  const volume::Description& about = subject.scan.about();
  const std::size_t size = volume::size_of(about.format);
  volume::each_voxel(about, [&](std::size_t voxel, const volume::Point& at) {
    if (std::memcmp(before.data() + voxel * size, after.data() + voxel * size, size) == 0)
      return;
    report.changed += 1;
    const bool free =
        kept[voxel] == 0 && (report.method == Method::quickshear || sample(subject.fields.weight, at, 0) > 0);
    report.changed_behind += free ? 0 : 1;
  });
}

Report begin_report(const Subject& subject, const Settings& settings, const volume::Protection& protection) {
  Report report;
  report.method = settings.method;
  report.candidates = settings.method == Method::random ? settings.candidates : 0;
  report.ct = subject.ct;
  report.found = subject.found;
  report.brain_ml = subject.brain.template_ml + subject.brain.grown_ml;
  report.voxels = subject.scan.about().voxels();
  report.kept = protection.count();
  report.hash_before = protection.hash();
  return report;
}

/// Draws the new head into the voxels.
Chosen give_head(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept,
                 Resources& resources, const Settings& settings, Report& report) {
  const std::uint64_t seed = settings.seed != 0 ? settings.seed : secret_seed();
  const Tissue tissue(subject);
  Clock clock;
  Chosen chosen = HeadMaker(subject, resources, settings, seed).choose();
  report.skin = chosen.skin;
  check_before(chosen, subject);
  report.seconds[1] = clock.lap();
  const Field new_skin =
      blended(subject.fields, subject.brain,
              pushed(solid_distance(chosen.placed.mesh, subject.fields.skin, subject.fields.skin.spacing),
                     subject.fields.skin));
  report.filled = fill(voxels, subject, new_skin, kept, tissue, seed);
  report.seconds[2] = clock.lap();
  return chosen;
}

} // namespace

const char* name_of(Method method) {
  static constexpr std::array names{"random", "average", "zero", "quickshear", "blur"};
  return names.at(static_cast<std::size_t>(method));
}

bool gives_a_head(Method method) {
  return method == Method::random || method == Method::average;
}

Report remodel(const volume::Description& about, std::span<std::byte> voxels, Resources& resources,
               const Settings& settings) {
  Clock all, clock;
  const Subject subject = study(about, voxels, resources.known, settings.modality);
  const std::vector<std::byte> before(voxels.begin(), voxels.end());
  const volume::Mask kept = volume::protected_voxels(about, subject.brain, RegionTuning{}.margin);
  const volume::Protection protection(before, kept);
  Report report = begin_report(subject, settings, protection);
  report.seconds[0] = clock.lap();
  std::optional<Chosen> chosen;
  if (gives_a_head(settings.method))
    chosen = give_head(voxels, subject, kept, resources, settings, report);
  else
    remove(voxels, subject, kept, settings.method);
  (void)clock.lap();
  protection.verify(voxels);
  report.hash_after = volume::Protection(voxels, kept).hash();
  count_changes(report, before, voxels, subject, kept);
  if (report.changed_behind != 0)
    throw volume::ProtectionError("A voxel behind the face was changed.");
  if (chosen)
    check_after(report, *chosen, subject, voxels,
                settings.method == Method::random ? resources.recogniser.get() : nullptr);
  report.seconds[3] = clock.lap();
  report.seconds[4] = all.lap();
  return report;
}

} // namespace deid::mriremodel
