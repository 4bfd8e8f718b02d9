#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

/// Returns the picture with a colour at every pixel. Where in.shown is 0, the colours continue those that are
/// shown, the smoother the farther away (push-pull; Gortler et al. 1996). Shown pixels stay. The picture
/// comes back unchanged when no pixel is shown. Thread: any.
cv::Mat continuation(const Drawn& in);

} // namespace deid::faceswap::stage
