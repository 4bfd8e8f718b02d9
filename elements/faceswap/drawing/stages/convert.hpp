#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct ConvertInput {
  const cv::Matx23f& to_frame; ///< of the stage align
  const Points& landmarks;     ///< 468, frame px
  int size = 0;                ///< side of the crop, px
  const CropFrame& crop;
  const Convert& network;
};

/// Returns the person's face, cut out of the frame, and the network's face in its place. Throws
/// std::invalid_argument when the network gives a picture of another size or type, and what crop and network
/// throw. Thread: that of the network.
Converted convert(const ConvertInput& in);

} // namespace deid::faceswap::stage
