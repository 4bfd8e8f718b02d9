#pragma once
#include "elements/facedetect/counts.hpp"
#include "elements/facedetect/head_search.hpp"
#include "elements/facedetect/mesh_limit.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/pending_frame.hpp"
#include "elements/facedetect/refusals.hpp"
#include "elements/facedetect/scene_memory.hpp"
#include "elements/facedetect/settings.hpp"
#include "elements/facedetect/sweep_planner.hpp"
#include "elements/facedetect/track.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include <deque>
#include <vector>

namespace deid::facedetect {

/// A stream of at most this many frames is searched like a still picture.
constexpr int still_frames = 8;

/// Detects and tracks faces frame by frame, and back-fills them into the frames that still wait.
/// Not thread-safe. Exceptions of the finder pass through; then the frame must not leave.
class Tracker {
public:
  explicit Tracker(Finder& finder);

  /// Forgets all tracks: for a new stream, a new size or a seek. sweep_area: px that one run of CenterFace
  /// resolves. slow_source: the stream's own frame rate puts its frames apart (apart_from).
  void reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source = false);

  /// Detects in pending.back() and completes the faces of all pending frames. Requires: called once for each
  /// frame, in order; at least the new frame in `pending`.
  void step(std::deque<PendingFrame>& pending, const Settings& settings);

  /// Call it at the end of the stream. When the stream has at most still_frames frames and the pace is not
  /// `live`, it searches the last frame with every_look() and completes the faces of all pending frames.
  /// Otherwise it does nothing.
  void finish(std::deque<PendingFrame>& pending);

  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Adds the frame to counts(). Requires: called once for each frame that leaves.
  void count(const PendingFrame& frame) { facedetect::count(counts_, frame); }

private:
  /// Whether a sweep is one of the planned ones, or a search of a still: then no sighting removes a face's
  /// landmarks (see shown_by_mesh), and no bodies are searched.
  enum class Search : std::uint8_t { planned, still };

  void look_around(const Moment& moment, const SceneCutDetector::Change& change);
  void glance(const Moment& moment);
  void sweep(const Moment& moment, const std::vector<SweepJob>& jobs, Search search);
  /// With a lookahead: searches a scene's first frame closer when it has no face, or a body without a face.
  void search_scene(const Moment& moment);
  [[nodiscard]] SweepPlanner::Situation situation(const Moment& moment,
                                                  const SceneCutDetector::Change& change) const;
  /// Writes the regions of the newest frame, and those of its new faces into the frames before.
  void complete(std::deque<PendingFrame>& pending);

  MeshLimit finder_;
  Settings settings_{};
  SceneCutDetector scene_;
  SceneMemory memory_;
  LastFrame last_{};
  SweepPlanner planner_;
  HeadSearch heads_;
  Refusals refusals_;
  int frames_ = 0;                  ///< since the last reset
  std::int64_t searched_until_ = 0; ///< ns; no closer scene search before this time
  int sweep_area_ = 0;              ///< px
  Pace pace_ = Pace::ahead;
  int glance_age_ = 0;  ///< beats since the last glance
  Step step_{};         ///< from the previous frame to the newest one
  bool sudden_ = false; ///< see SceneCutDetector::Change; of the newest frame
  bool fresh_ = true;   ///< no frame yet since the reset
  std::vector<Track> tracks_;
  std::uint32_t next_id_ = 1;
  Counts counts_{};
};

} // namespace deid::facedetect
