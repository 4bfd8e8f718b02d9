#pragma once
#include "models/training/durable_file.hpp"
#include "models/training/trainer/adam.hpp"
#include "models/training/trainer/recipe.hpp"
#include <filesystem>
#include <nlohmann/json.hpp>

namespace deid::training {

/// One entry of the training curve.
struct Measure {
  std::int64_t step = 0;
  double seconds = 0;                       ///< of training
  double subject = 0, target = 0;           ///< mean loss since the last entry
  double held_subject = 0, held_target = 0; ///< loss of the held-out faces, not augmented
};

/// Progress of a training.
struct State {
  std::int64_t step = 0; ///< done
  double seconds = 0;    ///< of training, over all sessions
  bool split = false;    ///< the two decoders are separate, see Recipe::one_decoder
  std::vector<Measure> curve{};
};

/// The data that a checkpoint belongs to. A checkpoint of other data is refused.
struct Belongs {
  std::string faces{}; ///< checksum of both sides' clips and mean descriptors
};

nlohmann::json as_json(const Recipe& recipe);
nlohmann::json as_json(const std::vector<Measure>& curve);

/// Writes weights, both moments of Adam, and the progress: whole or not at all, readable only by the owner.
/// Random numbers depend on seed and step alone, so a generator's state is not stored. Throws FileError.
void write_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      const State& state, Adam& adam);

/// Reads a checkpoint into the same network. recipe: only its network must match. Throws FileError: missing,
/// damaged, another network, other faces. Then nothing has changed.
State read_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      Adam& adam);

/// Returns the recipe of a checkpoint, with the default augmentation. Throws FileError.
Recipe recipe_of(const std::filesystem::path& file);

} // namespace deid::training
