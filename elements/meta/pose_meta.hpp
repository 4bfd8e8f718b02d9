#pragma once
#include "elements/meta/pose.hpp"
#include <gst/gst.h>
#include <optional>

namespace deid {

/// Attaches the people of a frame (our own GstMeta, "DeidPoseMeta"), one meta for each stage; one of the same
/// stage is replaced. For other plugins it adds one GstVideoRegionOfInterestMeta "person" per person, with
/// the id and the parameters "detection" and "keypoints" in DL Streamer's layout (points normalised to the
/// region; an absent one is -1, -1 with confidence 0). These regions are of the stage attached last, the
/// current picture. `regions`, if set: the set that their points are converted to. Requires: writable buffer;
/// throws std::invalid_argument otherwise.
void attach_pose(GstBuffer* buffer, PoseFrame frame, std::optional<KeypointSet> regions = {});

/// Returns the people at a stage, or nullptr; the buffer owns them. videoscale scales them; unknown
/// transformations drop them.
const PoseFrame* find_pose(GstBuffer* buffer, Stage stage);

/// Registers the meta API and its implementation. Threads: any; repeated calls are safe.
void register_pose_meta();

/// A line of the skeleton between two points, as indices of `set`.
struct Bone {
  int from, to;
};
std::vector<Bone> bones(KeypointSet set);

} // namespace deid
