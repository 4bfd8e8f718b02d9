#pragma once
#include "elements/meta/fingerprint.hpp"
#include <optional>

namespace deid {

/// Whether these cannot be two pictures of one scene, near each other in time.
bool is_cut(const Fingerprint& a, const Fingerprint& b);

/// Watches the frames' fingerprints (coarse luma) for cuts and for change.
class Scene {
public:
  struct Change {
    bool cut = false;    ///< another scene: what was known about places is void
    float novelty = 1.F; ///< [0..1] share of the picture that changed since the last sweep (see swept())
  };
  /// One call a frame, in order.
  Change update(const Fingerprint& frame);
  /// The strong detector has looked at the frame of the last update(): novelty counts from here.
  void swept();
  void reset();

private:
  std::optional<Fingerprint> current_, at_sweep_;
};

} // namespace deid
