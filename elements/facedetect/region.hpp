#pragma once
#include "elements/facedetect/track.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/video/frame_view.hpp"
#include <vector>

namespace deid::facedetect {

/// Returns the region that the stamp gets. The region of a lost track grows with time.
FaceRegion region_of(const Track& track);

/// Returns the regions of all tracks that are in the frame. A region that the frame's edge cuts is larger.
/// Requires: every track was looked for in this frame.
std::vector<FaceRegion> regions_of(const std::vector<Track>& tracks, const video::FrameView& frame);

/// Keeps the previously covered box covered for half a second when a face without a sure mesh suddenly seems
/// much smaller: the detector's box is wrong then. covered: covered_by() of the previous frame. Requires:
/// called after seat() or lose().
void keep_extent(Track& track, const cv::Rect2f& covered, Step step);

} // namespace deid::facedetect
