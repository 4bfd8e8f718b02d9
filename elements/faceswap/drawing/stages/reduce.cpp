#include "elements/faceswap/drawing/stages/reduce.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

Reduced reduce(const ReduceInput& in) {
  if (in.size == in.original.size())
    return {in.original, in.points};
  Reduced out;
  cv::resize(in.original, out.original, in.size, 0, 0, cv::INTER_LINEAR);
  out.points = in_size(in.points, in.original.size(), in.size);
  return out;
}

} // namespace deid::faceswap::stage
