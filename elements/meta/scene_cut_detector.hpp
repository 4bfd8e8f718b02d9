#pragma once
#include "elements/meta/fingerprint.hpp"
#include <optional>

namespace deid {

/// Whether the two pictures cannot be neighbouring ones of one scene.
bool is_cut(const Fingerprint& a, const Fingerprint& b);

/// Compares the fingerprints of consecutive frames, to find cuts and changes.
class SceneCutDetector {
public:
  struct Change {
    bool cut = false;    ///< another scene: known places are void
    float novelty = 1.F; ///< [0..1] share of the picture that changed since the last sweep (see swept())
    int most = 255;      ///< levels; greatest difference of a block from the picture of the last sweep
    bool sudden =
        false; ///< much more than usual changed since the previous frame: a person jumped to another place
  };
  /// Call it once a frame, in order.
  Change update(const Fingerprint& frame);
  /// The sweep has searched the last frame; novelty counts from this frame on.
  void swept();
  void reset();

private:
  std::optional<Fingerprint> current_, at_sweep_;
  float usual_ = 0.F; ///< share of the picture that changes from frame to frame, smoothed
};

} // namespace deid
