#pragma once

namespace deid::models {

/// The apparent sex and age of a face: what a viewer would guess, not what is true.
struct Looks {
  double man = .5; ///< probability that the face looks like a man's [0..1]
  double age = 0;  ///< [years]
  bool operator==(const Looks&) const = default;
};

/// Returns (1 - share) * old + share * now. Requires a share of 0 to 1.
inline Looks blend(const Looks& old, const Looks& now, double share) {
  return {(1 - share) * old.man + share * now.man, (1 - share) * old.age + share * now.age};
}

} // namespace deid::models
