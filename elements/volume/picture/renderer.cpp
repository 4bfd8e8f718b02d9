#include "elements/volume/picture/renderer.hpp"
#include "elements/volume/grid/head.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace deid::volumerender {

using volume::Field;
using volume::Mask;
using volume::Point;

namespace {

constexpr double block = 6.0;      ///< [mm] of a coarse cell
constexpr double closing_mm = 4.0; ///< gaps that the filled surface closes
constexpr int halvings = 6;        ///< of a step, to find where the surface is crossed

/// The mask as numbers, softened by one cell to every side, so that its surface has no steps.
Field softened(const Field& grid, const Mask& mask) {
  Field soft = grid;
  std::ranges::transform(mask, soft.values.begin(),
                         [](unsigned char cell) { return static_cast<float>(cell); });
  for (std::size_t axis = 0; axis < 3; ++axis)
    volume::soften(soft, axis);
  return soft;
}

/// Marks all cells beside a marked one, too.
void spread(Field& field) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    volume::soften(field, axis);
    for (float& value : field.values)
      value = value > 0 ? 1.F : 0.F;
  }
}

/// How steep the depth is between two neighbours; of one of them when the other is beside the head.
double slope(float low, float middle, float high, double step) {
  const bool before = !std::isnan(low), after = !std::isnan(high);
  if (!before && !after)
    return 0;
  const double first = before ? low : middle, last = after ? high : middle;
  return (last - first) / (before && after ? 2 * step : step);
}

/// The grey of a place whose depth has these slopes. Its normal is (-right, -down, 1).
std::uint8_t shade(double right, double down) {
  constexpr double ambient = 0.12, up = 0.30, forward = 0.95; // the light stands before and above the head
  const double facing = (down * up + forward) / std::sqrt(right * right + down * down + 1);
  return static_cast<std::uint8_t>(
      std::lround(255 * (ambient + (1 - ambient) * std::clamp(facing, 0.0, 1.0))));
}

double farthest(const Field& field, const Mask& mask, const Point& from) {
  double most = 0;
  for (int z = 0; z < field.size[2]; ++z)
    for (int y = 0; y < field.size[1]; ++y)
      for (int x = 0; x < field.size[0]; ++x)
        if (mask[field.index(x, y, z)] != 0)
          most = std::max(most, volume::distance(field.world(x, y, z), from));
  return most;
}

} // namespace

/// The directions of a view: u to the right of the picture, v down, w towards the viewer.
struct Renderer::Frame {
  Point u, v, w;
};

Renderer::Renderer(const volume::Sampler& head, const RenderSettings& settings) : settings_(settings) {
  field_ = volume::resampled(head, settings.detail);
  outside_ = *std::ranges::min_element(field_.values);
  const int closing = static_cast<int>(std::lround(closing_mm / settings.detail));
  limit_ = settings.threshold != 0 ? static_cast<float>(settings.threshold) : volume::head_limit(field_);
  const bool filled = settings.surface == Surface::filled;
  const Mask mask = volume::head_above(field_, limit_, filled ? closing : 0);
  if (std::ranges::find(mask, 1) == mask.end())
    throw RenderError("There is no head in the scan: nothing is brighter than the threshold.");
  measure(mask);
  if (filled) {
    field_ = softened(field_, mask);
    limit_ = 0.5F;
    outside_ = 0;
  }
  find_blocks();
}

Renderer::Renderer(volume::Field solid, float limit, const RenderSettings& settings)
    : settings_(settings), field_(std::move(solid)), limit_(limit) {
  settings_.detail = field_.spacing;
  outside_ = *std::ranges::min_element(field_.values);
  Mask mask(field_.values.size());
  std::ranges::transform(field_.values, mask.begin(),
                         [&](float value) { return static_cast<unsigned char>(value > limit ? 1 : 0); });
  if (std::ranges::find(mask, 1) == mask.end())
    throw RenderError("There is no head to draw: nothing is greater than the limit.");
  measure(mask);
  find_blocks();
}

void Renderer::aim(const Point& centre, double radius) {
  centre_ = centre;
  radius_ = radius;
  scale_ = 2 * radius_ / std::min(settings_.width, settings_.height);
}

void Renderer::measure(const Mask& mask) {
  const Point centre = volume::centre_of(field_, mask);
  aim(centre, farthest(field_, mask, centre));
}

