#pragma once
#include "elements/faceswap/target/target.hpp"
#include "tests/elements/cover/faces.hpp"

namespace deid::test {

/// A picture with texture of its own everywhere, R, G, B.
inline cv::Mat textured(cv::Size size, double shift = 0) {
  cv::Mat image(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const auto wave = [&](double at) {
        return static_cast<std::uint8_t>(128 + 50 * std::sin(x / 11.0 + at) * std::cos(y / 13.0 - at));
      };
      image.at<cv::Vec3b>(y, x) = {wave(shift), wave(shift + 1), wave(shift + 2)};
    }
  return image;
}

/// A target with an oval mesh of its own.
inline faceswap::Target nobody() {
  faceswap::Target target;
  target.image = textured({96, 128});
  target.landmarks = mesh_face({10, 24, 70, 90}).landmarks;
  target.name = "nobody";
  target.status = "made by a test";
  return target;
}

} // namespace deid::test
