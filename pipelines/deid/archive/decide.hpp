#pragma once
#include "pipelines/deid/archive/state.hpp"
#include <functional>
#include <optional>

namespace deid::archive {

/// What to do with one file of a batch.
enum class Act : std::uint8_t {
  run,    ///< de-identify it
  skip,   ///< it is done
  refuse, ///< a person must decide; nothing is written
  adopt,  ///< a killed process made the result and could not record it
};

struct Decision {
  Act act = Act::run;
  bool replace = false; ///< run: the existing result is replaced
  bool refresh = false; ///< skip: the record gets new stamps
  std::string why{};    ///< of skip and refuse: a sentence
};

/// What is known beside the record.
struct Facts {
  bool exists = false;    ///< the result does
  bool overwrite = false; ///< --overwrite was given
  std::string options{};  ///< hash of the options of this run
  /// Whether the file differs from the print; the flag: it was touched and has the same content.
  std::function<bool(const Print&, bool&)> input_differs{}, result_differs{};
};

/// Requires: no other process works on the file when the record says "working".
Decision decide(const std::optional<FileState>& state, const Facts& facts);

} // namespace deid::archive
