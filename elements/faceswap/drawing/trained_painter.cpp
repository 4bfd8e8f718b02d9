#include "elements/faceswap/drawing/trained_painter.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <stdexcept>

namespace deid::faceswap {

TrainedPainter::TrainedPainter(Convert convert, int size, const models::autoencoder::Alignment& alignment)
    : convert_(std::move(convert)), size_(size), alignment_(alignment) {
  if (size < tuning::align::least_crop)
    throw std::invalid_argument("a network of " + std::to_string(size) + " px");
  (void)models::autoencoder::crop_side(alignment);
}

} // namespace deid::faceswap
