#pragma once
#include "elements/facedetect/detector.hpp"
#include <glib-object.h>

namespace deid::facedetect {

/// When to post the facedetect element message.
enum Updates { UPDATES_EVERY_FRAME, UPDATES_ON_CHANGE, UPDATES_ON_FACE, UPDATES_NONE };

/// The values of the element's properties.
struct Preferences {
  Options options{};
  Updates updates = UPDATES_ON_CHANGE;
};

/// Adds all properties to the class, with ranges and defaults.
void install_preferences(GObjectClass* klass);
/// Sets property `id` from a value, or gets it into a value. Returns false when there is no such property.
/// Requires: the caller holds the lock of `preferences`.
bool set_preference(Preferences& preferences, guint id, const GValue* value);
bool get_preference(const Preferences& preferences, guint id, GValue* value);

} // namespace deid::facedetect
