#pragma once
#include "elements/facedetect/attention.hpp"
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/settings.hpp"
#include <opencv2/core.hpp>
#include <vector>

namespace deid::facedetect {

/// Decides where and when the strong detector looks. Everything at the start and on a cut; then one job at a
/// time on a period that stretches while nothing moves: the whole frame, now and then turned; in large
/// frames, as often, the window that changed most. At once when a face was lost.
class SweepPlanner {
public:
  struct Situation {
    bool cut = false;           ///< a new scene began
    Step step{};                ///< from the frame before
    bool face_lost = false;     ///< a face was lost in this frame or is being missed
    bool face_vanished = false; ///< a face was lost in this frame, and its place does not look like it
    bool nobody = false;        ///< no face is in sight
    bool sudden = false;        ///< see Scene::Change
    float novelty = 1.F;        ///< share of the picture changed since the last sweep [0..1]
    int most_change = 255;      ///< see Scene::Change::most
    int period = 12;            ///< beats
  };
  /// frame: its size; sweep_area: px that one run of the detector resolves fully; larger frames are also
  /// looked at in tiles and windows. slow_source: all frames come apart, whatever looking costs.
  void reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source = false);
  /// The jobs for this frame; none on most frames.
  std::vector<SweepJob> plan(const Situation& situation, const Fingerprint& picture);

private:
  [[nodiscard]] SweepJob whole_in_turn();
  /// Live, a look on the period must leave the frame time for everything else.
  [[nodiscard]] Sight periodic_sight() const { return pace_ == Pace::live ? Sight::quick : Sight::fine; }
  [[nodiscard]] std::vector<SweepJob> whole_scene() const;
  [[nodiscard]] std::vector<SweepJob> periodic(const Situation& situation);
  /// Live, beats after which the whole frame is looked at again because no face is in sight.
  [[nodiscard]] int empty_interval(const Situation& situation) const;
  [[nodiscard]] std::vector<SweepJob> apart(const Situation& situation);

  cv::Rect whole_{};
  std::vector<cv::Rect> tiles_{};
  Attention attention_{};
  Pace pace_ = Pace::ahead;
  bool slow_source_ = false;
  bool fresh_ = true;
  bool searched_ = false; ///< the last look at the whole frame was part of a search for everything
  int age_ = 0;           ///< beats since any sweep
  int window_age_ = 0;
  int scene_age_ = 0; ///< beats since the scene began
  std::size_t looks_ = 0, rotation_ = 0;
};

/// Side of the square window of a close look, frame px: its network's input, shrunk as much as tiles are.
constexpr int window_input = 416;
constexpr int window_side = window_input * 3 / 2;

/// Tiles that cover the frame with an overlap; none when the frame is small enough for one sweep.
std::vector<cv::Rect> tiles_for(cv::Size frame, int sweep_area);

} // namespace deid::facedetect
