#include "elements/meta/roi.hpp"
#include <algorithm>
#include <cmath>
#include <gst/video/video.h>

namespace deid {

namespace {

/// Adds our own structure beside other plugins'. x and y are normalised to [0..1] of the frame, in DL
/// Streamer's layout.
void add_detection(GstVideoRegionOfInterestMeta* roi, const char* type, std::uint32_t id, float score,
                   cv::Size frame) {
  const double width = frame.width;
  const double height = frame.height;
  GstStructure* detection = gst_structure_new(
      "detection", "x_min", G_TYPE_DOUBLE, roi->x / width, "x_max", G_TYPE_DOUBLE, (roi->x + roi->w) / width,
      "y_min", G_TYPE_DOUBLE, roi->y / height, "y_max", G_TYPE_DOUBLE, (roi->y + roi->h) / height,
      "confidence", G_TYPE_DOUBLE, static_cast<double>(score), "label_id", G_TYPE_INT, 0, "label",
      G_TYPE_STRING, type, nullptr);
  gst_video_region_of_interest_meta_add_param(roi, detection);
  gst_video_region_of_interest_meta_add_param(
      roi, gst_structure_new("object_id", "id", G_TYPE_INT, static_cast<gint>(id), nullptr));
}

/// The box as whole pixels inside the frame; empty when no part is inside. ROI coordinates are unsigned.
cv::Rect visible_box(const cv::Rect2f& box, cv::Size frame) {
  for (const float value : {box.x, box.y, box.width, box.height})
    if (!std::isfinite(value))
      return {};
  const auto clip = [](double value, int limit) {
    return static_cast<int>(std::clamp<double>(value, 0, limit));
  };
  const int left = clip(std::floor(box.x), frame.width);
  const int top = clip(std::floor(box.y), frame.height);
  const int right = clip(std::ceil(static_cast<double>(box.x) + box.width), frame.width);
  const int bottom = clip(std::ceil(static_cast<double>(box.y) + box.height), frame.height);
  return right > left && bottom > top ? cv::Rect(left, top, right - left, bottom - top) : cv::Rect();
}

struct Stale {
  GQuark type;
  std::span<const std::uint32_t> ids;
};

gboolean drop_stale(GstBuffer*, GstMeta** meta, gpointer data) {
  const auto* stale = static_cast<const Stale*>(data);
  if ((*meta)->info->api != GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)
    return TRUE;
  const auto* roi = reinterpret_cast<const GstVideoRegionOfInterestMeta*>(*meta);
  if (roi->roi_type == stale->type &&
      std::ranges::any_of(stale->ids, [roi](std::uint32_t id) { return static_cast<gint>(id) == roi->id; }))
    *meta = nullptr;
  return TRUE;
}

} // namespace

GstVideoRegionOfInterestMeta* add_region(GstBuffer* buffer, const char* type, std::uint32_t id,
                                         const cv::Rect2f& box, float score, cv::Size frame) {
  const cv::Rect visible = visible_box(box, frame);
  if (visible.empty())
    return nullptr;
  GstVideoRegionOfInterestMeta* roi = gst_buffer_add_video_region_of_interest_meta(
      buffer, type, static_cast<guint>(visible.x), static_cast<guint>(visible.y),
      static_cast<guint>(visible.width), static_cast<guint>(visible.height));
  roi->id = static_cast<gint>(id);
  add_detection(roi, type, id, score, frame);
  return roi;
}

void remove_regions(GstBuffer* buffer, const char* type, std::span<const std::uint32_t> ids) {
  Stale stale{g_quark_from_string(type), ids};
  gst_buffer_foreach_meta(buffer, drop_stale, &stale);
}

std::optional<PlaceChange> place_change(GQuark type, gpointer data, cv::Size frame) {
  if (data == nullptr)
    return std::nullopt;
  if (GST_META_TRANSFORM_IS_COPY(type)) {
    if (static_cast<GstMetaTransformCopy*>(data)->region)
      return std::nullopt;
    return PlaceChange{.frame = frame};
  }
  if (!GST_VIDEO_META_TRANSFORM_IS_SCALE(type))
    return std::nullopt;
  const auto* change = static_cast<GstVideoMetaTransform*>(data);
  if (change->in_info == nullptr || change->out_info == nullptr || change->in_info->width != frame.width ||
      change->in_info->height != frame.height || frame.width < 1 || frame.height < 1)
    return std::nullopt;
  const cv::Size to(change->out_info->width, change->out_info->height);
  return PlaceChange{static_cast<float>(to.width) / static_cast<float>(frame.width),
                     static_cast<float>(to.height) / static_cast<float>(frame.height), to};
}

} // namespace deid
