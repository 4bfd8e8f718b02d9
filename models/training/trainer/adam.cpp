#include "models/training/trainer/adam.hpp"
#include <ATen/Parallel.h>
#include <cmath>

namespace deid::training {

namespace {

constexpr std::int64_t grain = 1 << 15; // weights a thread takes at once

/// The gradient in the weight's own order of memory.
torch::Tensor laid_out_as(const torch::Tensor& weight, const torch::Tensor& gradient) {
  if (gradient.strides() == weight.strides() && gradient.scalar_type() == torch::kFloat)
    return gradient;
  return torch::empty_like(weight).copy_(gradient);
}

} // namespace

Adam::Adam(const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters())
    states_.push_back({item.key(), item.value(), torch::zeros_like(item.value()), torch::zeros_like(item.value()), 0});
}

void Adam::step(const AdamRule& rule) {
  torch::NoGradGuard fixed;
  for (State& state : states_) {
    if (!state.weight.grad().defined())
      continue;
    ++state.steps;
    const torch::Tensor gradient = laid_out_as(state.weight, state.weight.grad());
    const auto steps = static_cast<double>(state.steps);
    const auto b1 = static_cast<float>(rule.beta1), b2 = static_cast<float>(rule.beta2);
    const auto rate = static_cast<float>(rule.rate / (1 - std::pow(rule.beta1, steps)));
    const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(rule.beta2, steps)));
    const auto epsilon = static_cast<float>(rule.epsilon);
    auto* weight = state.weight.data_ptr<float>();
    auto* mean = state.mean.data_ptr<float>();
    auto* square = state.square.data_ptr<float>();
    const auto* slope = gradient.data_ptr<float>();
    at::parallel_for(0, state.weight.numel(), grain, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        mean[i] = b1 * mean[i] + (1 - b1) * slope[i];
        square[i] = b2 * square[i] + (1 - b2) * slope[i] * slope[i];
        weight[i] -= rate * mean[i] / (root * std::sqrt(square[i]) + epsilon);
      }
    });
  }
}

void Adam::forget_gradients() {
  for (State& state : states_)
    state.weight.mutable_grad() = torch::Tensor();
}

bool Adam::clip(double norm) {
  torch::NoGradGuard fixed;
  double sum = 0;
  for (const State& state : states_)
    if (state.weight.grad().defined())
      sum += std::pow(state.weight.grad().norm().item<double>(), 2);
  if (!std::isfinite(sum))
    return false;
  if (norm > 0 && std::sqrt(sum) > norm)
    for (const State& state : states_)
      if (state.weight.grad().defined())
        state.weight.mutable_grad().mul_(norm / std::sqrt(sum));
  return true;
}

} // namespace deid::training
