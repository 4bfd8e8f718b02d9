#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Finds faces that left unchanged: an independent detector finds the faces, and their pixels are compared.
namespace deid::evaluate {

constexpr int same = 2;            ///< largest difference of a sample that counts as unchanged
constexpr double inner = .6;       ///< size of the inner ellipse, which is surely face, relative to the box
constexpr double inner_shown = .1; ///< largest share of the inner ellipse that may be unchanged
constexpr double mark_radius =
    .1; ///< of the box's width: radius around an eye, the nose, a corner of the mouth
constexpr double mark_shown = .5; ///< a neighbourhood counts as shown above this unchanged share
constexpr double closing =
    .15; ///< of the box's width: unchanged places narrower than this do not count. A blur leaves flat skin
         ///< unchanged in places; a swap keeps the person's own eyes and mouth.
constexpr float sure = .5F; ///< least score of the detector for a face

/// A face that the independent detector found.
struct Seen {
  cv::Rect2f box{};                 ///< px
  float score = 0;                  ///< [0..1]
  std::vector<cv::Point2f> marks{}; ///< eyes, nose, corners of the mouth, or none
};

/// How much of a face is unchanged.
struct Shown {
  double inner = 0; ///< share of the inner ellipse [0..1]
  double mark = 0;  ///< greatest share around a landmark [0..1]
  [[nodiscard]] bool leak() const { return inner > inner_shown || mark > mark_shown; }
};
/// original, result: CV_8UC1 of one size. Returns nothing when less than a fifth of the inner ellipse is in
/// the frame. Throws std::invalid_argument on pictures of different kinds.
std::optional<Shown> shown(const cv::Mat& original, const cv::Mat& result, const Seen& face);

/// One face in one frame that a person should check.
struct Risk {
  std::int64_t frame = 0, pts = 0; ///< [ns]
  cv::Rect2f box{};
  float score = 0;
  Shown shown{};
};

} // namespace deid::evaluate
