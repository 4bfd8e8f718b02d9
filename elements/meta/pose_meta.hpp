#pragma once
#include "elements/meta/pose.hpp"
#include <gst/gst.h>
#include <optional>

namespace deid {

/// Attaches what was seen of people (our own GstMeta, "DeidPoseMeta"): one for each stage, so that one buffer
/// carries both; one of the same stage is replaced. For other people's elements also a
/// GstVideoRegionOfInterestMeta "person" per person with the id and the parameters "detection" and
/// "keypoints" as DL Streamer lays them out (points normalised to the region, an absent one -1, -1 with
/// confidence 0); they are of the stage attached last, which is the picture as it is. Points in them are
/// converted to the set `regions`, if any. Requires: writable buffer. Throws std::invalid_argument otherwise.
void attach_pose(GstBuffer* buffer, PoseFrame frame, std::optional<KeypointSet> regions = {});

/// What a stage saw, or nullptr. Owned by the buffer. Scaled by videoscale; dropped by transformations we do
/// not know.
const PoseFrame* find_pose(GstBuffer* buffer, Stage stage);

/// Registers the meta API and its implementation; safe to call often, from any thread.
void register_pose_meta();

/// Pairs of points that a skeleton joins, as indices of `set`.
struct Bone {
  int from, to;
};
std::vector<Bone> bones(KeypointSet set);

} // namespace deid
