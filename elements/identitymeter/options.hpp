#pragma once
#include "elements/identitymeter/settings.hpp"
#include <glib-object.h>

namespace deid::identitymeter {

/// The element's properties for GObject. set and get return false on an unknown id.
bool set_meter_option(MeterOptions& options, guint id, const GValue* value);
bool get_meter_option(const MeterOptions& options, guint id, GValue* value);
void install_meter_options(GObjectClass* klass);

} // namespace deid::identitymeter
