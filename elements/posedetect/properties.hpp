#pragma once
#include "elements/posedetect/detector.hpp"
#include <glib-object.h>

namespace deid::posedetect {

/// Adds all properties to the class, with ranges and defaults.
void install_options(GObjectClass* klass);
/// Sets or gets property `id`. Returns false when there is no such property. The caller holds the lock.
bool set_option(Options& options, guint id, const GValue* value);
bool get_option(const Options& options, guint id, GValue* value);

} // namespace deid::posedetect
