#include "elements/volume/anatomy/brain.hpp"
#include "elements/volume/grid/distance.hpp"
#include <algorithm>
#include <cmath>
#include <string>

namespace deid::volume {

namespace {

double millilitres(const Field& grid, const Mask& mask) {
  return static_cast<double>(std::ranges::count(mask, 1)) * std::pow(grid.spacing, 3) / 1000;
}

/// The median value of the cells that lie deeper in the template's brain than `depth`.
float brightness_of_core(const Field& subject, const Field& distance, double depth) {
  std::vector<float> core;
  for (std::size_t i = 0; i < subject.values.size(); ++i)
    if (distance.values[i] < -depth)
      core.push_back(subject.values[i]);
  if (core.empty())
    throw RegistrationError("The brain in this scan is too small to be measured.");
  const auto middle = core.begin() + static_cast<std::ptrdiff_t>(core.size() / 2);
  std::ranges::nth_element(core, middle);
  return *middle;
}

/// Adds cells to the mask that touch it and are allowed, and cells that touch these, and so on.
class Growth {
public:
  Growth(const Field& grid, Mask& mask, const Mask& allowed) : grid_(grid), mask_(mask), allowed_(allowed) {}

  void run() {
    const auto nx = static_cast<std::size_t>(grid_.size[0]), ny = static_cast<std::size_t>(grid_.size[1]);
    const Mask before = mask_;
    for (std::size_t at = 0; at < before.size(); ++at)
      if (before[at] != 0)
        around(static_cast<int>(at % nx), static_cast<int>(at / nx % ny), static_cast<int>(at / nx / ny));
    while (!waiting_.empty()) {
      const auto [x, y, z] = waiting_.back();
      waiting_.pop_back();
      around(x, y, z);
    }
  }

private:
  void around(int x, int y, int z) {
    visit(x - 1, y, z), visit(x + 1, y, z);
    visit(x, y - 1, z), visit(x, y + 1, z);
    visit(x, y, z - 1), visit(x, y, z + 1);
  }
  void visit(int x, int y, int z) {
    if (x < 0 || y < 0 || z < 0 || x >= grid_.size[0] || y >= grid_.size[1] || z >= grid_.size[2])
      return;
    const std::size_t at = grid_.index(x, y, z);
    if (mask_[at] != 0 || allowed_[at] == 0)
      return;
    mask_[at] = 1;
    waiting_.push_back({x, y, z});
  }
  const Field& grid_;
  Mask& mask_;
  const Mask& allowed_;
  std::vector<std::array<int, 3>> waiting_{};
};

} // namespace

Brain find_brain(const Field& subject, const BrainTemplate& known, const Registration& found,
                 const BrainLimits& limits) {
  const Field shares = brain_on(subject, known, found);
  Brain brain;
  brain.mask.resize(shares.values.size());
  std::ranges::transform(shares.values, brain.mask.begin(),
                         [](float share) { return static_cast<unsigned char>(share >= 0.5F ? 1 : 0); });
  brain.template_ml = millilitres(subject, brain.mask);
  if (brain.template_ml < limits.least_ml || brain.template_ml > limits.most_ml)
    throw RegistrationError("The brain in this scan would have " +
                            std::to_string(static_cast<int>(brain.template_ml)) +
                            " ml, which is not likely of a grown person.");
  const Field distance = signed_distance(subject, brain.mask);
  const float limit = limits.bright * brightness_of_core(subject, distance, limits.core);
  Mask allowed(brain.mask.size());
  for (std::size_t i = 0; i < allowed.size(); ++i)
    allowed[i] = distance.values[i] < limits.reach && subject.values[i] > limit ? 1 : 0;
  Growth(subject, brain.mask, allowed).run();
  brain.grown_ml = millilitres(subject, brain.mask) - brain.template_ml;
  brain.distance = signed_distance(subject, brain.mask);
  return brain;
}

} // namespace deid::volume
