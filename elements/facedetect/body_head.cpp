#include "elements/facedetect/body_head.hpp"
#include "elements/facedetect/geometry.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace deid::facedetect {

namespace {

enum Point : std::size_t { nose, left_eye, right_eye, left_ear, right_ear, left_shoulder, right_shoulder };

// Least score of a point, and least number of points among nose, eyes and ears for a head.
constexpr float point_score = 0.2F;
constexpr int points_needed = 3;
// Least mean score of the three best points of a head: sure_enough when the body's score is at least
// sure_person, otherwise sure_points.
constexpr float sure_person = 0.5F, sure_enough = 0.3F, sure_points = 0.36F;
// Side of the head's box in multiples of distances between its points. The factors were chosen by eye on the
// faces of 45 people in 35 pictures.
constexpr float by_ears = 1.6F, by_nose = 1.9F, by_eyes = 3.2F, by_shoulders = 0.55F;
constexpr float smallest = 3.F; // side of the box, in cells of the network's map; a cell is 4 input px
// Largest sine of the angle from the head's up to the line from right to left, when the head is seen from
// behind.
constexpr float mirrored = -0.5F;
// Seen from behind, the network puts the nose between the ears. In profile the nose is far from the visible
// ear.
constexpr float nose_between = 0.8F;

struct Measured {
  cv::Point2f centre{};
  float side = 0.F;
};

class Points {
public:
  explicit Points(const models::Body& body) : body_(body) {}

  [[nodiscard]] bool seen(std::size_t i) const { return body_.points[i].score >= point_score; }
  [[nodiscard]] cv::Point2f at(std::size_t i) const { return body_.points[i].at; }
  /// Distance of two points, px; 0 when one of them is missing.
  [[nodiscard]] float between(std::size_t a, std::size_t b) const {
    return seen(a) && seen(b) ? static_cast<float>(cv::norm(at(a) - at(b))) : 0.F;
  }
  [[nodiscard]] float ears() const { return between(left_ear, right_ear); }
  [[nodiscard]] float nose_to_ear() const {
    return std::max(between(nose, left_ear), between(nose, right_ear));
  }
  [[nodiscard]] float quality() const {
    std::array<float, 5> scores{};
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] = body_.points[i].score;
    std::ranges::sort(scores, std::greater{});
    return (scores[0] + scores[1] + scores[2]) / 3;
  }
  [[nodiscard]] std::optional<Measured> measure() const {
    cv::Point2f sum{};
    int count = 0;
    for (std::size_t i = nose; i <= right_ear; ++i)
      if (seen(i)) {
        sum += at(i);
        ++count;
      }
    if (count < points_needed)
      return std::nullopt;
    return Measured{sum / count, std::max({by_ears * ears(), by_nose * nose_to_ear(),
                                           by_eyes * between(left_eye, right_eye),
                                           by_shoulders * between(left_shoulder, right_shoulder)})};
  }
  /// Whether left and right are exchanged, relative to the head's up, and the nose is between the ears.
  [[nodiscard]] bool from_behind(cv::Point2f centre) const {
    const cv::Point2f up = centre - (at(left_shoulder) + at(right_shoulder)) / 2;
    const auto sine = [&](std::size_t left, std::size_t right) {
      const cv::Point2f across = at(left) - at(right);
      const auto lengths = static_cast<float>(cv::norm(up) * cv::norm(across));
      return lengths > 0 ? (up.x * across.y - up.y * across.x) / lengths : 0.F;
    };
    return sine(left_shoulder, right_shoulder) < mirrored && sine(left_ear, right_ear) < mirrored &&
           nose_to_ear() < nose_between * ears();
  }

private:
  const models::Body& body_;
};

} // namespace

std::optional<Head> head_of(const models::Body& body, float cell) {
  const Points points(body);
  const float quality = points.quality();
  if (quality < (body.score >= sure_person ? sure_enough : sure_points))
    return std::nullopt;
  const auto measured = points.measure();
  if (!measured || !(measured->side >= smallest * cell))
    return std::nullopt;
  const float half = measured->side / 2;
  return Head{{measured->centre.x - half, measured->centre.y - half, measured->side, measured->side},
              quality,
              points.from_behind(measured->centre)};
}

} // namespace deid::facedetect
