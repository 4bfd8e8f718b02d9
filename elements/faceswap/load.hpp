#pragma once
#include "elements/faceswap/choice/bank.hpp"
#include "elements/faceswap/trained.hpp"
#include "models/session/device.hpp"

namespace deid::faceswap {

enum class Engine : std::uint8_t {
  mesh,       ///< a target's picture on the person's mesh; nothing is trained
  autoencoder ///< a network that was trained for one person
};

/// Whether results are judged by a second recogniser beside dlib.
enum class SecondUse : std::uint8_t {
  automatic, ///< where set-up brought it
  needed,    ///< no start without it
  off
};

/// The sources of targets, from the properties.
struct Sources {
  Engine engine = Engine::mesh;
  std::string device = models::processor_device; ///< of all networks
  std::string model{};                           ///< file of a trained network; for Engine::autoencoder
  std::string
      passphrase_file{}; ///< its first line is the passphrase; empty: the environment may hold the passphrase
  std::string target{};  ///< files, separated by ':'; "auto" or empty: out of a bank
  std::string bank{};    ///< folder; empty: the bank that set-up made
  std::string names{};   ///< of the bank's targets, separated by ','; empty: all
  SecondUse second = SecondUse::off;
  std::string gallery{}; ///< folder of strangers; empty: only the strangers of the bank
  /// Returns whether each person gets the best target, instead of the next target in the list.
  [[nodiscard]] bool pick() const { return target.empty() || target == "auto"; }
  /// Returns whether people without a trained model are swapped, too.
  [[nodiscard]] bool others() const { return !target.empty() || !bank.empty(); }
};

struct Loaded {
  std::vector<Target>
      targets{}; ///< empty only with a model for one person, when all other people stay covered
  std::vector<Target> lookalikes{}; ///< target files of the gallery, which count as strangers
  Strangers strangers{};
  bool people = false; ///< Some of the strangers are people; false: all are composites of a bank.
};

/// Reads all targets and strangers. Throws ElementError with a sentence for the user: there is no target,
/// target files and a bank are given at once, or a file is missing or damaged.
Loaded load(const Sources& sources);

/// Name of the environment variable that may hold the passphrase of an encrypted model.
constexpr const char* passphrase_variable = "DEID_MODEL_PASSPHRASE";

/// Reads the trained network. Returns nothing for Engine::mesh. Throws ElementError with a sentence for the
/// user: there is no model, a model without its engine, or a passphrase file or a model that cannot be used.
std::optional<Trained> load_trained(const Sources& sources);

} // namespace deid::faceswap
