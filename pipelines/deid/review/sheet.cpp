#include "pipelines/deid/review/sheet.hpp"
#include "pipelines/deid/review/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::review {

namespace {

using Box = std::optional<cv::Rect2d>;

cv::Rect2d between(const cv::Rect2d& a, const cv::Rect2d& b, double share) {
  const auto mid = [share](double from, double to) { return from + share * (to - from); };
  return {mid(a.x, b.x), mid(a.y, b.y), mid(a.width, b.width), mid(a.height, b.height)};
}

/// The covers of one person, frame by frame.
class Covers {
public:
  Covers(const Audited& audited, int person) : audited_(audited), person_(person) {}

  /// A cover, and for how many frames nothing tells where the face went from there.
  struct Place {
    cv::Rect2d box{};
    int astray = 0;
  };

  /// The cover in a frame, or where it should be by those before and after.
  [[nodiscard]] std::optional<Place> at(int frame) const {
    if (const Box here = exactly(frame))
      return Place{*here};
    const int before = nearest(frame, -1), after = nearest(frame, 1);
    if (before >= 0 && after >= 0)
      return Place{
          between(*exactly(before), *exactly(after), static_cast<double>(frame - before) / (after - before))};
    if (before >= 0)
      return Place{*exactly(before), frame - before};
    return after >= 0 ? std::optional(Place{*exactly(after), after - frame}) : std::nullopt;
  }

private:
  [[nodiscard]] Box exactly(int frame) const {
    for (const KnownFace& face : audited_.frames[static_cast<std::size_t>(frame)].faces)
      if (static_cast<int>(face.id) == person_)
        return face.box;
    return std::nullopt;
  }
  [[nodiscard]] int nearest(int frame, int step) const {
    const int frames = static_cast<int>(audited_.frames.size());
    for (int i = frame + step, n = 0; i >= 0 && i < frames && n <= tuning::longest_gap; i += step, ++n)
      if (exactly(i))
        return i;
    return -1;
  }
  const Audited& audited_;
  int person_;
};

/// The square around a place, with this much free at each side, moved into the frame.
cv::Rect2d part_around(const cv::Rect2d& place, double free, cv::Size size) {
  const double least = std::min<double>(tuning::least_part, std::min(size.width, size.height));
  const auto side = [&](double extent, double most) {
    return std::min(most, std::max(least, extent + 2 * free));
  };
  const double wanted = std::max(place.width, place.height);
  const cv::Size2d part(side(wanted, size.width), side(wanted, size.height));
  const cv::Point2d middle(place.x + place.width / 2, place.y + place.height / 2);
  return {std::clamp(middle.x - part.width / 2, 0., size.width - part.width),
          std::clamp(middle.y - part.height / 2, 0., size.height - part.height), part.width, part.height};
}

bool holds(const cv::Rect2d& part, const cv::Rect2d& place) {
  return (part & place).area() >= .999 * place.area();
}

/// What a person has to see of a place in a frame, and how much has to be free around it.
struct View {
  cv::Rect2d seen{};
  double free = 0;
};

View view_of(const Moment::Place& place, const Covers& covers, int frame, const cv::Rect2d& whole) {
  View view{*place.box & whole};
  view.free = tuning::around * std::max(view.seen.width, view.seen.height);
  const auto cover = place.person ? covers.at(frame) : std::nullopt;
  if (!cover)
    return view;
  const double face = std::max(cover->box.width, cover->box.height);
  view.free = face * (tuning::around + tuning::walks * cover->astray);
  view.seen |= cover->box & whole;
  return view;
}

bool is_shown(const std::vector<Tile>& tiles, int frame, const cv::Rect2d& place) {
  return std::ranges::any_of(
      tiles, [&](const Tile& tile) { return tile.frame == frame && holds(tile.part, place); });
}

/// Adds the frames of one place that no tile shows yet.
void add(const Moment::Place& place, const Audited& audited, std::vector<Tile>& tiles) {
  const cv::Rect2d whole({}, cv::Size2d(audited.size()));
  const Covers covers(audited, place.person.value_or(-1));
  for (int frame = place.first; frame <= place.last; ++frame) {
    if (frame == place.edge) // the cover's first or last frame: it is covered
      continue;
    const View view = place.box ? view_of(place, covers, frame, whole) : View{whole};
    if (!is_shown(tiles, frame, view.seen))
      tiles.push_back({frame, place.box ? part_around(view.seen, view.free, audited.size()) : whole});
  }
}

/// What a person asks of the pictures of these reasons.
Question question_of(const std::string& reason) {
  if (reason == "near-limit" || reason == "changed")
    return Question::different;
  return reason == "doubt" ? Question::covered : Question::face;
}

} // namespace

std::vector<Tile> tiles_of(const Moment& moment, const Audited& audited) {
  std::vector<Tile> tiles;
  for (const Moment::Place& place : moment.places)
    add(place, audited, tiles);
  return tiles;
}

Sheet next_sheet(const Moments& moments, const Audited& audited,
                 const std::function<bool(const Moment&)>& is_open) {
  Sheet sheet;
  std::size_t count = 0;
  for (std::size_t i = 0; i < moments.shown.size(); ++i) {
    const Moment& moment = moments.shown[i];
    if (!is_open(moment))
      continue;
    const std::vector<Tile> tiles = tiles_of(moment, audited);
    if (count > 0 && count + tiles.size() > tuning::sheet_tiles)
      break;
    count += tiles.size();
    const Question question = question_of(moment.main.reason);
    auto strip = std::ranges::find(sheet, question, &Strip::question);
    if (strip == sheet.end())
      strip = sheet.insert(sheet.end(), Strip{question, {}, {}});
    strip->moments.push_back(i);
    for (const Tile& tile : tiles)
      strip->tiles.push_back({tile.frame, tile.part, i});
  }
  return sheet;
}

std::vector<Tile> tiles_of_person(int person, const People& people, const Audited& audited) {
  std::vector<Tile> all;
  for (std::size_t i = 0; i < audited.frames.size(); ++i) {
    const int frame = static_cast<int>(i);
    for (const KnownFace& face : audited.frames[i].faces)
      if (people.at(face.id, frame) == person) {
        const double free = tuning::around * std::max(face.box.width, face.box.height);
        all.push_back({frame, part_around(face.box, free, audited.size())});
        break;
      }
  }
  std::vector<Tile> chosen;
  const std::size_t count = std::min(all.size(), tuning::sheet_tiles);
  for (std::size_t i = 0; i < count; ++i)
    chosen.push_back(all[count > 1 ? i * (all.size() - 1) / (count - 1) : 0]);
  return chosen;
}

} // namespace deid::review
