#pragma once
#include "elements/meta/roi.hpp"
#include <gst/video/gstvideometa.h>
#include <memory>
#include <optional>
#include <utility>

namespace deid {

/// A GstMeta that owns one value. Traits: `Value` with width and height, `name`, `api_name`, and
/// placed(const Value&, const PlaceChange&), which returns the value for a copied or scaled frame, or nothing
/// when the copy is to have none.
template <class Traits> struct OwnedMeta {
  using Value = typename Traits::Value;
  GstMeta meta;
  Value* value;

  static GType api_type() {
    static const GType type = [] {
      // another copy of this code (a second plugin file, a test) may have registered it first
      if (const GType known = g_type_from_name(Traits::api_name); known != 0)
        return known;
      const gchar* tags[] = {GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_SIZE_STR, nullptr};
      return gst_meta_api_type_register(Traits::api_name, tags);
    }();
    return type;
  }

  /// The value of a meta of this type; nullptr when it has none.
  static Value*& value_of(GstMeta* meta) { return reinterpret_cast<OwnedMeta*>(meta)->value; }

  /// Returns false when the meta cannot be added. Requires: writable buffer.
  static bool add(GstBuffer* buffer, Value value) {
    auto own = std::make_unique<Value>(std::move(value));
    GstMeta* added = gst_buffer_add_meta(buffer, info(), nullptr);
    if (added != nullptr)
      value_of(added) = own.release();
    return added != nullptr;
  }

  /// Returns the value of the buffer's first meta of this type, or nullptr.
  static Value* find(GstBuffer* buffer) {
    GstMeta* found = buffer == nullptr ? nullptr : gst_buffer_get_meta(buffer, api_type());
    return found == nullptr ? nullptr : value_of(found);
  }

  /// Removes the metas of this type for which goes(const Value*) is true. Requires: writable buffer.
  template <class Goes> static void remove(GstBuffer* buffer, Goes goes) {
    const auto visit = [](GstBuffer*, GstMeta** meta, gpointer data) -> gboolean {
      if ((*meta)->info->api == api_type() && (*static_cast<Goes*>(data))(value_of(*meta)))
        *meta = nullptr;
      return TRUE;
    };
    gst_buffer_foreach_meta(buffer, visit, &goes);
  }
  static void remove(GstBuffer* buffer) {
    remove(buffer, [](const Value*) { return true; });
  }

private:
  static gboolean init(GstMeta* meta, gpointer, GstBuffer*) {
    value_of(meta) = nullptr;
    return TRUE;
  }
  static void free(GstMeta* meta, GstBuffer*) { delete std::exchange(value_of(meta), nullptr); }

  /// noexcept: out of memory ends the process here, as everywhere in GLib; nothing leaves.
  static gboolean transform(GstBuffer* to, GstMeta* meta, GstBuffer*, GQuark type, gpointer data) noexcept {
    const Value* source = value_of(meta);
    if (source == nullptr)
      return FALSE;
    const auto change = place_change(type, data, {source->width, source->height});
    if (!change)
      return FALSE;
    std::optional<Value> placed = Traits::placed(*source, *change);
    return placed && add(to, std::move(*placed)) ? TRUE : FALSE;
  }

  static const GstMetaInfo* info() {
    static const GstMetaInfo* known = [] {
      const GstMetaInfo* there = gst_meta_get_info(Traits::name);
      return there != nullptr
                 ? there
                 : gst_meta_register(api_type(), Traits::name, sizeof(OwnedMeta), init, free, transform);
    }();
    return known;
  }
};

} // namespace deid
