#include "elements/meta/face_region.hpp"
#include <algorithm>
#include <cmath>

namespace deid {

const char* to_string(Origin origin) {
  switch (origin) {
  case Origin::detected:
    return "detected";
  case Origin::tracked:
    return "tracked";
  case Origin::held:
    return "held";
  case Origin::backfilled:
    return "backfilled";
  case Origin::body:
    return "body";
  }
  return "unknown";
}

const char* to_string(Treatment treatment) {
  switch (treatment) {
  case Treatment::none:
    return "none";
  case Treatment::swapped:
    return "swapped";
  case Treatment::blurred:
    return "blurred";
  case Treatment::covered:
    return "covered";
  }
  return "unknown";
}

bool touches(const FaceRegion& face, cv::Size frame) {
  const cv::Rect2f& box = face.box;
  for (const float value : {box.x, box.y, box.width, box.height})
    if (!std::isfinite(value))
      return true;
  const auto width = static_cast<float>(frame.width);
  const auto height = static_cast<float>(frame.height);
  if (box.width <= 0 || box.height <= 0 ||
      (box.x < width && box.y < height && box.x + box.width > 0 && box.y + box.height > 0))
    return true;
  return std::any_of(face.landmarks.begin(), face.landmarks.end(), [&](const cv::Point3f& p) {
    return !(p.x < 0 || p.x > width || p.y < 0 || p.y > height);
  });
}

} // namespace deid
