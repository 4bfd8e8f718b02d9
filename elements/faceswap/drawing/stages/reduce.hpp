#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct ReduceInput {
  const cv::Mat& original; ///< CV_8UC3
  const Points& points;    ///< px of original
  cv::Size size{};         ///< in which the face was painted; at most that of original
};

struct Reduced {
  cv::Mat original{}; ///< CV_8UC3 of the painted size; it shares its pixels when nothing is reduced
  Points points{};    ///< px of that picture
};

/// Returns the picture in the size in which the face was painted. Thread: any.
Reduced reduce(const ReduceInput& in);

} // namespace deid::faceswap::stage
