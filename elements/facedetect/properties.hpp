#pragma once
#include "elements/base/property_table.hpp"
#include "elements/facedetect/detector.hpp"

namespace deid::facedetect {

/// When to post the facedetect element message.
enum Updates { UPDATES_EVERY_FRAME, UPDATES_ON_CHANGE, UPDATES_ON_FACE, UPDATES_NONE };

/// The values of the element's properties.
struct Preferences {
  Options options{};
  Updates updates = UPDATES_ON_CHANGE;
};

/// Returns the element's properties. Call install() once in class_init, and set() and get() under the
/// element's lock.
const PropertyTable<Preferences>& properties();

} // namespace deid::facedetect
