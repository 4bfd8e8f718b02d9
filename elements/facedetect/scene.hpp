#pragma once
#include "elements/video/frame_view.hpp"

namespace deid::facedetect {

/// Watches a thumbnail of the luma for cuts and for change outside known faces.
class Scene {
public:
  struct Change {
    bool cut = false;     ///< another scene: what was known about places is void
    float novelty = 1.F;  ///< [0..1] share of the picture that changed since the last sweep (see swept())
  };
  /// One call a frame, in order.
  Change update(const video::FrameView& frame);
  /// The strong detector has looked at the frame of the last update(): novelty counts from here.
  void swept();
  void reset();

private:
  cv::Mat previous_, current_, at_sweep_;
};

} // namespace deid::facedetect
