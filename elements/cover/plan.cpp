#include "elements/cover/plan.hpp"
#include "elements/cover/tuning.hpp"
#include <algorithm>
#include <gst/video/gstvideometa.h>
#include <stdexcept>

namespace deid::cover {

namespace {

Doubt judge(const FaceFrame* stamp, const video::FrameView& frame) {
  if (stamp == nullptr)
    return Doubt::no_stamp;
  if (stamp->width != frame.width || stamp->height != frame.height)
    return Doubt::wrong_size;
  // format or codec may have changed on the way without notice: equal pixels match at once, others get the
  // wide limits
  if (!matches(stamp->fingerprint, fingerprint(frame), false))
    return Doubt::other_picture;
  // facedetect gives no region outside the frame: such a region is damaged or of another frame
  for (const FaceRegion& face : stamp->faces)
    if (!touches(face, frame.size()))
      return Doubt::bad_region;
  return Doubt::none;
}

/// Our elements attach a region of interest for each face of the stamp. Scaling moves its edges by rounding.
bool stands_for(const FaceRegion& face, const GstVideoRegionOfInterestMeta& roi) {
  constexpr double slack = tuning::region_slack;
  return static_cast<gint>(face.id) == roi.id && roi.x >= static_cast<double>(face.box.x) - slack &&
         roi.y >= static_cast<double>(face.box.y) - slack &&
         static_cast<double>(roi.x) + roi.w <= static_cast<double>(face.box.x) + face.box.width + slack &&
         static_cast<double>(roi.y) + roi.h <= static_cast<double>(face.box.y) + face.box.height + slack;
}

std::vector<FaceRegion> foreign_faces(GstBuffer* buffer, const FaceFrame& stamp) {
  std::vector<FaceRegion> found;
  const GQuark type = g_quark_from_static_string("face");
  gpointer state = nullptr;
  while (const GstMeta* meta =
             gst_buffer_iterate_meta_filtered(buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)) {
    const auto& roi = *reinterpret_cast<const GstVideoRegionOfInterestMeta*>(meta);
    if (roi.roi_type != type || roi.w == 0 || roi.h == 0 ||
        std::any_of(stamp.faces.begin(), stamp.faces.end(),
                    [&roi](const FaceRegion& f) { return stands_for(f, roi); }))
      continue;
    FaceRegion face;
    face.id = static_cast<std::uint32_t>(roi.id);
    face.box = cv::Rect2f(static_cast<float>(roi.x), static_cast<float>(roi.y), static_cast<float>(roi.w),
                          static_cast<float>(roi.h));
    found.push_back(face);
  }
  return found;
}

} // namespace

const char* to_string(Doubt doubt) {
  switch (doubt) {
  case Doubt::none:
    return "none";
  case Doubt::no_stamp:
    return "no-stamp";
  case Doubt::wrong_size:
    return "wrong-size";
  case Doubt::other_picture:
    return "other-picture";
  case Doubt::bad_region:
    return "bad-region";
  }
  return "unknown";
}

Plan make_plan(GstBuffer* buffer, const video::FrameView& frame, Shape shape, float margin) {
  const FaceFrame* stamp = find_faces(buffer);
  Plan plan{judge(stamp, frame), {}};
  if (plan.doubt != Doubt::none)
    return plan;
  try {
    for (const FaceRegion& face : stamp->faces)
      plan.faces.push_back({face, rasterize(face, shape, margin, frame.size()), false});
    for (const FaceRegion& face : foreign_faces(buffer, *stamp)) {
      if (!touches(face, frame.size()))
        return {Doubt::bad_region, {}};
      plan.faces.push_back({face, rasterize(face, Shape::box, margin, frame.size()), true});
    }
  } catch (const std::invalid_argument&) {
    return {Doubt::bad_region, {}};
  }
  return plan;
}

} // namespace deid::cover
