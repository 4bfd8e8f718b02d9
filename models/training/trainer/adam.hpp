#pragma once
#include "models/training/trainer/crew.hpp"
#include <torch/torch.h>
#include <vector>

namespace deid::training {

struct AdamRule {
  double rate = 5e-5, beta1 = .9, beta2 = .999, epsilon = 1e-7;
  double clip = 0; ///< norm of all gradients together from which they are scaled down; 0: never
};

/// Adam (Kingma and Ba 2015, as PyTorch has it: epsilon is added to the corrected root) in one pass over the
/// weights, shared out among the crew; libtorch's own takes about ten passes in one thread. Its moments are
/// tensors with names, so that a checkpoint is plain. Threads: one at a time.
class Adam {
public:
  struct State {
    std::string name{};
    torch::Tensor weight{}, mean{}, square{};
    std::int64_t steps = 0;
  };
  /// Gradients of one share of the work, as states(); undefined where a weight took no part.
  using Gradients = std::vector<torch::Tensor>;

  explicit Adam(const torch::nn::Module& module);
  /// One step down the sum of the shares' gradients. False, and nothing has changed, when they are not
  /// finite.
  bool step(const AdamRule& rule, std::vector<Gradients> shares, Crew& crew);
  std::vector<State>& states() { return states_; }
  /// The weights, in the order of states().
  [[nodiscard]] std::vector<torch::Tensor> weights() const;

private:
  struct Piece { ///< of a weight, so large that several threads have work
    std::size_t state = 0;
    std::int64_t begin = 0, end = 0;
  };
  void update(const AdamRule& rule, const Piece& piece, const float* slope, double scale);
  std::vector<State> states_{};
  std::vector<Piece> pieces_{};
};

} // namespace deid::training
