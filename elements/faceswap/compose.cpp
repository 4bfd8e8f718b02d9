#include "elements/faceswap/compose.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "elements/faceswap/tuning.hpp"
#include <cmath>

namespace deid::faceswap {

namespace {

cv::Rect2f mesh_box(const std::vector<cv::Point3f>& landmarks) {
  cv::Point2f low(landmarks.front().x, landmarks.front().y), high = low;
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

/// Returns whether the outline of the face is certain.
bool sure_of_outline(const FaceRegion& face, const SwapGate::Step& step) {
  if (step.extrapolated() || (step.reason != Reason::none && step.reason != Reason::turned) ||
      face.landmarks.empty())
    return false;
  const cv::Rect2f mesh = mesh_box(face.landmarks);
  const cv::Point2f apart = (mesh.tl() + mesh.br() - face.box.tl() - face.box.br()) / 2;
  return std::abs(apart.x) <= tuning::compose::most_apart * mesh.width &&
         std::abs(apart.y) <= tuning::compose::most_apart * mesh.height &&
         (mesh & face.box).area() >= tuning::compose::least_share * face.box.area();
}

/// Returns 255 where the frame may be seen, including own mouth and eyes. The frame may not be seen on the
/// other regions of the plan.
cv::Mat free_area(const cover::Plan& plan, std::size_t index) {
  const cv::Rect& bounds = plan.faces[index].mask.bounds;
  cv::Mat free(bounds.size(), CV_8UC1, cv::Scalar(255));
  for (std::size_t i = 0; i < plan.faces.size(); ++i) {
    const cover::Mask& other = plan.faces[i].mask;
    const cv::Rect common = bounds & other.bounds;
    if (i != index && !common.empty())
      free(common - bounds.tl()).setTo(0, other.mask(common - other.bounds.tl()));
  }
  return free;
}

} // namespace

cover::Overlay compose(const NamedPainter& target, const video::FrameView& original, const cover::Plan& plan,
                       std::size_t index, const SwapGate::Step& step, RenderState& render,
                       const ComposeOptions& options, std::span<const SeenHand> hands) {
  const cover::PlannedFace& planned = plan.faces.at(index);
  const cv::Rect& bounds = planned.mask.bounds;
  const cv::Matx23f place(1, 0, static_cast<float>(bounds.x), 0, 1, static_cast<float>(bounds.y));
  const cv::Mat crop = video::crop_rgb(original, place, bounds.size(), {.repeat_edge = true});
  const bool sure = sure_of_outline(planned.face, step);
  DrawOptions how = options.draw;
  how.own_parts = how.surroundings = sure;
  how.free = sure ? free_area(plan, index) : cv::Mat();
  if (sure && !hands.empty()) {
    how.hands = hand_area(hands, bounds);
    how.sure_hands = least_sure(hands, bounds);
  }
  const CropFrame of_frame = [&original](const cv::Matx23f& to_frame, cv::Size size) {
    return video::crop_rgb(original, to_frame, size);
  };
  Picture picture =
      draw(*target.painter, crop, bounds.tl(), render.landmarks.points, how, render.memory, of_frame);
  const float share = step.blend_weight * options.opacity;
  if (share < 1)
    picture.alpha.convertTo(picture.alpha, CV_8U, static_cast<double>(share));
  return {picture.rgb,
          picture.alpha,
          {.treatment = Treatment::swapped,
           .target = target.name,
           .weight = static_cast<double>(share),
           .kept = step.extrapolated()}};
}

double share_behind(std::span<const SeenHand> hands, const cv::Rect& bounds,
                    const std::vector<cv::Point3f>& landmarks) {
  if (hands.empty() || bounds.empty() || landmarks.size() < static_cast<std::size_t>(mesh_points))
    return 0;
  const cv::Mat face = face_area(on_picture(landmarks, bounds.tl()), bounds.size());
  if (cv::countNonZero(face) == 0)
    return 0;
  return cv::mean(hand_area(hands, bounds), face)[0] / 255;
}

} // namespace deid::faceswap
