#pragma once
#include "elements/base/gst_ptr.hpp"
#include "elements/meta/face_meta.hpp"
#include "elements/video/frame_view.hpp"
#include <filesystem>
#include <functional>

namespace deid::cli {

/// One frame of a clip with its faces. Valid only during the call.
struct FacesOfFrame {
  const video::FrameView& view;
  const FaceFrame& faces;
  std::int64_t pts = 0;      ///< [ns]
  std::int64_t duration = 0; ///< [ns] of the clip, 0 when unknown
};

/// Runs a clip through facedetect and calls `use` with each frame, upright. Threads: `use` runs in the
/// calling thread. Throws Failure: the clip cannot be read or decoded, or a frame has no stamp. Exceptions of
/// `use` pass through. Requires gst_init and the plugin.
void each_face_frame(const std::filesystem::path& clip, const std::function<void(const FacesOfFrame&)>& use);

} // namespace deid::cli
