#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Takes the noise out of landmarks. A point that hardly moved follows slowly, and a point that moved far
/// follows at once, so skin does not tremble and nothing lags (the idea of the 1-Euro filter; Casiez, Roussel
/// and Vogel 2012). The movement of the head is filtered as a whole, and the movement of each point relative
/// to the head. Thread: one at a time.
class Steady {
public:
  /// Returns the filtered landmarks. landmarks: 468, finite, frame px, of the next frame of one person. The
  /// first call, a jump, or another number of points starts again and returns the landmarks unchanged.
  std::vector<cv::Point3f> follow(const std::vector<cv::Point3f>& landmarks);

private:
  std::vector<cv::Point3f> last_{};
};

} // namespace deid::faceswap
