#pragma once
#include "elements/volume/grid/field.hpp"
#include <cstdint>
#include <memory>
#include <stdexcept>

/// How two volumes are brought onto each other, behind plain types: nothing of the library (ITK) leaves this
/// room.
namespace deid::volume {

/// Two volumes cannot be brought onto each other, or the result is not to be trusted. what() is a sentence.
class RegistrationError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

enum class Freedom : std::uint8_t {
  rigid, ///< turned and shifted
  affine ///< also stretched and sheared
};

struct Aligned {
  Affine map{};     ///< from the world of the fixed field to that of the moving one
  double score = 0; ///< minus the mutual information: the lower, the better. Infinite when nothing overlaps
};

/// Brings one pair of fields onto each other. The same start gives the same map. Threads: any.
class Aligner {
public:
  virtual ~Aligner() = default;
  /// Improves a map in at most `steps` steps. Requires: with Freedom::rigid the linear part of `start` is a
  /// rotation.
  [[nodiscard]] virtual Aligned align(const Affine& start, Freedom freedom, int steps) const = 0;
};

/// Whether this build has the library.
[[nodiscard]] bool can_register();

/// Mattes' mutual information of all cells of `fixed`, 32 bins. The fields must outlive the aligner. Throws
/// RegistrationError when this build lacks the library.
[[nodiscard]] std::unique_ptr<Aligner> new_aligner(const Field& fixed, const Field& moving);

} // namespace deid::volume
