#pragma once
#include "elements/faceswap/swapper.hpp"

namespace deid::faceswap {

/// What the element can be told.
struct Settings {
  Sources sources{};
  std::string assign = "everyone"; ///< as it was said; what cannot be understood stops the element
  SwapSettings swap{};
};

void install_properties(GObjectClass* klass);
/// False for an id that is none of ours. Called with the settings locked.
bool set_setting(Settings& settings, guint id, const GValue* value);
bool get_setting(const Settings& settings, guint id, GValue* value);
/// What swap is to be done with, `assign` understood. Throws ElementError (SETTINGS).
SwapSettings understood(const Settings& settings);

} // namespace deid::faceswap
