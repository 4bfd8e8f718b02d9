#include "elements/meta/scene.hpp"
#include <cmath>
#include <cstdlib>

namespace deid {

namespace {
// A cut changes most of the picture and keeps none of its structure; a flash or a fade keeps the structure.
constexpr double cut_difference = 12.0, cut_correlation = 0.75;
// Levels by which a block differs when something moved there; sensor noise stays below after averaging.
constexpr int moved = 8;

double mean_difference(const Fingerprint& a, const Fingerprint& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    sum += std::abs(a.luma[i] - b.luma[i]);
  return sum / static_cast<double>(a.luma.size());
}

// Pearson's r of the blocks; 0 when one of the pictures is flat.
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

Scene::Change Scene::update(const Fingerprint& frame) {
  const auto previous = current_;
  current_ = frame;
  if (!previous)
    return {.cut = true, .novelty = 1.F};
  Change change;
  change.cut = is_cut(*previous, frame);
  if (!at_sweep_)
    return change;
  int count = 0;
  for (std::size_t i = 0; i < frame.luma.size(); ++i)
    count += std::abs(frame.luma[i] - at_sweep_->luma[i]) > moved ? 1 : 0;
  change.novelty = static_cast<float>(count) / static_cast<float>(frame.luma.size());
  return change;
}

void Scene::swept() {
  at_sweep_ = current_;
}

void Scene::reset() {
  current_.reset();
  at_sweep_.reset();
}

} // namespace deid
