#pragma once
#include "elements/base/property_table.hpp"

namespace deid {

/// The property of an element that runs networks: where they run.
constexpr PropertyText device_property{"device", "Device",
                                       "Device of the networks: CPU, GPU, GPU.0, GPU.1, NPU, or AUTO: "
                                       "another device than the processor, when its "
                                       "results agree with the processor's"};

} // namespace deid
