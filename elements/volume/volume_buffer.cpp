#include "elements/volume/volume_buffer.hpp"
#include "elements/base/error.hpp"
#include <memory>
#include <stdexcept>
#include <utility>

namespace deid::volume {

namespace {

constexpr const char* meta_name = "DeidVolumeMeta";
constexpr const char* api_name = "DeidVolumeMetaAPI";

struct VolumeMeta {
  GstMeta meta;
  Attached* value;
};

Attached*& value_of(GstMeta* meta) {
  return reinterpret_cast<VolumeMeta*>(meta)->value;
}

GType api_type() {
  static const GType type = [] {
    // another copy of this code (a test) may have registered it first
    if (const GType known = g_type_from_name(api_name); known != 0)
      return known;
    const gchar* tags[] = {nullptr};
    return gst_meta_api_type_register(api_name, tags);
  }();
  return type;
}

gboolean begin(GstMeta* meta, gpointer, GstBuffer*) {
  value_of(meta) = nullptr;
  return TRUE;
}

void end(GstMeta* meta, GstBuffer*) {
  delete std::exchange(value_of(meta), nullptr);
}

bool add(GstBuffer* buffer, Attached value);

/// noexcept: out of memory ends the process here, as everywhere in GLib; nothing leaves.
gboolean transform(GstBuffer* to, GstMeta* meta, GstBuffer*, GQuark type, gpointer data) noexcept {
  if (!GST_META_TRANSFORM_IS_COPY(type) || value_of(meta) == nullptr)
    return FALSE;
  const auto* copy = static_cast<GstMetaTransformCopy*>(data);
  return !copy->region && add(to, *value_of(meta)) ? TRUE : FALSE;
}

const GstMetaInfo* info() {
  static const GstMetaInfo* known = [] {
    const GstMetaInfo* there = gst_meta_get_info(meta_name);
    return there != nullptr
               ? there
               : gst_meta_register(api_type(), meta_name, sizeof(VolumeMeta), begin, end, transform);
  }();
  return known;
}

bool add(GstBuffer* buffer, Attached value) {
  auto own = std::make_unique<Attached>(std::move(value));
  GstMeta* added = gst_buffer_add_meta(buffer, info(), nullptr);
  if (added != nullptr)
    value_of(added) = own.release();
  return added != nullptr;
}

} // namespace

Ref<GstCaps> caps_of(const Description& about) {
  return Ref<GstCaps>(gst_caps_new_simple("volume/x-raw", "format", G_TYPE_STRING, name_of(about.format),
                                          "width", G_TYPE_INT, about.size[0], "height", G_TYPE_INT,
                                          about.size[1], "depth", G_TYPE_INT, about.size[2], nullptr));
}

bool states(const GstCaps* caps, const Description& about) {
  return gst_caps_can_intersect(caps, caps_of(about).get()) != FALSE;
}

Ref<GstBuffer> new_buffer(std::vector<std::byte> voxels, Attached attached) {
  if (voxels.size() != attached.about.bytes())
    throw std::invalid_argument("a volume's voxels are not as many as its description says");
  auto own = std::make_unique<std::vector<std::byte>>(std::move(voxels));
  auto* bytes = own->data();
  const std::size_t size = own->size();
  const auto release = [](gpointer held) { delete static_cast<std::vector<std::byte>*>(held); };
  Ref<GstBuffer> buffer(gst_buffer_new_wrapped_full(static_cast<GstMemoryFlags>(0), bytes, size, 0, size,
                                                    own.release(), release));
  attach(buffer.get(), std::move(attached));
  return buffer;
}

void attach(GstBuffer* buffer, Attached attached) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: a volume's description cannot be attached");
  if (GstMeta* old = gst_buffer_get_meta(buffer, api_type()); old != nullptr)
    gst_buffer_remove_meta(buffer, old);
  if (!add(buffer, std::move(attached)))
    throw std::runtime_error("a volume's description could not be attached");
}

const Attached* find(GstBuffer* buffer) {
  GstMeta* found = buffer == nullptr ? nullptr : gst_buffer_get_meta(buffer, api_type());
  return found == nullptr ? nullptr : value_of(found);
}

MappedVolume::MappedVolume(GstBuffer* buffer, GstMapFlags flags) : buffer_(buffer), attached_(find(buffer)) {
  const char* sentence = "A volume could not be used; it was not passed on.";
  if (attached_ == nullptr)
    throw ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, sentence,
                       "the buffer has no volume metadata, so its geometry is not known");
  if (gst_buffer_get_size(buffer) != attached_->about.bytes())
    throw ElementError(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, sentence,
                       "the buffer has another number of bytes than its metadata states");
  const bool write = (flags & GST_MAP_WRITE) != 0;
  const gint code = write ? GST_RESOURCE_ERROR_WRITE : GST_RESOURCE_ERROR_READ;
  if (write && !gst_buffer_is_writable(buffer))
    throw ElementError(GST_RESOURCE_ERROR, code, sentence, "the buffer is shared: not writable");
  if (!gst_buffer_map(buffer, &map_, flags))
    throw ElementError(GST_RESOURCE_ERROR, code, sentence, "the buffer's memory cannot be mapped");
}

MappedVolume::~MappedVolume() {
  gst_buffer_unmap(buffer_, &map_);
}

std::span<const std::byte> MappedVolume::voxels() const {
  return {reinterpret_cast<const std::byte*>(map_.data), map_.size};
}

std::span<std::byte> MappedVolume::writable() const {
  return {reinterpret_cast<std::byte*>(map_.data), map_.size};
}

} // namespace deid::volume
