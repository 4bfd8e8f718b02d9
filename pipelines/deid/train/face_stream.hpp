#pragma once
#include "elements/base/gst_ptr.hpp"
#include "elements/meta/face_meta.hpp"
#include "elements/video/frame_view.hpp"
#include <filesystem>
#include <functional>

namespace deid::cli {

/// One frame of a clip with the faces in it. Valid during the call only.
struct FacesOfFrame {
  const video::FrameView& view;
  const FaceFrame& faces;
  std::int64_t pts = 0;      ///< [ns]
  std::int64_t duration = 0; ///< [ns] of the clip, 0 when unknown
};

/// Plays a clip through facedetect and hands over frame after frame, upright. Threads: calls come in the
/// thread that called. Throws Failure: cannot be read or decoded, a frame without facedetect's stamp. What
/// `use` throws comes through. Needs gst_init() and the plugin.
void each_face_frame(const std::filesystem::path& clip, const std::function<void(const FacesOfFrame&)>& use);

} // namespace deid::cli
