#include "tests/faults/patches.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::test {

namespace {

/// Returns the standard deviation from the plane that fits the patch best, levels.
double beside_plane(const cv::Mat& patch) {
  cv::Mat design(static_cast<int>(patch.total()), 3, CV_64F),
      values(static_cast<int>(patch.total()), 1, CV_64F);
  for (int i = 0; i < design.rows; ++i) {
    const int x = i % patch.cols, y = i / patch.cols;
    design.at<double>(i, 0) = 1;
    design.at<double>(i, 1) = x;
    design.at<double>(i, 2) = y;
    values.at<double>(i) = patch.at<std::uint8_t>(y, x);
  }
  cv::Mat plane;
  cv::solve(design, values, plane, cv::DECOMP_QR);
  return cv::norm(values - design * plane) / std::sqrt(design.rows);
}

} // namespace

Leak patches(const Original& source, const cv::Mat& left) {
  constexpr int side = 8, most_others = side * side / 8;
  constexpr double least_structure = 8; // levels; a blur matches weaker slopes by chance
  constexpr double least_feature = 3; // levels; a slope of light alone shows nobody, and a swap has the same
  Leak sum;
  if (left.size() != source.luma.size())
    return sum;
  for (int y = 0; y + side <= left.rows; y += side / 2)
    for (int x = 0; x + side <= left.cols; x += side / 2) {
      const cv::Rect patch(x, y, side, side);
      cv::Scalar mean, structure;
      cv::meanStdDev(source.luma(patch), mean, structure);
      if (cv::countNonZero(source.face(patch)) < side * side || structure[0] < least_structure ||
          beside_plane(source.luma(patch)) < least_feature)
        continue;
      cv::Mat away;
      cv::absdiff(source.luma(patch), left(patch), away);
      sum.face += side * side;
      if (cv::countNonZero(away > 2) <= most_others)
        sum.original += side * side;
    }
  return sum;
}

} // namespace deid::test
