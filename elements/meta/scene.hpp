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
    int most = 255;      ///< levels by which a block differs from the picture of the last sweep, at most
    bool sudden =
        false; ///< much more changed since the frame before than usually does: somebody is elsewhere
  };
  /// One call a frame, in order.
  Change update(const Fingerprint& frame);
  /// The strong detector has looked at the frame of the last update(): novelty counts from here.
  void swept();
  void reset();

private:
  std::optional<Fingerprint> current_, at_sweep_;
  float usual_ = 0.F; ///< share of the picture that changes from frame to frame, smoothed
};

} // namespace deid
