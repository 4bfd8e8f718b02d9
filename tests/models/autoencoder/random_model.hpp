#pragma once
#include "models/autoencoder/file.hpp"
#include <cmath>
#include <random>

namespace deid::test {

/// An untrained network: weights and biases as initialised, descriptors of two people at a distance of 1.
/// Equal for equal seeds.
inline models::autoencoder::ModelFile
random_model(const models::autoencoder::Network& network, unsigned seed = 1,
             models::autoencoder::Direction direction = models::autoencoder::Direction::subject_to_target) {
  models::autoencoder::ModelFile model;
  model.network = network;
  model.direction = direction;
  model.subject.at(0) = 1;
  model.target = {{}, "nobody", "made by a test"};
  std::mt19937 random(seed);
  for (const auto& spec : tensors(network, direction)) {
    std::size_t values = 1, inputs = 1;
    for (std::size_t i = 0; i < spec.shape.size(); ++i)
      (i == 0 ? values : inputs) *= spec.shape[i];
    const bool bias = spec.shape.size() == 1;
    const float most = bias ? .1F : std::sqrt(6.F / static_cast<float>(inputs)); // He et al. 2015
    std::uniform_real_distribution<float> weights(-most, most);
    models::autoencoder::Tensor tensor{spec.name, spec.shape, std::vector<float>(values * inputs)};
    for (float& value : tensor.values)
      value = weights(random);
    model.tensors.push_back(std::move(tensor));
  }
  return model;
}

inline models::autoencoder::ModelFile
random_model(const char* network, unsigned seed = 1,
             models::autoencoder::Direction direction = models::autoencoder::Direction::subject_to_target) {
  return random_model(models::autoencoder::network(network).value(), seed, direction);
}

} // namespace deid::test
