#pragma once
#include "elements/meta/pose.hpp"
#include <cstdint>

namespace deid::test {

/// A person with all 17 points in a column of the given height: point i at (x + i, y + height * i / 16).
inline Person column(std::uint32_t id, float x, float y, float height, float score = .9F) {
  Person person{.id = id, .score = score, .set = KeypointSet::coco17};
  for (int i = 0; i < 17; ++i)
    person.points.push_back(
        {x + static_cast<float>(i), y + height * static_cast<float>(i) / 16, score, true});
  person.box = {x, y, 16, height};
  return person;
}

} // namespace deid::test
