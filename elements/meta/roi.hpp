#pragma once
#include <cstdint>
#include <gst/gst.h>
#include <gst/video/gstvideometa.h>
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid {

/// Adds a GstVideoRegionOfInterestMeta of this type and id, with an "object_id" and a "detection" parameter
/// in DL Streamer's layout (box normalised to [0..1] of the frame). box: px, clipped to the frame in whole
/// px. Returns nullptr and adds nothing when no part of it is in the frame. Requires: writable buffer.
GstVideoRegionOfInterestMeta* add_region(GstBuffer* buffer, const char* type, std::uint32_t id,
                                         const cv::Rect2f& box, float score, cv::Size frame);

/// Removes the regions of this type with one of these ids; other plugins' regions stay.
void remove_regions(GstBuffer* buffer, const char* type, std::span<const std::uint32_t> ids);

/// The change of positions in a frame by a transformation of its buffer.
struct PlaceChange {
  float x = 1.F, y = 1.F; ///< factors
  cv::Size frame{};       ///< size afterwards
};
/// For a GstMetaTransformFunction. Whole copies and scaling of a frame of this size are known. For any other
/// transformation it returns nothing.
std::optional<PlaceChange> place_change(GQuark type, gpointer data, cv::Size frame);

} // namespace deid
