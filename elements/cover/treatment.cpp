#include "elements/cover/treatment.hpp"

namespace deid::cover {

void record_treatments(GstBuffer* buffer, const Plan& plan, Method method,
                       std::span<const Overlay> overlays) {
  const Treatment alone = method == Method::fill ? Treatment::covered : Treatment::blurred;
  for (std::size_t i = 0; i < plan.faces.size(); ++i) {
    const PlannedFace& planned = plan.faces[i];
    if (planned.mask.bounds.empty() || planned.foreign)
      continue;
    if (i < overlays.size() && !overlays[i].alpha.empty())
      record_treatment(buffer, planned.face.id, overlays[i].treatment, overlays[i].target);
    else
      record_treatment(buffer, planned.face.id, alone, {});
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
