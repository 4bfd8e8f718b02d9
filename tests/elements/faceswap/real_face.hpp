#pragma once
#include "tests/elements/cover/stamped.hpp"
#include "tests/elements/faceswap/made_target.hpp"

namespace deid::test {

/// The largest face of a picture, as facedetect gives it.
inline FaceRegion region_of(const cv::Mat& rgb, std::uint32_t id) {
  using namespace models;
  BlazeFace detector{locate("face_detection_short_range"), BlazeFace::Range::short_range, {}};
  FaceMesh network{locate("face_landmark"), {}};
  const cv::Size crop(FaceMesh::crop_size, FaceMesh::crop_size);
  const auto found = detector.detect(rgb, .5F);
  if (found.empty())
    throw std::runtime_error("no face in the picture of a test");
  auto matrix = crop_to_frame(mesh_roi(found.front()), crop);
  auto mesh = network.estimate(crop_image(rgb, matrix, crop), matrix);
  matrix = crop_to_frame(mesh_roi(mesh), crop);
  mesh = network.estimate(crop_image(rgb, matrix, crop), matrix);
  FaceRegion face;
  face.id = id;
  face.score = .95F;
  face.landmarks = mesh.landmarks;
  cv::Point2f low(1e9F, 1e9F), high(-1e9F, -1e9F);
  for (const cv::Point3f& p : mesh.landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  face.box = {low, high};
  const HeadAngles angles = head_angles(mesh);
  face.pose = {angles.yaw, angles.pitch, angles.roll};
  return face;
}

/// The same face elsewhere.
inline FaceRegion moved(FaceRegion face, cv::Point2f by, std::uint32_t id) {
  face.id = id;
  face.box += by;
  for (cv::Point3f& p : face.landmarks)
    p += cv::Point3f(by.x, by.y, 0);
  return face;
}

/// An RGB frame with this picture and its stamp.
inline GstBuffer* frame_with(const cv::Mat& rgb, std::vector<FaceRegion> faces) {
  const GstVideoInfo info = video_info("RGB", rgb.cols, rgb.rows);
  GstBuffer* buffer = new_frame(info);
  {
    MappedFrame mapped(buffer, info, GST_MAP_READWRITE);
    for (int y = 0; y < rgb.rows; ++y)
      std::copy_n(rgb.ptr(y), static_cast<std::ptrdiff_t>(rgb.cols) * 3,
                  mapped.view().planes[0].data + y * mapped.view().planes[0].stride);
  }
  attach_faces(buffer, stamp_for(buffer, info, std::move(faces)));
  return buffer;
}

} // namespace deid::test
