#pragma once
#include "elements/faceswap/drawing/painter.hpp"
#include "models/autoencoder/alignment.hpp"

namespace deid::faceswap {

/// Draws with a network that was trained for this one person. The network turns the person's aligned face
/// into the target with the same expression. The result goes back to the place of the face, in the colours
/// and the light of the person's skin. chain.cpp lists its stages. When the place of the features is not
/// certain, the last face is drawn again, or nothing when there is none.
class TrainedPainter final : public Painter {
public:
  /// size: side of the network's pictures, px. Throws std::invalid_argument on less than 8 px, and what
  /// models::autoencoder::crop_side() throws.
  TrainedPainter(Convert convert, int size, const models::autoencoder::Alignment& alignment);
  Painted paint(const PainterInput& input, const DrawOptions& options, Memory& memory) override;
  /// Returns false: the network draws the target's features itself.
  [[nodiscard]] bool moves_features() const override { return false; }
  [[nodiscard]] bool wants_own_parts() const override { return false; }

private:
  Convert convert_;
  int size_; ///< px
  models::autoencoder::Alignment alignment_;
};

} // namespace deid::faceswap
