#include "elements/meta/scene_cut_detector.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace deid {

namespace {
// A cut changes most of the picture and its structure. A flash or a fade keeps the structure.
constexpr double cut_difference = 12.0, cut_correlation = 0.75;
// Levels by which a block differs after movement in it. Averaging keeps sensor noise below.
constexpr int moved = 8;
// A person who jumps to another place changes blocks by more levels, and changes sudden_ratio times more
// blocks than movement usually does. Measured on 36 clips: no clip exceeds both limits in more than one frame
// of sixty; nine of ten jumps of a walking person exceed them.
constexpr int replaced = 16;
constexpr float sudden_share = 0.05F, sudden_ratio = 4.F, smoothing = 0.1F;

int largest_difference(const Fingerprint& a, const Fingerprint& b) {
  int most = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    most = std::max(most, std::abs(a.luma[i] - b.luma[i]));
  return most;
}

float share_beyond(const Fingerprint& a, const Fingerprint& b, int levels) {
  int count = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    count += std::abs(a.luma[i] - b.luma[i]) > levels ? 1 : 0;
  return static_cast<float>(count) / static_cast<float>(a.luma.size());
}

double mean_difference(const Fingerprint& a, const Fingerprint& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    sum += std::abs(a.luma[i] - b.luma[i]);
  return sum / static_cast<double>(a.luma.size());
}

// Pearson's r of the blocks; 0 when a picture is flat.
double correlation(const Fingerprint& a, const Fingerprint& b) {
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i) {
    const double x = a.luma[i], y = b.luma[i];
    sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
  }
  const auto n = static_cast<double>(a.luma.size());
  const double spread = (saa - sa * sa / n) * (sbb - sb * sb / n);
  return spread > 1e-6 ? (sab - sa * sb / n) / std::sqrt(spread) : 0.0;
}
} // namespace

bool is_cut(const Fingerprint& a, const Fingerprint& b) {
  return mean_difference(a, b) > cut_difference && correlation(a, b) < cut_correlation;
}

SceneCutDetector::Change SceneCutDetector::update(const Fingerprint& frame) {
  const auto previous = current_;
  current_ = frame;
  if (!previous)
    return {.cut = true, .novelty = 1.F};
  Change change;
  change.cut = is_cut(*previous, frame);
  const float share = share_beyond(*previous, frame, replaced);
  change.sudden = share > sudden_share && share > sudden_ratio * usual_;
  usual_ += smoothing * (share - usual_);
  if (at_sweep_) {
    change.novelty = share_beyond(frame, *at_sweep_, moved);
    change.most = largest_difference(frame, *at_sweep_);
  }
  return change;
}

void SceneCutDetector::swept() {
  at_sweep_ = current_;
}

void SceneCutDetector::reset() {
  current_.reset();
  at_sweep_.reset();
  usual_ = 0.F;
}

} // namespace deid
