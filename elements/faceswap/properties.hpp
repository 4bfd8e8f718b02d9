#pragma once
#include "elements/faceswap/swapper.hpp"

namespace deid::faceswap {

/// The values of the properties.
struct Settings {
  Sources sources{};
  std::string assign =
      "everyone"; ///< the text as it was set; a text that cannot be understood stops the element
  SwapSettings swap{};
};

void install_properties(GObjectClass* klass);
/// Takes or gives the value of one property. Returns false for an unknown id. Requires locked settings.
bool set_setting(Settings& settings, guint id, const GValue* value);
bool get_setting(const Settings& settings, guint id, GValue* value);
/// Returns the settings of the swap, with `assign` understood. Throws ElementError (SETTINGS).
SwapSettings understood(const Settings& settings);

} // namespace deid::faceswap
