#pragma once
#include "models/training/augment.hpp"
#include <cstdint>
#include <string>

namespace deid::training {

/// How a network is trained. The checkpoint and the model file's report contain these values.
struct Recipe {
  std::string network = "light96";
  int batch = 16;                                               ///< pictures per side and step
  double rate = 5e-5, beta1 = .5, beta2 = .999, epsilon = 1e-7; ///< of Adam
  double structure = 0;   ///< weight of edges besides the mean absolute difference, see face_loss()
  double clip = 0;        ///< largest norm of the gradients; larger ones are scaled down; 0: no limit
  double warm_up = 0;     ///< steps in which the rate rises to its value
  double one_decoder = 0; ///< share of the training with one decoder for both people
  double plain = .2;      ///< last share of the training, without warp
  double decay = 0;       ///< last share of the training, in which the rate falls to a twentieth
  bool bf16 = true;
  std::uint64_t seed = 1;
  Augmentation augmentation{};
};

/// Returns the recipe for a network. "original" has the settings of deepfakes/faceswap; the light ones have
/// those with which they learnt fastest. Throws std::invalid_argument on another name.
Recipe recipe_for(const std::string& network);

/// Returns the learning rate when `share` [0..1] of the training is done after `steps` steps.
double rate_at(const Recipe& recipe, double share, std::int64_t steps);

} // namespace deid::training
