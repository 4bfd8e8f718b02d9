#include "elements/meta/face_meta.hpp"
#include "elements/meta/roi.hpp"
#include <gst/video/gstvideometa.h>
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
    // another copy of this code (a second plugin file, a test) may have registered it first
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

void scale(FaceFrame& frame, const PlaceChange& change) {
  for (FaceRegion& face : frame.faces) {
    face.box = {face.box.x * change.x, face.box.y * change.y, face.box.width * change.x,
                face.box.height * change.y};
    for (cv::Point3f& point : face.landmarks)
      point = {point.x * change.x, point.y * change.y, point.z * change.x};
  }
  frame.width = change.frame.width;
  frame.height = change.frame.height;
}

FaceMeta* add_meta(GstBuffer* buffer, const FaceFrame& frame);

/// Whole copies and scaling keep the stamp. Any other transformation loses it, which a cover treats as doubt.
/// noexcept: out of memory ends the process here, as everywhere in GLib; nothing leaves.
gboolean transform_meta(GstBuffer* to, GstMeta* meta, GstBuffer*, GQuark type, gpointer data) noexcept {
  const auto* source = reinterpret_cast<FaceMeta*>(meta)->frame;
  if (source == nullptr)
    return FALSE;
  const auto change = place_change(type, data, {source->width, source->height});
  if (!change)
    return FALSE;
  FaceFrame scaled = *source;
  scale(scaled, *change);
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

gboolean drop_stamp(GstBuffer*, GstMeta** meta, gpointer) {
  if ((*meta)->info->api == api_type())
    *meta = nullptr;
  return TRUE;
}

void remove_old(GstBuffer* buffer) {
  const FaceMeta* old = get_meta(buffer);
  if (old == nullptr)
    return;
  std::vector<std::uint32_t> ids;
  if (old->frame != nullptr)
    for (const FaceRegion& face : old->frame->faces)
      ids.push_back(face.id);
  gst_buffer_foreach_meta(buffer, drop_stamp, nullptr);
  remove_regions(buffer, roi_name, ids);
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
    add_region(buffer, roi_name, face.id, face.box, face.score, {frame.width, frame.height});
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

void record_treatment(GstBuffer* buffer, std::uint32_t id, Treatment treatment, const std::string& wears) {
  require_writable(buffer);
  const FaceMeta* meta = get_meta(buffer);
  if (meta == nullptr || meta->frame == nullptr)
    return;
  for (FaceRegion& face : meta->frame->faces)
    if (face.id == id) {
      face.treatment = treatment;
      face.wears = wears;
    }
}

void register_face_meta() {
  meta_info();
}

} // namespace deid
