#include "models/training/trainer/loss.hpp"

namespace deid::training {

namespace {

torch::Tensor weighted_mean(const torch::Tensor& x, const torch::Tensor& weight) {
  return (x * weight).sum() / (weight.sum() * x.size(1));
}

/// Weighted differences of neighbouring pixels along this dimension.
torch::Tensor edges(const torch::Tensor& away, const torch::Tensor& weight, std::int64_t along) {
  const std::int64_t size = away.size(along);
  const torch::Tensor change = away.narrow(along, 1, size - 1) - away.narrow(along, 0, size - 1);
  return weighted_mean(change.abs(), weight.narrow(along, 1, size - 1));
}

} // namespace

torch::Tensor face_loss(const torch::Tensor& answer, const torch::Tensor& target, const torch::Tensor& weight,
                        double structure) {
  const torch::Tensor away = answer - target;
  torch::Tensor loss = weighted_mean(away.abs(), weight);
  if (structure > 0)
    loss = loss + structure * (edges(away, weight, 2) + edges(away, weight, 3));
  return loss;
}

} // namespace deid::training
