#include "elements/faceswap/choice/swap_gate.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::faceswap {

namespace {

/// Of the mesh: what it must say before a face is swapped, and while the face has credit. It says .95 and
/// more sooner or later of every person that was tried, in the dark too, and less of what only looks like a
/// face (a skull printed on a shirt: up to .94).
constexpr float sure_score = 0.95F, going_on_score = 0.5F;
constexpr int credit_a_frame = 250, most_credit = 15000; ///< frames
constexpr float least_size = 20;                         ///< px of the mesh
constexpr double most_overlap = 0.15, most_overlap_unknown = 0.25;
/// Shares of mesh and box that must be in the frame. The mesh of a face that the frame cuts off is drawn into
/// the frame, features in wrong places; the box says so first.
constexpr double least_inside = 0.6, least_box_inside = 0.75;
constexpr float slack = 6;           ///< degrees
constexpr int most_extrapolated = 5; ///< without landmarks, before the swap begins to fade
constexpr int good_frames = 3;       ///< in a row, before a face is swapped again
constexpr int entrance_frames = 12;  ///< a swap that begins this soon after the person came does not fade in
constexpr std::uint64_t memory_frames =
    50; ///< light and sharpness of somebody not seen for longer are forgotten

cv::Rect2d mesh_box(const FaceRegion& face) {
  cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
  for (const cv::Point3f& p : face.landmarks) {
    low = {std::min<double>(low.x, p.x), std::min<double>(low.y, p.y)};
    high = {std::max<double>(high.x, p.x), std::max<double>(high.y, p.y)};
  }
  return {low, high};
}

/// Share of the smaller box that both have in common.
double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double smaller = std::min(a.area(), b.area());
  return smaller > 0 ? (a & b).area() / smaller : 0;
}

/// Where another mesh lies, or a face of much the same size whose features nobody knows, the meshes may be
/// mixed up. What is far larger or smaller than this face and shows no features has no mesh to mix it up
/// with, and its region is larger than its face.
bool crowded(const FaceRegion& face, std::span<const FaceRegion> others) {
  const bool known = has_mesh(face);
  const cv::Rect2d own = known ? mesh_box(face) : cv::Rect2d(face.box);
  return std::any_of(others.begin(), others.end(), [&](const FaceRegion& other) {
    if (&other == &face)
      return false;
    if (known && has_mesh(other) && other.score >= going_on_score)
      return overlap(own, mesh_box(other)) > most_overlap;
    const double ratio = std::sqrt(other.box.area() / std::max(1e-3F, face.box.area()));
    return ratio > 0.5 && ratio < 2 && overlap(own, cv::Rect2d(other.box)) > most_overlap_unknown;
  });
}

} // namespace

const char* to_string(Reason reason) {
  switch (reason) {
  case Reason::none:
    return "none";
  case Reason::no_landmarks:
    return "no-landmarks";
  case Reason::unsure:
    return "unsure";
  case Reason::turned:
    return "turned";
  case Reason::cut:
    return "cut";
  case Reason::close:
    return "close";
  case Reason::small:
    return "small";
  case Reason::no_target:
    return "no-target";
  case Reason::choosing:
    return "choosing";
  case Reason::target_too_close:
    return "target-too-close";
  case Reason::result_too_close:
    return "result-too-close";
  case Reason::not_assigned:
    return "not-assigned";
  case Reason::not_drawn:
    return "nothing-drawn";
  case Reason::not_trained:
    return "not-trained-for";
  }
  return "unknown";
}

bool has_mesh(const FaceRegion& face) {
  return face.landmarks.size() == mesh_points && face.origin != Origin::held &&
         face.origin != Origin::backfilled &&
         std::all_of(face.landmarks.begin(), face.landmarks.end(), [](const cv::Point3f& p) {
           return std::abs(p.x) < 1e6F && std::abs(p.y) < 1e6F && std::abs(p.z) < 1e6F; // no NaN either
         });
}

Reason judge(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size frame, float max_angle,
             float least_score) {
  if (crowded(face, others))
    return Reason::close;
  if (!has_mesh(face))
    return Reason::no_landmarks;
  const cv::Rect2d mesh = mesh_box(face);
  if (std::min(mesh.width, mesh.height) < static_cast<double>(least_size) / 2 ||
      std::max(mesh.width, mesh.height) < static_cast<double>(least_size))
    return Reason::small;
  const cv::Rect2d all(0, 0, frame.width, frame.height), box(face.box);
  if ((mesh & all).area() < least_inside * mesh.area() || (box & all).area() < least_box_inside * box.area())
    return Reason::cut;
  if (!(std::abs(face.pose.yaw) <= max_angle && std::abs(face.pose.pitch) <= max_angle))
    return Reason::turned; // an angle that is no number, too
  if (!(face.score >= least_score))
    return Reason::unsure;
  return Reason::none;
}

