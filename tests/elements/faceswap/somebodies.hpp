#pragma once
#include "elements/faceswap/choice/chooser.hpp"

namespace deid::test {

/// A descriptor at `x` on one axis. Two descriptors on different axes are hypot(x, y) apart.
inline faceswap::Descriptor at(std::size_t axis, double x) {
  faceswap::Descriptor d{};
  d.at(axis) = static_cast<float>(x);
  return d;
}

/// The same with a second coordinate.
inline faceswap::Descriptor at(std::size_t axis, double x, std::size_t other, double y) {
  faceswap::Descriptor d = at(axis, x);
  d.at(other) = static_cast<float>(y);
  return d;
}

} // namespace deid::test
