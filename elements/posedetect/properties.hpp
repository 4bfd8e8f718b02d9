#pragma once
#include "elements/base/property_table.hpp"
#include "elements/posedetect/detector.hpp"

namespace deid::posedetect {

/// Returns the element's properties. Call install() once in class_init, and set() and get() under the
/// element's lock.
const PropertyTable<Options>& properties();

} // namespace deid::posedetect
