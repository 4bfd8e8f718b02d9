#pragma once
#include "models/autoencoder/file.hpp"
#include "models/training/trainer/trainer.hpp"

namespace deid::training {

/// Returns the content of the model file: the current weights, both people's mean descriptors, the report.
/// keep_both: adds the subject's decoder, with which the swap can be undone.
models::autoencoder::ModelFile exported(Trainer& trainer, const Recipe& recipe, const FaceSet& subject,
                                        const FaceSet& target, const State& state, bool keep_both);

} // namespace deid::training
