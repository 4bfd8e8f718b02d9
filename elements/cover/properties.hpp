#pragma once
#include "elements/cover/record.hpp"

namespace deid::cover {

/// The properties of every covering element. Call once in class_init.
void install_properties(GObjectClass* klass);

/// Returns false when there is no such property. Call it under the element's lock.
bool set_setting(Settings& settings, guint id, const GValue* value);
bool get_setting(const Settings& settings, guint id, GValue* value);

} // namespace deid::cover
