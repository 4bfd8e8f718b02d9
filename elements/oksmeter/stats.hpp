#pragma once
#include "elements/oksmeter/meter.hpp"
#include <gst/gst.h>

namespace deid::oksmeter {

/// Returns the fields of the message and of the property `stats`; -1 where COCO's measure has -1 (no person
/// to find). The caller frees it.
GstStructure* structure_of(const char* name, const Summary& summary);

} // namespace deid::oksmeter
