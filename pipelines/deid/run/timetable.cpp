#include "pipelines/deid/run/timetable.hpp"
#include <algorithm>

namespace deid::cli {

Timetable::Timetable(const Film& film, bool gaps) : film_(film), gaps_(gaps) {
  const auto first = std::ranges::find(film.frames, true, &FilmFrame::shown);
  begin_ = first == film.frames.end() ? 0 : first->time;
}

/// A picture that is more than three quarters of a step late is a later one of the film.
void Timetable::skip_missing(std::int64_t own) {
  const auto& frames = film_.frames;
  if (own < 0 || frames.empty())
    return;
  if (decoded_ == 0)
    first_own_ = own;
  const auto at = [&](std::size_t i) { return frames[i].stream - frames.front().stream; };
  while (next_ + 1 < frames.size() && 4 * (own - first_own_ - at(next_)) > 3 * (at(next_ + 1) - at(next_)) &&
         at(next_ + 1) > at(next_))
    ++next_;
}

Timetable::Slot Timetable::slot(std::size_t i) const {
  const FilmFrame& f = film_.frames[i];
  if (!f.shown)
    return {Kind::hidden, 0, 0};
  const auto after = std::find_if(film_.frames.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                  film_.frames.end(), [](const FilmFrame& g) { return g.shown; });
  const std::int64_t end = after == film_.frames.end() ? film_.end : after->time;
  return {Kind::shown, f.time - begin_, std::max<std::int64_t>(0, end - f.time)};
}

Timetable::Slot Timetable::next(std::int64_t own) {
  if (gaps_)
    skip_missing(own);
  ++decoded_;
  return next_ < film_.frames.size() ? slot(next_++) : Slot{};
}

} // namespace deid::cli
