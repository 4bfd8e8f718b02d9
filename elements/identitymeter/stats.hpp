#pragma once
#include "elements/identitymeter/measurement.hpp"
#include <gst/gst.h>

namespace deid::identitymeter {

/// Returns the fields of the message and of the property `stats`; -1 where nothing was measured. The caller
/// frees it.
GstStructure* structure_of(const char* name, const Summary& summary);

/// Counts at stage=original.
struct Taken {
  std::uint64_t frames = 0, taken = 0, left_out = 0, faces = 0, without_landmarks = 0;
  std::array<std::uint64_t, missing_count> missing{};
};
GstStructure* structure_of(const char* name, const Taken& taken);

} // namespace deid::identitymeter
