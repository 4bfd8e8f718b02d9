#pragma once
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "models/autoencoder/alignment.hpp"
#include <optional>

namespace deid::faceswap::stage {

struct AlignInput {
  const Points& landmarks; ///< 468, frame px, of the stage steady
  const Points& mesh;      ///< 468, px of the picture, as they were found
  int size = 0;            ///< side of the network's pictures, px
  const models::autoencoder::Alignment& alignment;
};

/// Returns the similarity that takes px of the network's crop to px of the frame. Returns nothing when the
/// mesh is a point, which has no alignment. Thread: any.
inline std::optional<cv::Matx23f> align(const AlignInput& in) {
  if (face_size(in.mesh) < tuning::align::least_face)
    return {};
  return models::autoencoder::aligned(in.landmarks, in.size, in.alignment);
}

} // namespace deid::faceswap::stage
