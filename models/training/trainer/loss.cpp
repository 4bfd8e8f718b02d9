#include "models/training/trainer/loss.hpp"

namespace deid::training {

namespace {

torch::Tensor window(const torch::Tensor& x) {
  return torch::avg_pool2d(x, 8, 2);
}

torch::Tensor weighted_mean(const torch::Tensor& x, const torch::Tensor& weight) {
  return (x * weight).sum() / (weight.sum() * x.size(1));
}

/// (1 - SSIM) / 2 (Wang et al. 2004; k1 .01, k2 .03) a window and channel.
torch::Tensor dissimilarity(const torch::Tensor& a, const torch::Tensor& b) {
  constexpr double c1 = .01 * .01, c2 = .03 * .03;
  const torch::Tensor ma = window(a), mb = window(b);
  const torch::Tensor both = ma * mb, squares = ma * ma + mb * mb;
  const torch::Tensor together = window(a * b) - both, spread = window(a * a + b * b) - squares;
  const torch::Tensor ssim = (2 * both + c1) * (2 * together + c2) / ((squares + c1) * (spread + c2));
  return (1 - ssim) / 2;
}

} // namespace

torch::Tensor face_loss(const torch::Tensor& answer, const torch::Tensor& target, const torch::Tensor& weight,
                        double structure) {
  torch::Tensor loss = weighted_mean((answer - target).abs(), weight);
  if (structure > 0)
    loss = loss + structure * weighted_mean(dissimilarity(answer, target), window(weight));
  return loss;
}

} // namespace deid::training
