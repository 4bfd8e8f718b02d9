#pragma once
#include "elements/base/property_table.hpp"
#include "elements/cover/record.hpp"

namespace deid::cover {

/// Returns the properties of every covering element. Call install() once in class_init, and set() and get()
/// under the element's lock.
const PropertyTable<Settings>& properties();

} // namespace deid::cover
