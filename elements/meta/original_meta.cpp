#include "elements/meta/original_meta.hpp"
#include "elements/meta/roi.hpp"
#include <gst/video/gstvideometa.h>
#include <memory>
#include <stdexcept>

namespace deid {

namespace {

constexpr const char* meta_name = "DeidOriginalMeta";

struct OriginalMeta {
  GstMeta meta;
  OriginalFaces* faces;
};

GType api_type() {
  static const GType type = [] {
    // another copy of this code (a second plugin file, a test) may have registered it first
    if (const GType known = g_type_from_name("DeidOriginalMetaAPI"); known != 0)
      return known;
    const gchar* tags[] = {GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_SIZE_STR, nullptr};
    return gst_meta_api_type_register("DeidOriginalMetaAPI", tags);
  }();
  return type;
}

gboolean init_meta(GstMeta* meta, gpointer, GstBuffer*) {
  reinterpret_cast<OriginalMeta*>(meta)->faces = nullptr;
  return TRUE;
}

void free_meta(GstMeta* meta, GstBuffer*) {
  auto* original = reinterpret_cast<OriginalMeta*>(meta);
  delete original->faces; // its descriptors wipe themselves
  original->faces = nullptr;
}

OriginalMeta* add_meta(GstBuffer* buffer, OriginalFaces faces);

/// Kept only for an unscaled picture, also in another format: faces cut out of scaled pixels cannot be
/// compared. noexcept: out of memory ends the process here, as everywhere in GLib; nothing leaves.
gboolean transform_meta(GstBuffer* to, GstMeta* meta, GstBuffer*, GQuark type, gpointer data) noexcept {
  const auto* source = reinterpret_cast<OriginalMeta*>(meta)->faces;
  if (source == nullptr)
    return FALSE;
  const cv::Size size(source->width, source->height);
  const auto change = place_change(type, data, size);
  if (!change || change->frame != size)
    return FALSE;
  return add_meta(to, *source) != nullptr;
}

const GstMetaInfo* meta_info() {
  static const GstMetaInfo* info = [] {
    if (const GstMetaInfo* known = gst_meta_get_info(meta_name); known != nullptr)
      return known;
    return gst_meta_register(api_type(), meta_name, sizeof(OriginalMeta), init_meta, free_meta,
                             transform_meta);
  }();
  return info;
}

OriginalMeta* add_meta(GstBuffer* buffer, OriginalFaces faces) {
  auto own = std::make_unique<OriginalFaces>(std::move(faces));
  auto* meta = reinterpret_cast<OriginalMeta*>(gst_buffer_add_meta(buffer, meta_info(), nullptr));
  if (meta != nullptr)
    meta->faces = own.release();
  return meta;
}

gboolean drop_old(GstBuffer*, GstMeta** meta, gpointer) {
  if ((*meta)->info->api == api_type())
    *meta = nullptr;
  return TRUE;
}

} // namespace

void remove_originals(GstBuffer* buffer) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: its original faces cannot be changed");
  gst_buffer_foreach_meta(buffer, drop_old, nullptr);
}

void attach_originals(GstBuffer* buffer, OriginalFaces faces) {
  remove_originals(buffer);
  if (add_meta(buffer, std::move(faces)) == nullptr)
    throw std::runtime_error("original faces could not be attached");
}

const OriginalFaces* find_originals(GstBuffer* buffer) {
  if (buffer == nullptr)
    return nullptr;
  const auto* meta = reinterpret_cast<OriginalMeta*>(gst_buffer_get_meta(buffer, api_type()));
  return meta == nullptr ? nullptr : meta->faces;
}

void register_original_meta() {
  meta_info();
}

} // namespace deid
