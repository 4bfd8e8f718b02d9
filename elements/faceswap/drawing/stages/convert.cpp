#include "elements/faceswap/drawing/stages/convert.hpp"
#include "models/autoencoder/alignment.hpp"
#include <stdexcept>

namespace deid::faceswap::stage {

Converted convert(const ConvertInput& in) {
  Converted out;
  out.person = in.crop(in.to_frame, {in.size, in.size});
  out.face = in.network(out.person);
  if (out.face.type() != CV_8UC3 || out.face.size() != out.person.size())
    throw std::invalid_argument("a network gave a picture of another size");
  for (const cv::Point2f& p : models::autoencoder::in_crop(in.landmarks, in.to_frame))
    out.points.emplace_back(p.x, p.y, 0.F);
  return out;
}

} // namespace deid::faceswap::stage
