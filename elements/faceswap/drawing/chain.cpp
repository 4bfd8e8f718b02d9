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
#include "elements/faceswap/drawing/stages/enlarge.hpp"
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
#include "elements/faceswap/drawing/stages/reduce.hpp"
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
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

Picture draw(Painter& painter, const cv::Mat& original, cv::Point at, const Points& landmarks,
             const DrawOptions& options, Memory& memory, const CropFrame& crop) {
  const Place place = stage::place({original, at, landmarks});
  const Painted painted = painter.paint({original, at, landmarks, place, crop}, options, memory);
  if (cv::countNonZero(painted.shown) == 0)
    return {{}, cv::Mat(original.size(), CV_8UC1, cv::Scalar(0))};
  const stage::Reduced small = stage::reduce({original, place.points, painted.shown.size()});
  const Points& points = small.points;
  const cv::Mat filled = stage::continuation({painted.rgb, painted.shown});
  const cv::Mat soft =
      options.fine ? stage::sharpness({small.original, filled, painted.shown, points, options.own_parts},
                                      memory.softness)
                   : filled;
  const cv::Mat covered = stage::outline({painted.shown, points});
  const cv::Mat faded = stage::fade({covered, points, options.feather});
  Picture picture{soft, faded};
  if (options.own_parts) { // else the place of the person's features is not certain
    const cv::Mat skin = stage::rim({covered, points});
    if (options.fine)
      picture.rgb = stage::shading({small.original, soft, skin, face_size(points)});
    picture.alpha = stage::hair({small.original, picture.rgb, faded, points, options.feather});
  }
  picture = stage::enlarge({picture, original.size(), place.points});
  if (!options.own_parts)
    return picture;
  if (painter.wants_own_parts())
    picture.rgb = stage::own_parts({original, place.points, painted.points, options.eyes == Eyes::own,
                                    1 - memory.skin.mouth.share(), options.free},
                                   std::move(picture.rgb));
  picture.alpha = stage::hands({picture.alpha, options.hands, options.sure_hands, place.points});
  return options.surroundings ? stage::surroundings({original, options.free}, std::move(picture)) : picture;
}

namespace {

/// Returns the size in which the target is painted. A target without finer detail is painted smaller and
/// enlarged, which shows the same in less time.
cv::Size painted_size(const Texture& texture, const Points& points, cv::Size size) {
  const double needed = tuning::paint::finer * face_size(texture.points()) / face_size(points);
  const double share = std::ceil(needed * tuning::paint::steps) / tuning::paint::steps;
  return share > tuning::paint::worthwhile
             ? size
             : cv::Size(std::max(1, cvRound(size.width * share)), std::max(1, cvRound(size.height * share)));
}

} // namespace

/// Draws the picture of a target on the mesh of the person.
Painted MeshPainter::paint(const PainterInput& input, const DrawOptions& options, Memory& memory) {
  const Tint tint =
      stage::tint({texture_, input.original, input.place.points, options.own_parts}, memory.skin);
  const Points steady = on_picture(stage::steady(input.landmarks, memory.steady), input.at);
  const Points seen = stage::mouth({texture_.geometry(), steady, memory.skin.mouth.share()}, memory.rest);
  const Points meant =
      stage::geometry({texture_.geometry(), seen, options.geometry, !memory.skin.mouth.now()}, memory.rest);
  memory.meant = on_picture(meant, -input.at);
  const Points corrected = with_forehead(stage::correction(meant, memory.correction), forehead_reach);
  const cv::Size whole = input.original.size(), size = painted_size(texture_, input.place.points, whole);
  const Drawn drawn = stage::warp({texture_, in_size(corrected, whole, size), size, tint});
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
