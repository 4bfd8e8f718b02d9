#pragma once
#include "elements/faceswap/drawing/painter.hpp"

namespace deid::faceswap {

/// Without training: the target's picture on the person's mesh, triangle by triangle.
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
