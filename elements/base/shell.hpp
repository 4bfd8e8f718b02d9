#pragma once
#include "elements/base/gstdeidvideo.hpp"
#include "elements/base/plain_shell.hpp"

namespace deid {

/// The part that all elements on GstDeidVideo share that only look at pictures: PlainShell on GstDeidVideo,
/// with its pad templates and frames that are mapped to be read. `Inside` is as PlainShell describes.
template <class Inside> class Shell : public PlainShell<Inside, GstDeidVideo, GstDeidVideoClass> {
  using Plain = PlainShell<Inside, GstDeidVideo, GstDeidVideoClass>;

public:
  /// Call it first in class_init.
  static void set_up(gpointer klass) {
    Plain::set_up(klass);
    gst_deid_video_add_templates(GST_ELEMENT_CLASS(klass));
    static_cast<GstDeidVideoClass*>(klass)->map_flags = GST_MAP_READ;
  }
  static GType type(const char* name, GClassInitFunc class_init) {
    return Plain::type(GST_TYPE_DEID_VIDEO, name, class_init);
  }
};

} // namespace deid
