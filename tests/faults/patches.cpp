#include "tests/faults/patches.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::test {

Leak patches(const Original& source, const cv::Mat& left) {
  constexpr int side = 8, most_others = side * side / 8;
  constexpr double least_structure = 8; // levels; a blur matches weaker slopes by chance
  Leak sum;
  if (left.size() != source.luma.size())
    return sum;
  for (int y = 0; y + side <= left.rows; y += side / 2)
    for (int x = 0; x + side <= left.cols; x += side / 2) {
      const cv::Rect patch(x, y, side, side);
      cv::Scalar mean, structure;
      cv::meanStdDev(source.luma(patch), mean, structure);
      if (cv::countNonZero(source.face(patch)) < side * side || structure[0] < least_structure)
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
