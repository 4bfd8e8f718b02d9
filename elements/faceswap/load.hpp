#pragma once
#include "elements/faceswap/bank.hpp"

namespace deid::faceswap {

/// What the properties say about where faces come from.
struct Sources {
  std::string target{};  ///< files, separated by ':'; "auto" or empty: out of a bank
  std::string bank{};    ///< folder; empty: the one that set-up made
  std::string gallery{}; ///< folder of strangers; empty: none but the bank's
  /// Whether the best target is looked for, instead of the next in the list.
  [[nodiscard]] bool pick() const { return target.empty() || target == "auto"; }
};

struct Loaded {
  std::vector<Target> targets{};    ///< one or more
  std::vector<Target> lookalikes{}; ///< target files of the gallery: strangers all
  std::vector<Features> strangers{};
};

/// Reads everything once. Throws ElementError, a sentence for the user: nothing to swap with, files and a
/// bank at once, something missing or damaged.
Loaded load(const Sources& sources);

} // namespace deid::faceswap
