#pragma once
#include "elements/faceswap/drawing/painter.hpp"
#include "elements/faceswap/drawing/texture.hpp"

namespace deid::faceswap {

/// Draws the picture of a target on the mesh of the person, triangle by triangle. It needs no training.
/// chain.cpp lists its stages.
class MeshPainter final : public Painter {
public:
  explicit MeshPainter(Texture texture) : texture_(std::move(texture)) {}
  Painted paint(const PainterInput& input, const DrawOptions& options, Memory& memory) override;
  [[nodiscard]] bool moves_features() const override { return true; }
  [[nodiscard]] bool wants_own_parts() const override { return true; }

private:
  Texture texture_;
};

} // namespace deid::faceswap
