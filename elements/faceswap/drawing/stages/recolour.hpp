#pragma once
#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/values.hpp"
#include "models/autoencoder/alignment.hpp"

namespace deid::faceswap::stage {

struct RecolourInput {
  const cv::Mat& person; ///< CV_8UC3, a square crop
  const cv::Mat& face;   ///< CV_8UC3 of the same size: the target, with skin alone at its rim
  const Points& points;  ///< 468, px of the crop
  const models::autoencoder::Alignment& alignment; ///< of the crop
};

/// Returns the face in the colours and the light of the person; the face itself while they are not known.
/// memory: learns skin and light. Thread: one at a time for one memory.
cv::Mat recolour(const RecolourInput& in, SkinMemory& memory);

} // namespace deid::faceswap::stage
