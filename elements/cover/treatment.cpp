#include "elements/cover/treatment.hpp"
#include "elements/cover/record.hpp"
#include <stdexcept>

namespace deid::cover {

namespace {

Treatment alone(Method method) {
  return method == Method::fill ? Treatment::covered : Treatment::blurred;
}

/// Returns the words for the cover of a face. An element that draws overlays tells the shape in its settings.
std::string cover_of(const PlannedFace& planned, const Style& style, const Overlay* overlay) {
  const bool filled = overlay != nullptr && overlay->outcome.treatment == Treatment::covered;
  const std::string method = to_string(filled ? Method::fill : style.method);
  if (overlay != nullptr)
    return method;
  const Shape shape = planned.foreign ? Shape::box : style.shape;
  return method + " " + nick(shape_type(), static_cast<int>(shape));
}

} // namespace

Method method_for(const FaceRegion& face, Method method, const Wishes& wishes) {
  return wish_for(wishes, face.id) == Treatment::covered ? Method::fill : method;
}

void respect_wishes(const Plan& plan, const Wishes& wishes, std::span<Overlay> overlays) {
  for (std::size_t i = 0; i < overlays.size(); ++i)
    if (wish_for(wishes, plan.faces[i].face.id) != Treatment::none)
      overlays[i] = {};
}

audit::Outcome outcome_of(const PlannedFace& planned, Method method, const Overlay* overlay) {
  if (planned.mask.bounds.empty())
    return {.reason = audit::Reason::outside};
  if (overlay == nullptr)
    return {.treatment = alone(method)};
  const audit::Outcome& said = overlay->outcome;
  if (overlay->alpha.empty())
    return {.treatment = alone(method), .reason = said.reason, .distance = said.distance, .rank = said.rank};
  if (said.treatment == Treatment::none)
    throw std::logic_error("an overlay does not say what it is");
  return said;
}

audit::Face audited(const PlannedFace& planned, const Style& style, const Overlay* overlay) {
  const FaceRegion& face = planned.face;
  audit::Face said{.id = face.id, .box = face.box, .score = static_cast<double>(face.score)};
  if (!planned.foreign)
    said.origin = face.origin;
  said.outcome = outcome_of(planned, style.method, overlay);
  said.done = audit::words(said.outcome, cover_of(planned, style, overlay));
  return said;
}

void record_treatments(GstBuffer* buffer, const Plan& plan, Method method, const Wishes& wishes,
                       std::span<const Overlay> overlays) {
  for (std::size_t i = 0; i < plan.faces.size(); ++i) {
    const PlannedFace& planned = plan.faces[i];
    if (planned.mask.bounds.empty() || planned.foreign)
      continue;
    const audit::Outcome outcome = outcome_of(planned, method_for(planned.face, method, wishes),
                                              i < overlays.size() ? &overlays[i] : nullptr);
    record_treatment(buffer, planned.face.id, outcome.treatment, outcome.target);
  }
}

void record_cover(GstBuffer* buffer) {
  const FaceFrame* stamp = find_faces(buffer);
  if (stamp == nullptr)
    return;
  std::vector<std::uint32_t> ids;
  for (const FaceRegion& face : stamp->faces)
    ids.push_back(face.id);
  for (const std::uint32_t id : ids)
    record_treatment(buffer, id, Treatment::covered, {});
}

} // namespace deid::cover
