#pragma once
#include "elements/facedetect/attention.hpp"
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/settings.hpp"
#include <opencv2/core.hpp>
#include <vector>

namespace deid::facedetect {

/// Plans the sweeps. A scene's first frame gets all jobs. Later frames get one job per period: the whole
/// frame, sometimes rotated. The period is longer while nothing moves. In large frames, the window that
/// changed most is swept twice per period. A vanished face is searched at once. Not thread-safe.
class SweepPlanner {
public:
  struct Situation {
    bool cut = false;           ///< first frame of a scene
    Step step{};                ///< from the previous frame
    bool face_lost = false;     ///< a face was lost in this frame or not long ago
    bool face_vanished = false; ///< a face was lost in this frame, and its place no longer looks like it
    bool nobody = false;        ///< no face is visible
    bool sudden = false;        ///< see SceneCutDetector::Change
    float novelty = 1.F;        ///< share of the picture that changed since the last sweep [0..1]
    int most_change = 255;      ///< see SceneCutDetector::Change::most
    int period = 12;            ///< beats
  };
  /// Starts a new stream. frame: its size, px. sweep_area: px that one run of CenterFace resolves fully;
  /// larger frames are also swept in tiles and windows. slow_source: the stream's own frame rate puts its
  /// frames apart.
  void reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source = false);
  /// Returns the jobs of this frame; most frames have none. Requires: called once a frame, in order.
  std::vector<SweepJob> plan(const Situation& situation, const Fingerprint& picture);

private:
  [[nodiscard]] SweepJob whole_in_turn();
  /// Live, a periodic sweep must be cheap, because the frame has other work.
  [[nodiscard]] Sight periodic_sight() const { return pace_ == Pace::live ? Sight::quick : Sight::fine; }
  [[nodiscard]] std::vector<SweepJob> whole_scene() const;
  [[nodiscard]] std::vector<SweepJob> periodic(const Situation& situation);
  /// Whether a live frame has time for a sweep between the periods, and one is due.
  [[nodiscard]] bool can_spare(const Situation& situation) const;
  [[nodiscard]] std::vector<SweepJob> apart(const Situation& situation);

  cv::Rect whole_{};
  std::vector<cv::Rect> tiles_{};
  Attention attention_{};
  Pace pace_ = Pace::ahead;
  bool slow_source_ = false;
  bool fresh_ = true;
  bool searched_ = false; ///< all jobs have run on this picture; kept only while frames are apart
  int age_ = 0;
  int spare_age_ = 0; ///< beats since the whole frame was looked at for any reason
  int window_age_ = 0;
  int scene_age_ = 0; ///< beats since the scene began
  std::size_t looks_ = 0, rotation_ = 0;
};

/// Input side of the window network, px, and side of the window in frame px: it is scaled down as tiles are.
constexpr int window_input = 416;
constexpr int window_side = window_input * 3 / 2;

/// Returns overlapping tiles that cover the frame, frame px; none when one sweep resolves the frame.
std::vector<cv::Rect> tiles_for(cv::Size frame, int sweep_area);

} // namespace deid::facedetect
