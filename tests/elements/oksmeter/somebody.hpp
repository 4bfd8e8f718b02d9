#pragma once
#include "elements/measures/coco/pairing.hpp"
#include <cmath>

namespace deid::test {

/// Somebody of COCO's 17 points, 100 px wide and 160 high, whose right wrist goes up and down.
inline Person somebody(std::uint32_t id, float left, float top, double time) {
  Person person{.id = id, .box = {left, top, 100, 160}, .score = .9F, .set = KeypointSet::coco17};
  for (int i = 0; i < 17; ++i)
    person.points.push_back(
        {left + static_cast<float>(i % 3) * 50, top + static_cast<float>(i) * 10, .9F, true});
  person.points[10].y += static_cast<float>(8 * std::sin(2 * 3.14159265 * 5 * time));
  return person;
}

inline PoseFrame frame_of(Stage stage, std::vector<Person> people) {
  return {.width = 640,
          .height = 480,
          .stage = stage,
          .people = std::move(people),
          .detector = "a test",
          .smoothing = "none"};
}

inline coco::Seen seen(std::int64_t time, Stage stage, std::vector<Person> people) {
  return {time, frame_of(stage, std::move(people)), {}};
}

} // namespace deid::test
