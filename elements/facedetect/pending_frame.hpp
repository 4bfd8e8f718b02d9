#pragma once
#include "elements/meta/face_region.hpp"
#include "elements/meta/fingerprint.hpp"
#include "elements/video/frame_view.hpp"
#include <cstdint>
#include <vector>

namespace deid::facedetect {

/// A frame that has not left yet. The view stays valid while the frame is in the queue.
struct PendingFrame {
  video::FrameView view{};
  std::int64_t time = 0;     ///< ns, not decreasing
  bool cut = false;          ///< first frame of a scene
  bool apart = false;        ///< apart from the previous frame, see apart_from
  Fingerprint fingerprint{}; ///< of the pixels, written by the tracker
  std::vector<FaceRegion> faces{};
};

} // namespace deid::facedetect
