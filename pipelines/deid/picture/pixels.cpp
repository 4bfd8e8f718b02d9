#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/picture/codecs.hpp"
#include <utility>

namespace deid::cli {
namespace {

/// cv::flip's codes of directions.
enum Flip { up_down = 0, left_right = 1, both = -1 };

void flip(cv::Mat& pixels, Flip direction) {
  cv::Mat turned;
  cv::flip(pixels, turned, direction);
  pixels = turned;
}

bool opaque(const cv::Mat& rgba) {
  cv::Mat alpha;
  cv::extractChannel(rgba, alpha, 3);
  double least = 0;
  cv::minMaxLoc(alpha, &least);
  return least == 255;
}

void drop_alpha(Picture& picture) {
  cv::Mat without(picture.pixels.size(), picture.gray ? CV_8UC1 : CV_8UC3);
  const int from_to[]{0, 0, 1, 1, 2, 2};
  cv::mixChannels({picture.pixels}, {without}, from_to, picture.gray ? 1 : 3);
  picture.pixels = without;
}

} // namespace

void turn_upright(Picture& picture) {
  const int o = std::exchange(picture.orientation, 1);
  if (o >= 5) { // rows and columns are exchanged
    cv::Mat turned;
    cv::transpose(picture.pixels, turned);
    picture.pixels = turned;
    std::swap(picture.density.x, picture.density.y);
    std::swap(picture.storage.luma_h, picture.storage.luma_v);
  }
  if (o == 2 || o == 6)
    flip(picture.pixels, left_right);
  else if (o == 3 || o == 7)
    flip(picture.pixels, both);
  else if (o == 4 || o == 8)
    flip(picture.pixels, up_down);
}

void change_format(Picture& picture, PictureFormat format) {
  if (picture.format == format)
    return;
  if (picture.storage.premultiplied)
    throw Failure("its colours are multiplied by its transparency, which only TIFF can hold; name the output "
                  ".tif.");
  if (format == PictureFormat::jpeg && picture.pixels.channels() == 4) {
    if (!opaque(picture.pixels))
      throw Failure("it has transparency, which JPEG cannot hold; name the output .png, .tif or .webp.");
    drop_alpha(picture);
  }
  picture.storage = {.lossless = picture.format != PictureFormat::jpeg};
  picture.format = format;
}

cv::Mat gray_and_alpha(const cv::Mat& rgba) {
  cv::Mat pair(rgba.size(), CV_8UC2);
  const int from_to[]{0, 0, 3, 1};
  cv::mixChannels({rgba}, {pair}, from_to, 2);
  return pair;
}

cv::Mat rgba_of_gray(const cv::Mat& pair) {
  cv::Mat rgba(pair.size(), CV_8UC4);
  const int from_to[]{0, 0, 0, 1, 0, 2, 1, 3};
  cv::mixChannels({pair}, {rgba}, from_to, 4);
  return rgba;
}

} // namespace deid::cli
