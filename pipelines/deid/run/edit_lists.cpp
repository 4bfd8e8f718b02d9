#include "pipelines/deid/run/edit_lists.hpp"
#include "elements/base/gst_ptr.hpp"
#include "pipelines/deid/media/mp4.hpp"
#include <algorithm>
#include <memory>
#include <vector>

namespace deid::cli {
namespace {

using Patches = std::vector<Patch>;

/// Applies the patches to this piece of the file.
GstPadProbeReturn overwrite(GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto begin = static_cast<std::int64_t>(GST_BUFFER_OFFSET(buffer));
  const auto end = begin + static_cast<std::int64_t>(gst_buffer_get_size(buffer));
  for (const Patch& patch : *static_cast<const Patches*>(data)) {
    const std::int64_t from = std::max(begin, patch.place);
    const std::int64_t to = std::min(end, patch.place + std::ssize(patch.bytes));
    if (from >= to)
      continue;
    buffer = gst_buffer_make_writable(buffer);
    gst_buffer_fill(buffer, static_cast<gsize>(from - begin), patch.bytes.data() + (from - patch.place),
                    static_cast<gsize>(to - from));
  }
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

} // namespace

void hide_edit_lists(GstElement* filesrc, const std::filesystem::path& file) {
  auto patches = std::make_unique<Patches>(without_edits(file));
  if (patches->empty())
    return;
  const Ref<GstPad> pad(gst_element_get_static_pad(filesrc, "src"));
  const auto kinds = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_PUSH |
                                                  GST_PAD_PROBE_TYPE_PULL);
  gst_pad_add_probe(pad.get(), kinds, overwrite, patches.release(),
                    [](gpointer p) { delete static_cast<Patches*>(p); });
}

} // namespace deid::cli
