#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace deid::cli {

/// How much of each sitter a composite takes, one weight for everybody who may be part of it [-2..2]; most
/// are 0.
struct Mixture {
  std::vector<double> shape{}, texture{};
};

struct Effort {
  int tries = 1;                  ///< mixtures
  std::uint64_t seed = 1;         ///< the same one gives the same mixtures on every machine
  double enough = 1e9;            ///< a value that ends the search
  std::optional<Mixture> start{}; ///< look only near this one
};

/// The best of so many mixtures of three to five sitters each: a third of them anywhere, the rest near the
/// best one found so far. Shapes may also lead a little away from somebody; textures do not, since skin
/// beyond the mean is no skin. shapes, textures: how many sitters may lend each, at least 3. value: how good
/// one is, the higher the better; what it throws comes through.
Mixture best_mixture(std::size_t shapes, std::size_t textures, const Effort& effort,
                     const std::function<double(const Mixture&)>& value);

} // namespace deid::cli
