#include "elements/faceswap/choice/face_selection.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>
#include <charconv>

namespace deid::faceswap {

namespace {

using Who = FaceSelection::Who;
constexpr std::pair<const char*, Who> names[] = {
    {"everyone", Who::everyone}, {"largest", Who::largest}, {"left", Who::left}, {"right", Who::right}};

float middle(const FaceRegion& face) {
  return face.box.x + face.box.width / 2;
}

/// Returns how well a face fits the selection: its area [px^2] or its place [px].
float claim(const FaceRegion& face, Who who) {
  if (who == Who::largest)
    return face.box.area();
  return who == Who::left ? -middle(face) : middle(face);
}

bool clearly(const FaceRegion& other, const FaceRegion& holder, Who who) {
  if (who == Who::largest)
    return other.box.area() > tuning::selection::clearly_larger * holder.box.area();
  return claim(other, who) > claim(holder, who) + tuning::selection::clearly_beside * holder.box.width;
}

} // namespace

std::optional<FaceSelection> parse_selection(const std::string& text) {
  for (const auto& [name, who] : names)
    if (text == name)
      return FaceSelection{who, {}};
  FaceSelection selection{Who::ids, {}};
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::uint32_t id = 0;
    const char* last = text.data() + end;
    const auto [stop, error] = std::from_chars(text.data() + at, last, id);
    if (error != std::errc() || stop != last)
      return {};
    selection.ids.insert(id);
    at = end + 1;
  }
  return selection;
}

void FaceSelector::elect(std::span<const FaceRegion> faces, Who who) {
  const auto best = std::max_element(faces.begin(), faces.end(), [who](const auto& a, const auto& b) {
    return claim(a, who) < claim(b, who);
  });
  const auto holder =
      std::find_if(faces.begin(), faces.end(), [this](const FaceRegion& f) { return holder_ == f.id; });
  if (holder == faces.end()) {
    beaten_ = 0;
    if (holder_ && ++absent_ <= tuning::selection::patience)
      return; // the holder is hidden for a moment; no other face takes over
    holder_.reset();
    absent_ = 0;
    if (best != faces.end())
      holder_ = best->id;
    return;
  }
  absent_ = 0;
  beaten_ = clearly(*best, *holder, who) ? beaten_ + 1 : 0;
  if (beaten_ > tuning::selection::patience) {
    holder_ = best->id;
    beaten_ = 0;
  }
}

std::vector<bool> FaceSelector::frame(std::span<const FaceRegion> faces, const FaceSelection& selection) {
  if (!(selection == last_))
    flush();
  last_ = selection;
  if (selection.who != Who::everyone && selection.who != Who::ids)
    elect(faces, selection.who);
  std::vector<bool> result;
  for (const FaceRegion& face : faces)
    result.push_back(selection.who == Who::everyone ||
                     (selection.who == Who::ids ? selection.ids.contains(face.id) : holder_ == face.id));
  return result;
}

void FaceSelector::flush() {
  holder_.reset();
  absent_ = beaten_ = 0;
}

} // namespace deid::faceswap
