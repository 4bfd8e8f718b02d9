#pragma once
#include "elements/audit/reason.hpp"
#include <cstddef>
#include <optional>

namespace deid::faceswap {

using audit::Reason;

/// The target of one face, or the reason why the face has none.
struct Assignment {
  std::optional<std::size_t> target{}; ///< index in the list of targets
  Reason why = Reason::no_target;      ///< meaningful without a target
};

} // namespace deid::faceswap
