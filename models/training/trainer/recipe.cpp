#include "models/training/trainer/recipe.hpp"
#include <algorithm>
#include <stdexcept>

namespace deid::training {

Recipe recipe_for(const std::string& network) {
  Recipe recipe;
  recipe.network = network;
  if (network == "original") {
    recipe.batch = 64;
    return recipe;
  }
  if (network != "light96" && network != "light128")
    throw std::invalid_argument("There is no network called " + network + ".");
  recipe.rate = 8e-4;
  recipe.beta1 = .9;
  recipe.structure = 1;
  recipe.clip = 1;
  recipe.warm_up = 100;
  recipe.one_decoder = .1;
  recipe.decay = .4;
  return recipe;
}

double rate_at(const Recipe& recipe, double share, std::int64_t steps) {
  constexpr double least = .05;
  double rate = recipe.rate;
  if (recipe.warm_up > 0)
    rate *= std::min(1., static_cast<double>(steps + 1) / recipe.warm_up);
  if (recipe.decay > 0 && share > 1 - recipe.decay)
    rate *= std::max(least, 1 - (1 - least) * (share - (1 - recipe.decay)) / recipe.decay);
  return rate;
}

} // namespace deid::training
