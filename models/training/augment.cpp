#include "models/training/augment.hpp"
#include "models/training/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace deid::training {

namespace {

constexpr int grid = 5; // points each way, as Change::warp has

/// Maps px of the network's picture to px of the prepared one. Pixel centres lie at whole numbers, as in
/// OpenCV.
cv::Matx23f way_back(const Change& change, int size, int core, int stored) {
  // about the middle: inverse of shift, zoom, rotation and flip
  const double turn = change.rotation * std::numbers::pi / 180;
  const double scale = static_cast<double>(core) / size / change.zoom;
  const double c = std::cos(turn) * scale, s = std::sin(turn) * scale, flip = change.flip ? -1 : 1;
  const double middle = (size - 1) / 2., centre = (stored - 1) / 2.;
  const cv::Matx22d turned(flip * c, flip * s, -s, c);
  const cv::Vec2d from(middle + change.shift_x * size, middle + change.shift_y * size);
  const cv::Vec2d to = cv::Vec2d(centre, centre) - turned * from;
  return {static_cast<float>(turned(0, 0)), static_cast<float>(turned(0, 1)), static_cast<float>(to[0]),
          static_cast<float>(turned(1, 0)), static_cast<float>(turned(1, 1)), static_cast<float>(to[1])};
}

cv::Mat recoloured(const cv::Mat& rgb, const Change& change) {
  cv::Mat lab;
  cv::cvtColor(rgb, lab, cv::COLOR_RGB2Lab);
  cv::Mat table(1, 256, CV_8UC3);
  for (int i = 0; i < 256; ++i) {
    const auto x = static_cast<std::uint8_t>(i);
    table.at<cv::Vec3b>(i) = {shifted(x, change.lightness), shifted(x, change.tint_a),
                              shifted(x, change.tint_b)};
  }
  cv::LUT(lab, table, lab);
  if (change.tiles > 0) {
    cv::Mat lightness;
    cv::extractChannel(lab, lightness, 0);
    cv::createCLAHE(2., {change.tiles, change.tiles})->apply(lightness, lightness);
    cv::insertChannel(lightness, lab, 0);
  }
  cv::Mat out;
  cv::cvtColor(lab, out, cv::COLOR_Lab2RGB);
  return out;
}

/// The source of each pixel of the warped picture: the grid, interpolated bilinearly to a quarter more than
/// the size, and cut to its middle.
std::array<cv::Mat, 2> warp_maps(const Change& change, int size) {
  const int larger = size * 5 / 4, cut = (larger - size) / 2;
  std::array<cv::Mat, 2> maps;
  for (int axis = 0; axis < 2; ++axis) {
    cv::Mat points(grid, grid, CV_32FC1), all;
    for (int y = 0; y < grid; ++y)
      for (int x = 0; x < grid; ++x) {
        const double at = static_cast<double>(axis == 0 ? x : y) / (grid - 1);
        const float away = change.warp[static_cast<std::size_t>(y * grid + x)][axis];
        points.at<float>(y, x) =
            static_cast<float>((at + away) * size - .5); // pixel centres at whole numbers
      }
    cv::resize(points, all, {larger, larger}, 0, 0, cv::INTER_LINEAR);
    maps[static_cast<std::size_t>(axis)] = all(cv::Rect(cut, cut, size, size)).clone();
  }
  return maps;
}

} // namespace

double Random::uniform(double low, double high) {
  constexpr double step = 1. / 9007199254740992.; // 2^-53
  return low + (high - low) * static_cast<double>(engine_() >> 11U) * step;
}

double Random::normal() {
  const double u = 1 - uniform(0, 1), v = uniform(0, 1);
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

std::uint64_t Random::below(std::uint64_t count) {
  return std::min(count - 1, static_cast<std::uint64_t>(uniform(0, 1) * static_cast<double>(count)));
}

std::uint8_t shifted(std::uint8_t x, double v) {
  const double out = v >= 0 ? x + (255. - x) * v : x * (1 + v);
  return cv::saturate_cast<std::uint8_t>(out);
}

Change draw(const Augmentation& how, int working_size, Random& random) {
  Change change;
  change.lightness = random.uniform(-how.lightness, how.lightness);
  change.tint_a = random.uniform(-how.tint, how.tint);
  change.tint_b = random.uniform(-how.tint, how.tint);
  const int base = std::max(2, working_size / 128);
  // always drawn, so that every example uses equally many random numbers
  const int finer_by = static_cast<int>(random.below(5));
  if (random.happens(how.equalize))
    change.tiles = base + finer_by * (base / 2);
  change.rotation = random.uniform(-how.rotation, how.rotation);
  change.zoom = random.uniform(1 - how.zoom, 1 + how.zoom);
  change.shift_x = random.uniform(-how.shift, how.shift);
  change.shift_y = random.uniform(-how.shift, how.shift);
  change.flip = random.happens(how.flip);
  for (cv::Vec2f& away : change.warp)
    away = {static_cast<float>(how.warp * random.normal()), static_cast<float>(how.warp * random.normal())};
  return change;
}

Augmenter::Augmenter(int size)
    : size_(size), core_(std::min(core_size, static_cast<int>(std::lround(tuning::finer * size)))),
      stored_(core_ * stored_size / core_size) {}

Prepared Augmenter::prepare(const cv::Mat& crop, const cv::Mat& weight) const {
  Prepared out;
  cv::resize(crop, out.rgb, {stored_, stored_}, 0, 0, cv::INTER_AREA);
  cv::resize(weight, out.weight, {stored_, stored_}, 0, 0, cv::INTER_AREA);
  return out;
}

Example Augmenter::make(const Prepared& face, const Change& change) const {
  const cv::Matx23f back = way_back(change, size_, core_, stored_);
  const cv::Size size(size_, size_);
  constexpr int how = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
  const cv::Mat colour = recoloured(face.rgb, change);
  Example out;
  cv::warpAffine(colour, out.target, back, size, how, cv::BORDER_REPLICATE);
  cv::warpAffine(face.weight, out.weight, back, size, how, cv::BORDER_REPLICATE);
  const bool warped =
      std::ranges::any_of(change.warp, [](const cv::Vec2f& a) { return a[0] != 0 || a[1] != 0; });
  if (!warped) {
    out.input = out.target;
    return out;
  }
  // one interpolation instead of two: the warp is applied to the inverse map
  const auto maps = warp_maps(change, size_);
  const cv::Mat x = back(0, 0) * maps[0] + back(0, 1) * maps[1] + back(0, 2);
  const cv::Mat y = back(1, 0) * maps[0] + back(1, 1) * maps[1] + back(1, 2);
  cv::remap(colour, out.input, x, y, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return out;
}

Example Augmenter::plain(const Prepared& face) const {
  Example out;
  const int edge = (stored_ - core_) / 2;
  const cv::Rect core(edge, edge, core_, core_);
  cv::resize(face.rgb(core), out.target, {size_, size_}, 0, 0, cv::INTER_AREA);
  cv::resize(face.weight(core), out.weight, {size_, size_}, 0, 0, cv::INTER_AREA);
  out.input = out.target;
  return out;
}

} // namespace deid::training
