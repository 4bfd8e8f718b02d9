#pragma once
#include "elements/faceswap/choice/bank.hpp"
#include "elements/faceswap/trained.hpp"

namespace deid::faceswap {

enum class Engine : std::uint8_t {
  mesh,       ///< a target's picture on the person's mesh; nothing is trained
  autoencoder ///< a network that was trained for one person
};

/// What the properties say about where faces come from.
struct Sources {
  Engine engine = Engine::mesh;
  std::string model{};           ///< file of a trained network; for Engine::autoencoder
  std::string passphrase_file{}; ///< its first line opens the model; empty: the environment may say it
  std::string target{};          ///< files, separated by ':'; "auto" or empty: out of a bank
  std::string bank{};            ///< folder; empty: the one that set-up made
  std::string gallery{};         ///< folder of strangers; empty: none but the bank's
  /// Whether the best target is looked for, instead of the next in the list.
  [[nodiscard]] bool pick() const { return target.empty() || target == "auto"; }
  /// Whether those whom the model is not for are to be swapped, too.
  [[nodiscard]] bool others() const { return !target.empty() || !bank.empty(); }
};

struct Loaded {
  std::vector<Target>
      targets{}; ///< one or more; none when a model is for one person and the others stay covered
  std::vector<Target> lookalikes{}; ///< target files of the gallery: strangers all
  std::vector<Descriptor> strangers{};
};

/// Reads everything once. Throws ElementError, a sentence for the user: nothing to swap with, files and a
/// bank at once, something missing or damaged.
Loaded load(const Sources& sources);

/// Name of the environment's variable with the passphrase of an encrypted model.
constexpr const char* passphrase_variable = "DEID_MODEL_PASSPHRASE";

/// The trained network, or nothing for Engine::mesh. Throws ElementError, a sentence for the user: no model,
/// a model without its engine, a passphrase file or a model that cannot be used.
std::optional<Trained> load_trained(const Sources& sources);

} // namespace deid::faceswap
