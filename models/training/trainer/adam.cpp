#include "models/training/trainer/adam.hpp"
#include <cmath>

namespace deid::training {

namespace {

constexpr std::int64_t piece_size = 1 << 16; // weights

/// The gradient in the weight's own memory order.
torch::Tensor laid_out_as(const torch::Tensor& weight, const torch::Tensor& gradient) {
  if (gradient.strides() == weight.strides() && gradient.scalar_type() == torch::kFloat)
    return gradient;
  return torch::empty_like(weight).copy_(gradient);
}

/// Adds up the shares into the first one. The result has one gradient a weight, or an undefined one where no
/// share has any.
Adam::Gradients joined(const std::vector<Adam::State>& states, std::vector<Adam::Gradients> shares,
                       Crew& crew) {
  Adam::Gradients sum(states.size());
  crew.run(states.size(), [&](std::size_t i) {
    torch::NoGradGuard fixed;
    for (const Adam::Gradients& share : shares)
      if (share[i].defined()) {
        const torch::Tensor part = laid_out_as(states[i].weight, share[i]);
        if (sum[i].defined())
          sum[i].add_(part);
        else
          sum[i] = part;
      }
  });
  return sum;
}

double squares(const float* values, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i)
    sum += static_cast<double>(values[i]) * values[i];
  return sum;
}

} // namespace

Adam::Adam(const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    const std::int64_t size = item.value().numel();
    for (std::int64_t begin = 0; begin < size; begin += piece_size)
      pieces_.push_back({states_.size(), begin, std::min(size, begin + piece_size)});
    states_.push_back(
        {item.key(), item.value(), torch::zeros_like(item.value()), torch::zeros_like(item.value()), 0});
  }
}

std::vector<torch::Tensor> Adam::weights() const {
  std::vector<torch::Tensor> all;
  for (const State& state : states_)
    all.push_back(state.weight);
  return all;
}

void Adam::update(const AdamRule& rule, const Piece& piece, const float* slope, double scale) {
  State& state = states_[piece.state];
  const auto steps = static_cast<double>(state.steps);
  const auto b1 = static_cast<float>(rule.beta1), b2 = static_cast<float>(rule.beta2);
  const auto rate = static_cast<float>(rule.rate / (1 - std::pow(rule.beta1, steps)));
  const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(rule.beta2, steps)));
  const auto epsilon = static_cast<float>(rule.epsilon), factor = static_cast<float>(scale);
  auto* weight = state.weight.data_ptr<float>();
  auto* mean = state.mean.data_ptr<float>();
  auto* square = state.square.data_ptr<float>();
  for (std::int64_t i = piece.begin; i < piece.end; ++i) {
    const float g = factor * slope[i];
    mean[i] = b1 * mean[i] + (1 - b1) * g;
    square[i] = b2 * square[i] + (1 - b2) * g * g;
    weight[i] -= rate * mean[i] / (root * std::sqrt(square[i]) + epsilon);
  }
}

bool Adam::step(const AdamRule& rule, std::vector<Gradients> shares, Crew& crew) {
  const Gradients sum = joined(states_, std::move(shares), crew);
  std::vector<double> parts(pieces_.size());
  const auto slope = [&](const Piece& piece) {
    return sum[piece.state].defined() ? sum[piece.state].data_ptr<float>() : nullptr;
  };
  crew.run(pieces_.size(), [&](std::size_t i) {
    if (const float* values = slope(pieces_[i]))
      parts[i] = squares(values + pieces_[i].begin, pieces_[i].end - pieces_[i].begin);
  });
  double length = 0;
  for (const double part : parts)
    length += part;
  length = std::sqrt(length);
  if (!std::isfinite(length))
    return false;
  for (std::size_t i = 0; i < states_.size(); ++i)
    states_[i].steps += sum[i].defined();
  const double scale = rule.clip > 0 && length > rule.clip ? rule.clip / length : 1;
  crew.run(pieces_.size(), [&](std::size_t i) {
    if (const float* values = slope(pieces_[i]))
      update(rule, pieces_[i], values, scale);
  });
  return true;
}

} // namespace deid::training
