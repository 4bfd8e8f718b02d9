#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct HairInput {
  const cv::Mat& original; ///< CV_8UC3
  const cv::Mat& rgb;      ///< CV_8UC3: the swap, with colours everywhere
  const cv::Mat& alpha;    ///< CV_8UC1, of the stage fade
  const Points& points;    ///< 481, px
  float feather = 0;       ///< sizes of the face; see DrawOptions
};

/// Returns the alpha with hair, a hat, a beard or a mark in front of the swap where the rim of the face is
/// surely not skin. It stays full where the face must never show. On the face a pixel must differ much from
/// the swap (darker, or of another colour); beyond its oval some difference is enough. Lighter skin is skin
/// on the whole forehead. CV_8UC1. Thread: any.
cv::Mat hair(const HairInput& in);

} // namespace deid::faceswap::stage
