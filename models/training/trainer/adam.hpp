#pragma once
#include "models/training/trainer/crew.hpp"
#include <torch/torch.h>
#include <vector>

namespace deid::training {

struct AdamRule {
  double rate = 5e-5, beta1 = .9, beta2 = .999, epsilon = 1e-7;
  double clip = 0; ///< largest norm of all gradients together; larger ones are scaled down; 0: no limit
};

/// Adam (Kingma and Ba 2015; as in PyTorch, epsilon is added to the corrected root). It needs one pass over
/// the weights, shared among the crew's threads. libtorch's own takes about ten passes in one thread. The
/// moments are tensors with names, as a checkpoint stores them. Threads: one at a time.
class Adam {
public:
  struct State {
    std::string name{};
    torch::Tensor weight{}, mean{}, square{};
    std::int64_t steps = 0;
  };
  /// Gradients of one share of the work, in the order of states(); undefined for a weight that was not used.
  using Gradients = std::vector<torch::Tensor>;

  explicit Adam(const torch::nn::Module& module);
  /// Makes one step down the sum of the shares' gradients. Returns false and changes nothing when they are
  /// not finite.
  bool step(const AdamRule& rule, std::vector<Gradients> shares, Crew& crew);
  std::vector<State>& states() { return states_; }
  /// The weights, in the order of states().
  [[nodiscard]] std::vector<torch::Tensor> weights() const;

private:
  struct Piece { ///< of a weight; pieces let several threads work on one weight
    std::size_t state = 0;
    std::int64_t begin = 0, end = 0;
  };
  void update(const AdamRule& rule, const Piece& piece, const float* slope, double scale);
  std::vector<State> states_{};
  std::vector<Piece> pieces_{};
};

} // namespace deid::training
