#include "elements/faceswap/compose.hpp"

namespace deid::faceswap {

cover::Overlay compose(const NamedTexture& target, const video::FrameView& original, const cv::Rect& bounds,
                       const Ladder::Step& step, const ComposeOptions& options) {
  const cv::Matx23f place(1, 0, static_cast<float>(bounds.x), 0, 1, static_cast<float>(bounds.y));
  const cv::Mat crop = video::crop_rgb(original, place, bounds.size(), {.repeat_edge = true});
  DrawOptions how = options.draw;
  how.own_parts = !step.coasting;
  Picture picture = draw(target.texture, crop, bounds.tl(), step.person->landmarks, how, step.person->memory);
  const float share = step.shown * options.opacity;
  if (share < 1)
    picture.alpha.convertTo(picture.alpha, CV_8U, static_cast<double>(share));
  std::string done = "swap " + target.name;
  if (share < 1)
    done += " (" + std::to_string(cvRound(share * 100)) + " % over average)";
  else if (step.coasting)
    done += " (kept)";
  return {picture.rgb, picture.alpha, done};
}

} // namespace deid::faceswap