/// Rays pass quickly where no cell near by can be the surface.
void Renderer::find_blocks() {
  blocks_.spacing = block;
  blocks_.origin = field_.origin;
  for (std::size_t axis = 0; axis < 3; ++axis)
    blocks_.size[axis] = static_cast<int>(field_.size[axis] * field_.spacing / block) + 2;
  blocks_.values.assign(blocks_.index(0, 0, blocks_.size[2]), 0);
  const double cells = field_.spacing / block;
  for (int z = 0; z < field_.size[2]; ++z)
    for (int y = 0; y < field_.size[1]; ++y)
      for (int x = 0; x < field_.size[0]; ++x)
        if (field_.values[field_.index(x, y, z)] > limit_)
          blocks_.values[blocks_.index(static_cast<int>(x * cells), static_cast<int>(y * cells),
                                       static_cast<int>(z * cells))] = 1;
  spread(blocks_);
}

Renderer::Frame Renderer::frame_of(const View& view) const {
  const double yaw = view.yaw * std::numbers::pi / 180, pitch = view.pitch * std::numbers::pi / 180;
  // x is to the person's right, y to the front: from the front, the person's right is on the picture's left
  const Point level{-std::sin(yaw), std::cos(yaw), 0};
  Frame frame{};
  frame.w = {level[0] * std::cos(pitch), level[1] * std::cos(pitch), std::sin(pitch)};
  frame.u = {-std::cos(yaw), -std::sin(yaw), 0};
  frame.v = {level[0] * std::sin(pitch), level[1] * std::sin(pitch), -std::cos(pitch)};
  return frame;
}

bool Renderer::empty(const Point& at) const {
  std::array<int, 3> cell{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double index = (at[axis] - blocks_.origin[axis]) / block;
    if (!(index >= 0) || index >= blocks_.size[axis])
      return true;
    cell[axis] = static_cast<int>(index);
  }
  return blocks_.values[blocks_.index(cell[0], cell[1], cell[2])] == 0;
}

float Renderer::depth(const Frame& frame, double u, double v) const {
  const auto place = [&](double w) {
    Point at{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] = centre_[axis] + u * frame.u[axis] + v * frame.v[axis] + w * frame.w[axis];
    return at;
  };
  const auto solid = [&](double w) { return volume::sample(field_, place(w), outside_) > limit_; };
  double outside = radius_ + block;
  for (double w = outside; w > -radius_ - block;) {
    if (empty(place(w))) {
      outside = w;
      w -= block / 2;
    } else if (!solid(w)) {
      outside = w;
      w -= settings_.detail;
    } else {
      for (int i = 0; i < halvings; ++i) {
        const double middle = (outside + w) / 2;
        (solid(middle) ? w : outside) = middle;
      }
      return static_cast<float>(w);
    }
  }
  return std::numeric_limits<float>::quiet_NaN();
}

std::vector<float> Renderer::depths(const View& view) const {
  const Frame frame = frame_of(view);
  std::vector<float> found;
  found.reserve(static_cast<std::size_t>(settings_.width) * static_cast<std::size_t>(settings_.height));
  for (int y = 0; y < settings_.height; ++y)
    for (int x = 0; x < settings_.width; ++x)
      found.push_back(depth(frame, (x - (settings_.width - 1) / 2.0) * scale_,
                            (y - (settings_.height - 1) / 2.0) * scale_));
  return found;
}

Picture Renderer::render(const View& view) const {
  const std::vector<float> depth = depths(view);
  Picture picture{settings_.width, settings_.height, std::vector<std::uint8_t>(depth.size())};
  const auto index = [&](int x, int y) {
    return static_cast<std::size_t>(std::clamp(y, 0, settings_.height - 1)) *
               static_cast<std::size_t>(settings_.width) +
           static_cast<std::size_t>(std::clamp(x, 0, settings_.width - 1));
  };
  const auto at = [&](int x, int y) { return depth[index(x, y)]; };
  for (int y = 0; y < settings_.height; ++y)
    for (int x = 0; x < settings_.width; ++x)
      if (const float here = at(x, y); !std::isnan(here))
        picture.grey[index(x, y)] = shade(slope(at(x - 1, y), here, at(x + 1, y), scale_),
                                          slope(at(x, y - 1), here, at(x, y + 1), scale_));
  return picture;
}

} // namespace deid::volumerender
