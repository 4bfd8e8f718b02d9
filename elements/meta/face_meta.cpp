#include "elements/meta/face_meta.hpp"
#include <algorithm>
#include <cmath>
#include <gst/video/gstvideometa.h>
#include <gst/video/video.h>
#include <stdexcept>

namespace deid {

namespace {

constexpr const char* meta_name = "DeidFaceMeta";
constexpr const char* roi_name = "face";

struct FaceMeta {
  GstMeta meta;
  FaceFrame* frame;
};

GType api_type() {
  static const GType type = [] {
    // another copy of this code in the process (a second plugin file, a test) may have been first
    if (const GType known = g_type_from_name("DeidFaceMetaAPI"); known != 0)
      return known;
    const gchar* tags[] = {GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_SIZE_STR, nullptr};
    return gst_meta_api_type_register("DeidFaceMetaAPI", tags);
  }();
  return type;
}

gboolean init_meta(GstMeta* meta, gpointer, GstBuffer*) {
  reinterpret_cast<FaceMeta*>(meta)->frame = nullptr;
  return TRUE;
}

void free_meta(GstMeta* meta, GstBuffer*) {
  auto* face_meta = reinterpret_cast<FaceMeta*>(meta);
  delete face_meta->frame;
  face_meta->frame = nullptr;
}

void scale(FaceFrame& frame, const GstVideoInfo& from, const GstVideoInfo& to) {
  const float fx = static_cast<float>(to.width) / static_cast<float>(from.width);
  const float fy = static_cast<float>(to.height) / static_cast<float>(from.height);
  for (FaceRegion& face : frame.faces) {
    face.box = {face.box.x * fx, face.box.y * fy, face.box.width * fx, face.box.height * fy};
    for (cv::Point3f& point : face.landmarks)
      point = {point.x * fx, point.y * fy, point.z * fx};
  }
  frame.width = to.width;
  frame.height = to.height;
}

FaceMeta* add_meta(GstBuffer* buffer, const FaceFrame& frame);

/// Whole copies and scaling are known; anything else loses the stamp, which the cover takes as doubt.
/// noexcept: out of memory here ends the process, as it does everywhere in GLib; nothing leaves.
gboolean transform_meta(GstBuffer* to, GstMeta* meta, GstBuffer*, GQuark type, gpointer data) noexcept {
  const auto* source = reinterpret_cast<FaceMeta*>(meta)->frame;
  if (source == nullptr || data == nullptr)
    return FALSE;
  if (GST_META_TRANSFORM_IS_COPY(type)) {
    if (static_cast<GstMetaTransformCopy*>(data)->region)
      return FALSE;
    return add_meta(to, *source) != nullptr;
  }
  if (!GST_VIDEO_META_TRANSFORM_IS_SCALE(type))
    return FALSE;
  const auto* change = static_cast<GstVideoMetaTransform*>(data);
  if (change->in_info == nullptr || change->out_info == nullptr || change->in_info->width != source->width ||
      change->in_info->height != source->height || source->width < 1 || source->height < 1)
    return FALSE;
  FaceFrame scaled = *source;
  scale(scaled, *change->in_info, *change->out_info);
  return add_meta(to, scaled) != nullptr;
}

const GstMetaInfo* meta_info() {
  static const GstMetaInfo* info = [] {
    if (const GstMetaInfo* known = gst_meta_get_info(meta_name); known != nullptr)
      return known;
    return gst_meta_register(api_type(), meta_name, sizeof(FaceMeta), init_meta, free_meta, transform_meta);
  }();
  return info;
}

FaceMeta* add_meta(GstBuffer* buffer, const FaceFrame& frame) {
  auto copy = std::make_unique<FaceFrame>(frame);
  auto* meta = reinterpret_cast<FaceMeta*>(gst_buffer_add_meta(buffer, meta_info(), nullptr));
  if (meta != nullptr)
    meta->frame = copy.release();
  return meta;
}

FaceMeta* get_meta(GstBuffer* buffer) {
  return reinterpret_cast<FaceMeta*>(gst_buffer_get_meta(buffer, api_type()));
}

/// Our own structure beside other people's; x and y normalised to [0..1] of the frame, as DL Streamer lays it
/// out.
void add_detection(GstVideoRegionOfInterestMeta* roi, const FaceFrame& frame, const FaceRegion& face) {
  const double width = frame.width;
  const double height = frame.height;
  GstStructure* detection = gst_structure_new(
      "detection", "x_min", G_TYPE_DOUBLE, roi->x / width, "x_max", G_TYPE_DOUBLE, (roi->x + roi->w) / width,
      "y_min", G_TYPE_DOUBLE, roi->y / height, "y_max", G_TYPE_DOUBLE, (roi->y + roi->h) / height,
      "confidence", G_TYPE_DOUBLE, static_cast<double>(face.score), "label_id", G_TYPE_INT, 0, "label",
      G_TYPE_STRING, roi_name, nullptr);
  gst_video_region_of_interest_meta_add_param(roi, detection);
  gst_video_region_of_interest_meta_add_param(
      roi, gst_structure_new("object_id", "id", G_TYPE_INT, static_cast<gint>(face.id), nullptr));
}

/// The box as whole pixels inside the frame; empty when there is none. ROI coordinates are unsigned.
cv::Rect visible_box(const FaceFrame& frame, const FaceRegion& face) {
  const cv::Rect2f& box = face.box;
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

void add_roi(GstBuffer* buffer, const FaceFrame& frame, const FaceRegion& face) {
  const cv::Rect box = visible_box(frame, face);
  if (box.empty())
    return;
  GstVideoRegionOfInterestMeta* roi = gst_buffer_add_video_region_of_interest_meta(
      buffer, roi_name, static_cast<guint>(box.x), static_cast<guint>(box.y), static_cast<guint>(box.width),
      static_cast<guint>(box.height));
  roi->id = static_cast<gint>(face.id);
  add_detection(roi, frame, face);
}

struct Stale {
  const FaceFrame* frame;
  GQuark type;
};

gboolean drop_stale(GstBuffer*, GstMeta** meta, gpointer data) {
  const auto* stale = static_cast<const Stale*>(data);
  if ((*meta)->info->api == api_type()) {
    *meta = nullptr;
    return TRUE;
  }
  if ((*meta)->info->api != GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)
    return TRUE;
  const auto* roi = reinterpret_cast<const GstVideoRegionOfInterestMeta*>(*meta);
  const auto& faces = stale->frame->faces;
  if (roi->roi_type == stale->type && std::any_of(faces.begin(), faces.end(), [roi](const FaceRegion& face) {
        return static_cast<gint>(face.id) == roi->id;
      }))
    *meta = nullptr;
  return TRUE;
}

void remove_old(GstBuffer* buffer) {
  const FaceMeta* old = get_meta(buffer);
  if (old == nullptr)
    return;
  const FaceFrame frame = old->frame != nullptr ? *old->frame : FaceFrame{};
  Stale stale{&frame, g_quark_from_static_string(roi_name)};
  gst_buffer_foreach_meta(buffer, drop_stale, &stale);
}

void require_writable(GstBuffer* buffer) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: its face stamp cannot be changed");
}

} // namespace

void attach_faces(GstBuffer* buffer, FaceFrame frame) {
  require_writable(buffer);
  remove_old(buffer);
  for (const FaceRegion& face : frame.faces)
    add_roi(buffer, frame, face);
  if (add_meta(buffer, frame) == nullptr)
    throw std::runtime_error("face stamp could not be attached");
}

const FaceFrame* find_faces(GstBuffer* buffer) {
  const FaceMeta* meta = buffer == nullptr ? nullptr : get_meta(buffer);
  return meta == nullptr ? nullptr : meta->frame;
}

void update_fingerprint(GstBuffer* buffer, const Fingerprint& fingerprint) {
  require_writable(buffer);
  if (FaceMeta* meta = get_meta(buffer); meta != nullptr && meta->frame != nullptr)
    meta->frame->fingerprint = fingerprint;
}

void register_face_meta() {
  meta_info();
}

} // namespace deid
