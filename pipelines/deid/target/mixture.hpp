#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace deid::cli {

/// The share of each sitter in a composite: one weight per possible sitter [-2..2]; most are 0.
struct Mixture {
  std::vector<double> shape{}, texture{};
};

struct Effort {
  int tries = 1;                  ///< number of mixtures
  std::uint64_t seed = 1;         ///< equal seeds give equal mixtures on every machine
  double enough = 1e9;            ///< a value that ends the search
  std::optional<Mixture> start{}; ///< search only near this one
};

/// Returns the best of effort.tries mixtures of three to five sitters each. A third of them are random, the
/// rest near the best one so far. Weights of shapes may be a little negative; those of textures may not,
/// because skin beyond the mean does not exist. shapes, textures: number of possible sitters of each kind, at
/// least 3. value: quality of a mixture, higher is better; its exceptions pass through.
Mixture best_mixture(std::size_t shapes, std::size_t textures, const Effort& effort,
                     const std::function<double(const Mixture&)>& value);

} // namespace deid::cli
