/// The drawing of one face, stage by stage. A stage is one file of stages/: values go in, a value comes out,
/// and all that it keeps for the next frame is the part of Memory that it gets. docs/faceswap-algorithm.md
/// explains the stages in this order and under these names.
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/drawing/stages/align.hpp"
#include "elements/faceswap/drawing/stages/background.hpp"
#include "elements/faceswap/drawing/stages/continuation.hpp"
#include "elements/faceswap/drawing/stages/convert.hpp"
#include "elements/faceswap/drawing/stages/correction.hpp"
#include "elements/faceswap/drawing/stages/fade.hpp"
#include "elements/faceswap/drawing/stages/geometry.hpp"
#include "elements/faceswap/drawing/stages/hair.hpp"
#include "elements/faceswap/drawing/stages/hands.hpp"
#include "elements/faceswap/drawing/stages/mouth.hpp"
#include "elements/faceswap/drawing/stages/outline.hpp"
#include "elements/faceswap/drawing/stages/own_parts.hpp"
#include "elements/faceswap/drawing/stages/place.hpp"
#include "elements/faceswap/drawing/stages/put_back.hpp"
#include "elements/faceswap/drawing/stages/recolour.hpp"
#include "elements/faceswap/drawing/stages/rim.hpp"
#include "elements/faceswap/drawing/stages/shading.hpp"
#include "elements/faceswap/drawing/stages/sharpness.hpp"
#include "elements/faceswap/drawing/stages/soften.hpp"
#include "elements/faceswap/drawing/stages/steady.hpp"
#include "elements/faceswap/drawing/stages/surroundings.hpp"
#include "elements/faceswap/drawing/stages/tint.hpp"
#include "elements/faceswap/drawing/stages/warp.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include "elements/faceswap/drawing/trained_painter.hpp"

namespace deid::faceswap {

Picture draw(Painter& painter, const cv::Mat& original, cv::Point at, const Points& landmarks,
             const DrawOptions& options, Memory& memory, const CropFrame& crop) {
  const Place place = stage::place({original, at, landmarks});
  const Points& points = place.points;
  const Painted painted = painter.paint({original, at, landmarks, place, crop}, options, memory);
  if (cv::countNonZero(painted.shown) == 0)
    return {painted.rgb, painted.shown};
  const cv::Mat filled = stage::continuation({painted.rgb, painted.shown});
  const cv::Mat soft =
      options.fine
          ? stage::sharpness({original, filled, painted.shown, points, options.own_parts}, memory.softness)
          : filled;
  const cv::Mat covered = stage::outline({painted.shown, points});
  const cv::Mat faded = stage::fade({covered, points, options.feather});
  if (!options.own_parts) // the place of the person's features is not certain
    return {soft, faded};
  const cv::Mat skin = stage::rim({covered, points});
  cv::Mat lit = options.fine ? stage::shading({original, soft, skin, face_size(points)}) : soft;
  const cv::Mat behind_hair = stage::hair({original, lit, faded, points, options.feather});
  if (painter.wants_own_parts())
    lit = stage::own_parts({original, points, painted.points, options.eyes == Eyes::own,
                            1 - memory.skin.mouth.share(), options.free},
                           std::move(lit));
  const cv::Mat behind_hands = stage::hands({behind_hair, options.hands, options.sure_hands, points});
  if (!options.surroundings)
    return {lit, behind_hands};
  return stage::surroundings({original, options.free}, {lit, behind_hands});
}

/// Draws the picture of a target on the mesh of the person.
Painted MeshPainter::paint(const PainterInput& input, const DrawOptions& options, Memory& memory) {
  const Tint tint =
      stage::tint({texture_, input.original, input.place.points, options.own_parts}, memory.skin);
  const Points steady = on_picture(stage::steady(input.landmarks, memory.steady), input.at);
  const Points seen = stage::mouth({texture_.geometry(), steady, memory.skin.mouth.share()}, memory.rest);
  const Points meant =
      stage::geometry({texture_.geometry(), seen, options.geometry, !memory.skin.mouth.now()}, memory.rest);
  memory.meant = on_picture(meant, -input.at);
  const Points corrected = stage::correction(meant, memory.correction);
  const Drawn drawn =
      stage::warp({texture_, with_forehead(corrected, forehead_reach), input.original.size(), tint});
  return {drawn.rgb, drawn.shown, with_forehead(meant, forehead_reach)};
}

/// Draws with a network that was trained for this one person. In doubt it draws the last face again.
Painted TrainedPainter::paint(const PainterInput& input, const DrawOptions& options, Memory& memory) {
  const cv::Size size = input.original.size();
  const Points steady = stage::steady(input.landmarks, memory.steady);
  const Points points = with_forehead(on_picture(steady, input.at), forehead_reach);
  const std::optional<cv::Matx23f> to_frame = stage::align({steady, input.place.mesh, size_, alignment_});
  if (to_frame && options.own_parts) {
    const Converted converted = stage::convert({*to_frame, steady, size_, input.crop, convert_});
    const cv::Mat face = stage::background(converted);
    memory.brought = stage::recolour({converted.person, face, converted.points, alignment_}, memory.skin);
  }
  const bool known = memory.brought.size() == cv::Size(size_, size_); // drawn before, by this network
  if (!to_frame || !known)
    return {{}, cv::Mat(size, CV_8UC1, cv::Scalar(0)), points};
  memory.brought = stage::soften({memory.brought, *to_frame}); // a face that is drawn again is softened again
  const Drawn drawn = stage::put_back({memory.brought, *to_frame, input.at, points, size});
  return {drawn.rgb, drawn.shown, points};
}

} // namespace deid::faceswap