Person& SwapGate::person_of(std::uint32_t id) {
  const auto [found, is_new] = people_.try_emplace(id);
  Person& person = found->second;
  if (!is_new && number_ - person.last > memory_frames) {
    person.memory = {};
    person.blend_weight = -1;
  }
  person.last = number_;
  return person;
}

float SwapGate::least_score(const FaceRegion& face) const {
  const auto found = people_.find(face.id);
  return found != people_.end() && found->second.credit > 0 ? going_on_score : sure_score;
}

bool SwapGate::drawable(Person& person, const FaceRegion& face, Reason reason, bool seen_before) {
  if (reason == Reason::none || reason == Reason::turned || reason == Reason::unsure) {
    person.landmarks = face.landmarks;
    person.extrapolated_frames = 0;
    return true;
  }
  if (reason != Reason::no_landmarks || !seen_before || person.landmarks.empty()) {
    person.landmarks.clear();
    return false;
  }
  const cv::Point2f moved = (face.box.tl() + face.box.br() - person.box.tl() - person.box.br()) / 2;
  // the first box without landmarks comes from another network, and its middle is another place of the face
  if (person.extrapolated_frames++ > 0 && std::hypot(moved.x, moved.y) < 0.2F * face.box.width)
    for (cv::Point3f& p : person.landmarks)
      p += cv::Point3f(moved.x, moved.y, 0);
  return true;
}

std::vector<SwapGate::Step> SwapGate::frame(std::span<const FaceRegion> faces,
                                            std::span<const Assignment> parts, cv::Size size,
                                            const SwapGateOptions& options) {
  if (parts.size() != faces.size())
    throw std::invalid_argument("faces and parts differ in number");
  ++number_;
  std::erase_if(people_, [this](const auto& entry) { // a stream may be long
    return number_ - entry.second.last > memory_frames;
  });
  std::vector<Step> steps;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const FaceRegion& face = faces[i];
    Person& person = person_of(face.id);
    const float most = options.max_angle + (person.swapped ? slack : 0);
    Step step{judge(face, faces, size, most, least_score(face)), 0, false, &person};
    if (has_mesh(face)) // otherwise nothing is said of it
      person.credit = face.score >= sure_score ? std::min(most_credit, person.credit + credit_a_frame)
                                               : std::max(0, person.credit - 1);
    if (!parts[i].target) // without landmarks, too: the last ones must not go on with a part that is gone
      step.reason = step.reason == Reason::none || person.blend_weight > 0 ? parts[i].why : step.reason;
    const bool first = person.blend_weight < 0;
    const bool possible = drawable(person, face, step.reason, person.blend_weight > 0);
    step.extrapolated = possible && step.reason == Reason::no_landmarks;
    person.good = step.reason == Reason::none ? person.good + 1 : 0;
    person.swapped =
        step.reason == Reason::none
            ? first || person.swapped || !person.debuted || person.good >= good_frames
            : step.extrapolated && person.swapped && person.extrapolated_frames <= most_extrapolated;
    const bool entrance = !person.debuted && ++person.waited <= entrance_frames;
    person.debut = !person.debuted && person.swapped;
    person.debuted = person.debuted || person.swapped;
    const float rate = options.fade > 0 ? 1.F / static_cast<float>(options.fade) : 1.F;
    if (first || !possible || entrance)
      person.blend_weight = possible && person.swapped ? 1.F : 0.F;
    else
      person.blend_weight = std::clamp(person.blend_weight + (person.swapped ? rate : -rate), 0.F, 1.F);
    person.box = face.box;
    step.blend_weight = person.blend_weight;
    steps.push_back(step);
  }
  return steps;
}

void SwapGate::cover(std::uint32_t id) {
  const auto found = people_.find(id);
  if (found == people_.end())
    return;
  found->second.blend_weight = 0;
  found->second.swapped = false;
  found->second.good = 0;
  found->second.debuted = found->second.debuted && !found->second.debut;
}

void SwapGate::forget(std::uint32_t id) {
  if (const auto found = people_.find(id); found != people_.end())
    found->second.memory = {};
}

void SwapGate::flush() {
  for (auto& [id, person] : people_) {
    person.memory = {};
    person.credit = 0;
    person.swapped = false;
    person.debuted = false;
    person.waited = 0;
    person.blend_weight = -1;
    person.good = 0;
    person.landmarks.clear();
  }
}

} // namespace deid::faceswap
