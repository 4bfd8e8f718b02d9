#pragma once
#include "elements/identitymeter/settings.hpp"
#include <glib-object.h>

namespace deid::identitymeter {

/// Properties of the element as GObject sees them. Both return false on an id that is none of ours.
bool set_meter_option(MeterOptions& options, guint id, const GValue* value);
bool get_meter_option(const MeterOptions& options, guint id, GValue* value);
void install_meter_options(GObjectClass* klass);

} // namespace deid::identitymeter
