#pragma once
#include "elements/oksmeter/meter.hpp"
#include <gst/gst.h>

namespace deid::oksmeter {

/// What the message and the property `stats` say; -1 where COCO's measure has -1: nobody to find. The caller
/// frees it.
GstStructure* structure_of(const char* name, const Summary& summary);

} // namespace deid::oksmeter
