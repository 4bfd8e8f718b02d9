#pragma once
#include "elements/facedetect/detector.hpp"
#include <glib-object.h>

namespace deid::facedetect {

/// When to post the facedetect element message.
enum Updates { UPDATES_EVERY_FRAME, UPDATES_ON_CHANGE, UPDATES_ON_FACE, UPDATES_NONE };

/// What the element's properties hold.
struct Preferences {
  Options options{};
  Updates updates = UPDATES_ON_CHANGE;
};

/// Adds all properties to the class, with ranges and defaults.
void install_preferences(GObjectClass* klass);
/// Property `id` from and to a value; false when there is no such property. The caller holds its lock.
bool set_preference(Preferences& preferences, guint id, const GValue* value);
bool get_preference(const Preferences& preferences, guint id, GValue* value);

} // namespace deid::facedetect
