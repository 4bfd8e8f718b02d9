#pragma once
#include "elements/measures/identity/faces.hpp"

namespace deid::test {

/// A descriptor that is `x` in its first number, `y` in its second and 0 elsewhere: distances are those of a
/// plane.
inline models::Descriptor at(double x, double y = 0) {
  models::Descriptor d{};
  d[0] = static_cast<float>(x);
  d[1] = static_cast<float>(y);
  return d;
}

inline identity::Sample face_of(std::size_t clip, std::size_t person, std::int64_t frame,
                                std::optional<models::Descriptor> original,
                                std::optional<models::Descriptor> deidentified,
                                std::optional<double> target = std::nullopt) {
  identity::Sample s{clip, person, {}};
  s.face.frame = frame;
  s.face.pts = frame * 40'000'000;
  s.face.id = static_cast<std::uint32_t>(person) + 1;
  s.face.state = identity::State::swapped;
  s.face.original = original;
  s.face.deidentified = deidentified;
  s.face.d_target = target;
  return s;
}

} // namespace deid::test
