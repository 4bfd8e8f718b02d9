#pragma once
#include "elements/audit/line.hpp"
#include "elements/cover/gstdeidcover.hpp"

namespace deid::faceswap {

/// What the audit says of an overlay, in words.
inline std::string said(const cover::Overlay& overlay) {
  return audit::words(overlay.outcome, overlay.outcome.treatment == Treatment::covered ? "fill" : "average");
}

} // namespace deid::faceswap
