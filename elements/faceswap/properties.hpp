#pragma once
#include "elements/base/property_table.hpp"
#include "elements/faceswap/swapper.hpp"

namespace deid::faceswap {

/// Whether a live swap gives up decoration when the computer is too slow, see Budget.
enum class LiveBudget : std::uint8_t { automatic, off };

/// The values of the properties.
struct Settings {
  LiveBudget budget = LiveBudget::automatic;
  Sources sources{};
  std::string assign =
      "everyone"; ///< the text as it was set; a text that cannot be understood stops the element
  SwapSettings swap{};
};

/// Returns the settings of the swap, with `assign` understood. Throws ElementError (SETTINGS).
SwapSettings understood(const Settings& settings);

/// Returns the element's properties. Call install() once in class_init, and set() and get() under the
/// element's lock.
const PropertyTable<Settings>& properties();

} // namespace deid::faceswap
