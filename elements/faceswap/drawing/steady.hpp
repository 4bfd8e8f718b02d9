#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Landmarks without their noise: a point that hardly moved follows slowly, one that moved far at once, so
/// that skin does not tremble and nothing lags (the idea of the 1-Euro filter; Casiez, Roussel and Vogel
/// 2012). What moves is judged after the whole head's movement is taken out, and that movement as a whole.
/// Threads: one at a time.
class Steady {
public:
  /// landmarks: 468, finite, frame px, of the next frame of one person; back come as many. A jump, another
  /// number of points or the first call starts anew and gives them back as they are.
  std::vector<cv::Point3f> follow(const std::vector<cv::Point3f>& landmarks);

private:
  std::vector<cv::Point3f> last_{};
};

} // namespace deid::faceswap
