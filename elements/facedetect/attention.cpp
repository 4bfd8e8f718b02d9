#include "elements/facedetect/attention.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace deid::facedetect {

namespace {
std::size_t index(int x, int y) {
  return static_cast<std::size_t>(y * Fingerprint::columns + x);
}
} // namespace

void Attention::reset(cv::Size frame, int window) {
  frame_ = frame;
  window_ = {std::min(frame.width, window), std::min(frame.height, window)};
  if (frame.area() < tuning::windows_worthwhile * window_.area())
    window_ = {};
  weight_.fill(0.F);
  now_ = looked_ = {};
}

void Attention::update(const Fingerprint& frame) {
  now_ = frame;
  for (std::size_t i = 0; i < weight_.size(); ++i)
    weight_[i] = std::abs(frame.luma[i] - looked_.luma[i]) > tuning::block_moved
                     ? 1.F
                     : std::min(1.F, weight_[i] + tuning::block_ageing);
}

// Returns the blocks that lie completely in the area: only their weights count, and only they are marked as
// searched.
cv::Rect Attention::blocks(const cv::Rect& area) const {
  const auto first = [](int px, int count, int size) { return (px * count + size - 1) / size; };
  const auto end = [](int px, int count, int size) { return px * count / size; };
  const int left = first(area.x, Fingerprint::columns, frame_.width),
            top = first(area.y, Fingerprint::rows, frame_.height);
  return {left, top, end(area.br().x, Fingerprint::columns, frame_.width) - left,
          end(area.br().y, Fingerprint::rows, frame_.height) - top};
}

double Attention::weight(const cv::Rect& area) const {
  const cv::Rect inside = blocks(area);
  double sum = 0;
  for (int y = inside.y; y < inside.br().y; ++y)
    for (int x = inside.x; x < inside.br().x; ++x)
      sum += weight_[index(x, y)];
  return sum;
}

cv::Rect Attention::choose() {
  cv::Rect best({0, 0}, window_);
  double most = -1;
  constexpr int positions = tuning::window_positions;
  for (int row = 0; row < positions; ++row)
    for (int column = 0; column < positions; ++column) {
      const cv::Rect area({(frame_.width - window_.width) * column / (positions - 1),
                           (frame_.height - window_.height) * row / (positions - 1)},
                          window_);
      if (const double value = weight(area); value > most) {
        most = value;
        best = area;
      }
    }
  const cv::Rect inside = blocks(best);
  for (int y = inside.y; y < inside.br().y; ++y)
    for (int x = inside.x; x < inside.br().x; ++x) {
      looked_.luma[index(x, y)] = now_.luma[index(x, y)];
      weight_[index(x, y)] = 0.F;
    }
  return best;
}

} // namespace deid::facedetect
