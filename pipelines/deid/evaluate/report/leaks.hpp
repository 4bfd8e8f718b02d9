#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Whether a face left as it came: an independent detector says where faces are, pixels say whether they
/// changed.
namespace deid::evaluate {

constexpr int same = 2;            ///< a sample that differs by no more is the original's
constexpr double inner = .6;       ///< share of a face's box, as an ellipse, that is surely face
constexpr double inner_shown = .1; ///< share of it that may stay
constexpr double mark_radius =
    .1; ///< of the box's width: neighbourhood of an eye, the nose, a corner of the mouth
constexpr double mark_shown = .5; ///< share of a neighbourhood from which it counts as shown
constexpr double closing =
    .15; ///< of the box's width: unchanged places narrower than this do not count. A blur leaves
         ///< flat skin equal here and there, a swap keeps the person's own eyes and mouth
constexpr float sure = .5F; ///< score from which the detector's word counts as a face

/// What the independent detector saw.
struct Seen {
  cv::Rect2f box{};                 ///< px
  float score = 0;                  ///< [0..1]
  std::vector<cv::Point2f> marks{}; ///< eyes, nose, corners of the mouth, or none
};

/// How much of a face is as it was.
struct Shown {
  double inner = 0; ///< share of the inner ellipse [0..1]
  double mark = 0;  ///< greatest share around a landmark [0..1]
  [[nodiscard]] bool leak() const { return inner > inner_shown || mark > mark_shown; }
};
/// Both CV_8UC1 of one size. Nothing when less than a fifth of the inner ellipse is in the frame. Throws
/// std::invalid_argument on pictures of different kinds.
std::optional<Shown> shown(const cv::Mat& original, const cv::Mat& result, const Seen& face);

/// One face in one frame that somebody should look at.
struct Risk {
  std::int64_t frame = 0, pts = 0; ///< [ns]
  cv::Rect2f box{};
  float score = 0;
  Shown shown{};
};

} // namespace deid::evaluate
