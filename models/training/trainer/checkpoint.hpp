#pragma once
#include "models/training/durable_file.hpp"
#include "models/training/trainer/adam.hpp"
#include "models/training/trainer/recipe.hpp"
#include <filesystem>
#include <nlohmann/json.hpp>

namespace deid::training {

/// One entry of the curve that is kept.
struct Measure {
  std::int64_t step = 0;
  double seconds = 0;                       ///< of training
  double subject = 0, target = 0;           ///< mean loss since the entry before
  double held_subject = 0, held_target = 0; ///< loss of held-out faces, as they are
};

/// Where a training is.
struct State {
  std::int64_t step = 0; ///< done
  double seconds = 0;    ///< of training, over all sessions
  bool split = false;    ///< the decoders are two, see Recipe::one_decoder
  std::vector<Measure> curve{};
};

/// What a checkpoint belongs to; another one is refused.
struct Belongs {
  std::string faces{}; ///< checksum over both sides' clips and means
};

nlohmann::json as_json(const Recipe& recipe);
nlohmann::json as_json(const std::vector<Measure>& curve);

/// Writes weights, both moments of Adam, and where the training is; whole or not at all, readable by the
/// owner only. What is drawn depends on seed and step, so no state of a generator is needed. Throws
/// FileError.
void write_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      const State& state, Adam& adam);

/// Puts it back into the same network. Recipe: what it was trained with; only its network must be the same.
/// Throws FileError: missing, damaged, another network, other faces; then nothing has changed.
State read_checkpoint(const std::filesystem::path& file, const Recipe& recipe, const Belongs& belongs,
                      Adam& adam);

/// The recipe of a checkpoint (without its augmentation, which is no option). Throws FileError.
Recipe recipe_of(const std::filesystem::path& file);

} // namespace deid::training
