#include "pipelines/deid/target/mixture.hpp"
#include <algorithm>
#include <cmath>
#include <random>

namespace deid::cli {

namespace {

constexpr std::size_t fewest = 3, most = 5; // sitters in a mixture; with fewer one of them may be recognised

/// Random numbers that are the same everywhere, unlike those of the standard's distributions.
class Dice {
public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1p-53;
  }
  std::size_t below(std::size_t end) {
    return std::min(end - 1, static_cast<std::size_t>(between(0, static_cast<double>(end))));
  }
  bool chance(double of) { return between(0, 1) < of; }

private:
  std::mt19937_64 engine_;
};

/// A random sitter with (or without) a weight. Requires that there is one.
std::size_t somebody(Dice& dice, const std::vector<double>& weights, bool with) {
  for (;;)
    if (const std::size_t i = dice.below(weights.size()); (weights[i] != 0) == with)
      return i;
}

/// Limits each negative weight to a quarter of the positive ones' sum; beyond it a face is a caricature.
std::vector<double> modest(std::vector<double> weights) {
  double taken = 0;
  for (const double weight : weights)
    taken += std::max(0., weight);
  for (double& weight : weights)
    weight = std::max(weight, -taken / 4);
  return weights;
}

std::vector<double> anywhere(Dice& dice, std::size_t sitters, bool away) {
  std::vector<double> weights(sitters);
  const std::size_t taken = fewest + dice.below(std::min(most, sitters) - fewest + 1);
  for (std::size_t n = 0; n < taken; ++n)
    weights[somebody(dice, weights, false)] = dice.between(.3, 1);
  if (away && taken < sitters && dice.chance(.4))
    weights[somebody(dice, weights, false)] = dice.between(-.4, -.1);
  return modest(weights);
}

std::vector<double> near(Dice& dice, std::vector<double> weights) {
  for (double& weight : weights)
    if (weight != 0)
      weight = weight > 0 ? std::clamp(weight + dice.between(-.25, .25), .2, 1.)
                          : std::clamp(weight + dice.between(-.2, .2), -.4, -.05);
  const bool all = std::ranges::none_of(weights, [](double weight) { return weight == 0; });
  if (!all && dice.chance(.3))
    std::swap(weights[somebody(dice, weights, true)], weights[somebody(dice, weights, false)]);
  return modest(weights);
}

} // namespace

Mixture best_mixture(std::size_t shapes, std::size_t textures, const Effort& effort,
                     const std::function<double(const Mixture&)>& value) {
  Dice dice(effort.seed);
  Mixture best = effort.start.value_or(Mixture{});
  double highest = effort.start ? value(best) : -HUGE_VAL;
  for (int n = 0; n < effort.tries && highest < effort.enough; ++n) {
    const bool far = !effort.start && (n == 0 || 3 * n < effort.tries);
    Mixture one{.shape = far ? anywhere(dice, shapes, true) : near(dice, best.shape),
                .texture = far ? anywhere(dice, textures, false) : near(dice, best.texture)};
    if (const double found = value(one); found > highest || best.shape.empty()) {
      highest = found;
      best = std::move(one);
    }
  }
  return best;
}

} // namespace deid::cli
