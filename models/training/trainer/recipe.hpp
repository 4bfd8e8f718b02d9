#pragma once
#include "models/training/augment.hpp"
#include <cstdint>
#include <string>

namespace deid::training {

/// How a network is trained; the same values in the checkpoint and in the report of the model file.
struct Recipe {
  std::string network = "light96";
  int batch = 16;                                               ///< pictures a side and step
  double rate = 5e-5, beta1 = .5, beta2 = .999, epsilon = 1e-7; ///< of Adam
  double structure = 0;   ///< weight of edges beside the mean absolute difference, see face_loss()
  double clip = 0;        ///< norm of the gradients from which they are scaled down; 0: never
  double warm_up = 0;     ///< steps in which the rate rises to its value
  double one_decoder = 0; ///< share of the training in which both people share a decoder
  double plain = .2;      ///< last share of the training, without warp
  double decay = 0;       ///< last share of the training in which the rate falls to a twentieth
  bool bf16 = true;
  std::uint64_t seed = 1;
  Augmentation augmentation{};
};

/// What suits a network ("original" as faceswap.md says; the light ones as fast as they were found to learn).
/// Throws std::invalid_argument on another name.
Recipe recipe_for(const std::string& network);

/// Rate of the step when this share [0..1] of the training is done and so many steps were made.
double rate_at(const Recipe& recipe, double share, std::int64_t steps);

} // namespace deid::training
