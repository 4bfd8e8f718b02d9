#pragma once
#include <torch/torch.h>
#include <vector>

namespace deid::training {

struct AdamRule {
  double rate = 5e-5, beta1 = .9, beta2 = .999, epsilon = 1e-7;
};

/// Adam (Kingma and Ba 2015, as PyTorch has it: epsilon is added to the corrected root) in one pass over the weights.
/// libtorch's own takes about ten passes with temporaries, which is a visible share of a step on two cores.
/// Its moments are tensors with names, so that a checkpoint is plain. Threads: one at a time; uses libtorch's pool.
class Adam {
public:
  struct State {
    std::string name{};
    torch::Tensor weight{}, mean{}, square{};
    std::int64_t steps = 0;
  };
  explicit Adam(const torch::nn::Module& module);
  /// One step for every weight that has a gradient; rule.rate as it is now.
  void step(const AdamRule& rule);
  void forget_gradients();
  /// Whether every gradient is finite; scales them down together to this norm when they are longer. 0: never.
  bool clip(double norm);
  std::vector<State>& states() { return states_; }

private:
  std::vector<State> states_{};
};

} // namespace deid::training
