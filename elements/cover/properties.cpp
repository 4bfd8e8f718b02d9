#include "elements/cover/properties.hpp"

namespace deid::cover {

namespace {

using Table = PropertyTable<Settings>;

void add_all(Table& table) {
  table.choice(
      {"shape", "Shape", "Shape of the covered area of a face"}, Mutable::playing, shape_type,
      [](auto& s) -> auto& { return s.shape; });
  table.number(
      {"margin", "Margin", "Share of the face's size that is added on each side"}, Mutable::playing,
      [](auto& s) -> auto& { return s.margin; }, 0.F, 2.F);
  table.choice(
      {"on-doubt", "On doubt", "What happens to a frame in doubt"}, Mutable::playing, on_doubt_type,
      [](auto& s) -> auto& { return s.on_doubt; });
  table.choice(
      {"tags", "Tags", "Whether to drop or keep tags, chapters and other data beside the frames"},
      Mutable::ready, tags_type, [](auto& s) -> auto& { return s.tags; });
  table.text(
      {"audit", "Audit file",
       "Audit file: one JSON line per frame with its faces and what was done to them (empty: off)"},
      Mutable::ready, [](auto& s) -> auto& { return s.audit; });
}

} // namespace

const PropertyTable<Settings>& properties() {
  static const Table table = [] {
    Table all;
    add_all(all);
    return all;
  }();
  return table;
}

} // namespace deid::cover
