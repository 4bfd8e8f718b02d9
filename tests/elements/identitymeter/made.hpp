#pragma once
#include "models/descriptor/descriptor.hpp"

namespace deid::test {

/// A descriptor of two numbers, easy to calculate with.
inline models::Descriptor at(float x, float y) {
  models::Descriptor made{};
  made[3] = x;
  made[100] = y;
  return made;
}

} // namespace deid::test
