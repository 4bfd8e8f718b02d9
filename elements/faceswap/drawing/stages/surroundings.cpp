#include "elements/faceswap/drawing/stages/surroundings.hpp"

namespace deid::faceswap::stage {

Picture surroundings(const SurroundingsInput& in, Picture&& picture) {
  if (cv::countNonZero(picture.alpha) == 0)
    return picture;
  for (int y = 0; y < in.original.rows; ++y) {
    const std::uint8_t* may = in.free.empty() ? nullptr : in.free.ptr(y);
    const auto* from = in.original.ptr<cv::Vec3b>(y);
    auto* out = picture.rgb.ptr<cv::Vec3b>(y);
    std::uint8_t* alpha = picture.alpha.ptr(y);
    for (int x = 0; x < in.original.cols; ++x) {
      if ((may != nullptr && may[x] == 0) || alpha[x] == 255)
        continue;
      for (int c = 0; c < 3; ++c)
        out[x][c] =
            static_cast<std::uint8_t>((from[x][c] * (255 - alpha[x]) + out[x][c] * alpha[x] + 127) / 255);
      alpha[x] = 255;
    }
  }
  return picture;
}

} // namespace deid::faceswap::stage
