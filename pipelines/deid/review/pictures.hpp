#pragma once
#include "elements/meta/fingerprint.hpp"
#include "pipelines/deid/review/follow.hpp"
#include "pipelines/deid/review/frames.hpp"
#include <map>

namespace deid::review {

/// The reduced pictures of a video, for following. Steps back are read in pieces. Thread: one at a time.
class Pictures {
public:
  /// Throws Failure when the video cannot be read or has another number of frames.
  Pictures(const std::filesystem::path& video, int frames);

  /// Follows a box of px of the video from a frame towards another.
  Followed follow(int from, int to, const cv::Rect2d& box);

private:
  cv::Mat at(int frame);
  const Fingerprint& fingerprint_at(int frame);
  void read(int frame);

  Frames frames_;
  double scale_ = 1;
  struct Kept {
    cv::Mat gray;
    Fingerprint fingerprint;
  };
  std::map<int, Kept> kept_{};
};

} // namespace deid::review
