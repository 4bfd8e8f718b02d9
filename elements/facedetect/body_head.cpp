#include "elements/facedetect/body_head.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace deid::facedetect {

namespace {

enum Point : std::size_t { nose, left_eye, right_eye, left_ear, right_ear, left_shoulder, right_shoulder };

struct Measured {
  cv::Point2f centre{};
  float side = 0.F;
};

class Points {
public:
  explicit Points(const models::Body& body) : body_(body) {}

  [[nodiscard]] bool seen(std::size_t i) const { return body_.points[i].score >= tuning::point_score; }
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
    if (count < tuning::points_needed)
      return std::nullopt;
    return Measured{sum / count, std::max({tuning::by_ears * ears(), tuning::by_nose * nose_to_ear(),
                                           tuning::by_eyes * between(left_eye, right_eye),
                                           tuning::by_shoulders * between(left_shoulder, right_shoulder)})};
  }
  /// Whether left and right are exchanged, relative to the head's up, and the nose is between the ears.
  [[nodiscard]] bool from_behind(cv::Point2f centre) const {
    const cv::Point2f up = centre - (at(left_shoulder) + at(right_shoulder)) / 2;
    const auto sine = [&](std::size_t left, std::size_t right) {
      const cv::Point2f across = at(left) - at(right);
      const auto lengths = static_cast<float>(cv::norm(up) * cv::norm(across));
      return lengths > 0 ? (up.x * across.y - up.y * across.x) / lengths : 0.F;
    };
    return sine(left_shoulder, right_shoulder) < tuning::mirrored &&
           sine(left_ear, right_ear) < tuning::mirrored && nose_to_ear() < tuning::nose_between * ears();
  }

private:
  const models::Body& body_;
};

} // namespace

std::optional<Head> head_of(const models::Body& body, float cell) {
  const Points points(body);
  const float quality = points.quality();
  if (quality < (body.score >= tuning::sure_person ? tuning::sure_enough : tuning::sure_points))
    return std::nullopt;
  const auto measured = points.measure();
  if (!measured || !(measured->side >= tuning::smallest_head * cell))
    return std::nullopt;
  const float half = measured->side / 2;
  return Head{{measured->centre.x - half, measured->centre.y - half, measured->side, measured->side},
              quality,
              points.from_behind(measured->centre)};
}

} // namespace deid::facedetect
