#include "elements/posedetect/draw.hpp"
#include "elements/meta/pose_meta.hpp"
#include "elements/video/color.hpp"
#include "elements/video/planes.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::posedetect {

namespace {
using Colour = std::array<std::uint8_t, 3>;

Colour colour_of(std::uint32_t id) {
  static constexpr std::array<Colour, 6> colours{
      {{255, 80, 40}, {40, 220, 80}, {60, 140, 255}, {255, 220, 40}, {230, 60, 230}, {40, 230, 230}}};
  return colours[(id + colours.size() - 1) % colours.size()];
}

/// One plane, and its scale.
struct Canvas {
  cv::Mat plane;
  float scale; ///< plane px per frame px
  cv::Scalar paint;
};

std::vector<Canvas> canvases(const video::FrameView& frame, const Colour& rgb) {
  const auto yuv = video::rgb_to_yuv(rgb, {frame.full_range, frame.bt709});
  switch (frame.layout) {
  case video::Layout::planar420:
    return {{video::plane(frame, 0), 1.F, cv::Scalar(yuv[0])},
            {video::plane(frame, 1), .5F, cv::Scalar(yuv[1])},
            {video::plane(frame, 2), .5F, cv::Scalar(yuv[2])}};
  case video::Layout::nv12:
    return {{video::plane(frame, 0), 1.F, cv::Scalar(yuv[0])},
            {video::plane(frame, 1), .5F, cv::Scalar(yuv[1], yuv[2])}};
  case video::Layout::packed: {
    cv::Scalar paint = cv::Scalar::all(255);
    for (std::size_t c = 0; c < 3; ++c)
      paint[frame.rgb_offset[c]] = rgb[c];
    return {{video::plane(frame, 0), 1.F, paint}};
  }
  case video::Layout::gray:
    break;
  }
  return {{video::plane(frame, 0), 1.F, cv::Scalar(yuv[0])}};
}

cv::Point place(const Keypoint& point, float scale) {
  const auto whole = [scale](float value) {
    return static_cast<int>(std::lround(std::clamp(value, -30000.F, 30000.F) * scale));
  };
  return {whole(point.x), whole(point.y)};
}

bool drawable(const Keypoint& point) {
  return point.present && std::isfinite(point.x) && std::isfinite(point.y);
}

void draw_points(const Canvas& canvas, const std::vector<Keypoint>& points, const std::vector<Bone>& lines,
                 float width) {
  const int thick = std::max(1, static_cast<int>(std::lround(width * canvas.scale)));
  cv::Mat plane = canvas.plane;
  for (const Bone& bone : lines) {
    const auto from = static_cast<std::size_t>(bone.from);
    const auto to = static_cast<std::size_t>(bone.to);
    if (std::max(from, to) < points.size() && drawable(points[from]) && drawable(points[to]))
      cv::line(plane, place(points[from], canvas.scale), place(points[to], canvas.scale), canvas.paint,
               thick);
  }
  for (const Keypoint& point : points)
    if (drawable(point))
      cv::circle(plane, place(point, canvas.scale), thick, canvas.paint, cv::FILLED);
}

std::vector<Bone> hand_bones() {
  std::vector<Bone> lines;
  for (int finger = 0; finger < 5; ++finger)
    for (int joint = 1; joint <= 4; ++joint)
      lines.push_back({joint == 1 ? 0 : 4 * finger + joint - 1, 4 * finger + joint});
  return lines;
}
} // namespace

void draw(const video::FrameView& frame, const std::vector<Person>& people) {
  const float width = std::max(1.F, static_cast<float>(std::max(frame.width, frame.height)) / 400);
  for (const Person& person : people)
    for (const Canvas& canvas : canvases(frame, colour_of(person.id))) {
      draw_points(canvas, person.points, bones(person.set), width);
      for (const Hand& hand : person.hands)
        draw_points(canvas, hand.points, hand_bones(), width / 2);
    }
}

} // namespace deid::posedetect
