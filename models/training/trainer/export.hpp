#pragma once
#include "models/autoencoder/file.hpp"
#include "models/training/trainer/trainer.hpp"

namespace deid::training {

/// The model file's content: weights as they are now, both people's mean descriptors, the report. keep_both:
/// the subject's decoder, too, with which the swap can be undone.
models::autoencoder::ModelFile exported(Trainer& trainer, const Recipe& recipe, const FaceSet& subject,
                                        const FaceSet& target, const State& state, bool keep_both);

} // namespace deid::training
