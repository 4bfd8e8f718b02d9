#pragma once
#include "elements/base/property_table.hpp"
#include "elements/identitymeter/settings.hpp"

namespace deid::identitymeter {

/// Returns the element's properties. Call install() once in class_init, and set() and get() under the
/// element's lock.
const PropertyTable<MeterOptions>& properties();

} // namespace deid::identitymeter
