#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/drawing/mesh.hpp"

namespace deid::faceswap {

namespace {

/// Returns the mesh that the target is drawn on. The rest does not learn from a hidden mouth.
std::vector<cv::Point3f> formed(const Geometry& geometry, const std::vector<cv::Point3f>& mesh, float amount,
                                Memory& memory) {
  RestShape kept = memory.rest;
  const std::vector<cv::Point3f> seen = geometry.with_mouth_shut(mesh, memory.skin.mouth.share(), kept);
  return geometry.moved(seen, amount, memory.skin.mouth.now() ? kept : memory.rest);
}

} // namespace

Painted MeshPainter::paint(const PainterInput& input, const DrawOptions& options, Memory& memory) {
  Painted painted;
  const std::vector<cv::Point3f> points = with_forehead(input.mesh, forehead_reach);
  const Tint tint = match_skin(texture_, input.original, points, options.own_parts, memory.skin);
  const std::vector<cv::Point3f> steady = on_picture(memory.steady.follow(input.landmarks), input.at);
  const std::vector<cv::Point3f> meant = formed(texture_.geometry(), steady, options.geometry, memory);
  memory.meant = on_picture(meant, -input.at);
  painted.points = with_forehead(meant, forehead_reach);
  texture_.draw(with_forehead(memory.correction.applied(meant), forehead_reach), input.original.size(), tint,
                painted.rgb, painted.shown);
  return painted;
}

} // namespace deid::faceswap
