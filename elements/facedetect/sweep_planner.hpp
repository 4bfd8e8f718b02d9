#pragma once
#include "elements/facedetect/finder.hpp"
#include <opencv2/core.hpp>
#include <vector>

namespace deid::facedetect {

/// Decides where and when the strong detector looks. Everything at the start and on a cut; then one job at a time, in turn,
/// on a period that stretches while nothing moves; at once when a face was lost.
class SweepPlanner {
public:
  struct Situation {
    bool cut = false;        ///< a new scene began
    bool face_lost = false;  ///< a face was lost in this frame or is being missed
    float novelty = 1.F;     ///< share of the picture changed since the last sweep [0..1]
    int period = 12;         ///< frames
  };
  /// frame: its size; sweep_area: px that one run of the detector resolves fully; larger frames are also looked at in tiles.
  void reset(cv::Size frame, int sweep_area);
  /// The jobs for this frame; none on most frames.
  std::vector<SweepJob> plan(const Situation& situation);
  /// The turned looks at the whole frame, for a new scene in which no upright face was found.
  [[nodiscard]] std::vector<SweepJob> turned() const;
  /// Frames since any sweep.
  [[nodiscard]] int age() const { return age_; }

private:
  [[nodiscard]] SweepJob next_in_turn();

  cv::Rect whole_{};
  std::vector<cv::Rect> tiles_{};
  bool fresh_ = true;
  int age_ = 0;
  std::size_t turn_ = 0, tile_ = 0, rotation_ = 0;
};

/// Tiles that cover the frame with an overlap, each at most `side_factor` of a frame side; none when the frame is small enough.
std::vector<cv::Rect> tiles_for(cv::Size frame, int sweep_area);

} // namespace deid::facedetect
