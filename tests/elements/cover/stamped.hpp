#pragma once
#include "elements/base/mapped_frame.hpp"
#include "elements/cover/cover.hpp"
#include "elements/faceblur/gstfaceblur.hpp"
#include "elements/facemask/gstfacemask.hpp"
#include "elements/meta/face_meta.hpp"
#include "tests/elements/base/gst_support.hpp"
#include "tests/elements/cover/faces.hpp"

namespace deid::test {

/// Returns the stamp that facedetect would attach to this buffer.
inline FaceFrame stamp_for(GstBuffer* buffer, const GstVideoInfo& info, std::vector<FaceRegion> faces) {
  FaceFrame stamp;
  stamp.width = info.width;
  stamp.height = info.height;
  stamp.faces = std::move(faces);
  stamp.detector = "test detector 1";
  MappedFrame mapped(buffer, info, GST_MAP_READ);
  stamp.fingerprint = fingerprint(mapped.view());
  return stamp;
}

inline GstBuffer* stamped_frame(const GstVideoInfo& info, std::vector<FaceRegion> faces, int padding = 0) {
  GstBuffer* buffer = new_frame(info, padding);
  attach_faces(buffer, stamp_for(buffer, info, std::move(faces)));
  return buffer;
}

/// Whether all pixels have the colour of a whole cover.
inline bool all_black(GstBuffer* buffer, const GstVideoInfo& info) {
  GstBuffer* black = gst_buffer_copy_deep(buffer);
  bool same = false;
  {
    MappedFrame mapped(black, info, GST_MAP_READWRITE);
    cover::cover_frame(mapped.view(), {0, 0, 0});
  }
  same = bytes(black) == bytes(buffer);
  gst_buffer_unref(black);
  return same;
}

inline std::uint64_t stat(GstElement* element, const char* field) {
  GstStructure* stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  guint64 value = G_MAXUINT64;
  gst_structure_get_uint64(stats, field, &value);
  gst_structure_free(stats);
  return value;
}

} // namespace deid::test
