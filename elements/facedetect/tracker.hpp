#pragma once
#include "elements/facedetect/head_watch.hpp"
#include "elements/facedetect/mesh_limit.hpp"
#include "elements/facedetect/scene_memory.hpp"
#include "elements/facedetect/settings.hpp"
#include "elements/facedetect/sweep_planner.hpp"
#include "elements/facedetect/track.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include <deque>
#include <memory>

namespace deid::facedetect {

/// A frame that has not left yet. The view stays valid while the frame is in the queue.
struct PendingFrame {
  video::FrameView view{};
  std::int64_t time = 0;     ///< ns, not decreasing
  bool cut = false;          ///< first frame of a scene
  bool apart = false;        ///< apart from the previous frame, see apart_from
  Fingerprint fingerprint{}; ///< of the pixels, written by the tracker
  std::vector<FaceRegion> faces{};
};

/// Counts since the last reset.
struct Counts {
  std::uint64_t frames = 0, frames_with_faces = 0, detected = 0, tracked = 0, held = 0, backfilled = 0,
                body = 0, sweeps = 0, cuts = 0, tracks = 0;
};

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
  void count(const PendingFrame& frame);

private:
  /// Moves the tracks into the scene memory on a cut. When an earlier scene is shown again, its tracks
  /// return, also into the few pending frames in between.
  void change_scene(std::deque<PendingFrame>& pending);
  void follow_all(const video::FrameView& frame);
  void follow(Track& track, const video::FrameView& frame);
  /// Returns the predicted box in this frame: the last box when the frames are apart.
  [[nodiscard]] cv::Rect2f predicted(const Track& track) const;
  /// Marks the track as lost and moves its box: with the face in front of it, with the patch that looks like
  /// it, or by its velocity.
  void miss(Track& track, const video::FrameView& frame);
  /// Call it before a lost track, predicted at `place`, is updated to `box`. Returns a copy of the track that
  /// waits at `place`, when `box` is elsewhere and no other lost track waits there.
  [[nodiscard]] std::optional<Track> stays_behind(Track& track, const cv::Rect2f& place,
                                                  const cv::Rect2f& box);
  [[nodiscard]] std::optional<Followed> attempt(const Track& track, const video::FrameView& frame,
                                                const cv::Rect2f& expected);
  /// Whether the face at `box` belongs to another track, which is nearer to it than `by`. expected: the
  /// predicted box of `by`.
  [[nodiscard]] bool taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const;
  /// Whether a visible face of another track covers the box.
  [[nodiscard]] bool hidden(const cv::Rect2f& box, const Track& by) const;
  void look_around(PendingFrame& frame, const SceneCutDetector::Change& change);
  [[nodiscard]] SweepPlanner::Situation situation(const PendingFrame& frame,
                                                  const SceneCutDetector::Change& change) const;
  void glance(const PendingFrame& frame);
  void sweep(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  void take(const Sighting& sighting, const PendingFrame& frame);
  /// For stills: whether the sighting is of a face that already has a mesh; its box is covered, too. The many
  /// jobs of a still give many boxes of one face, and none of them may remove the face's landmarks.
  [[nodiscard]] bool shown_by_mesh(const Sighting& sighting);
  /// With a lookahead: searches a scene's first frame closer when it has no face, or a body without a face.
  void search_scene(const PendingFrame& frame);
  [[nodiscard]] bool somebody_missing() const;
  /// Runs the jobs; no sighting removes a face's landmarks (see shown_by_mesh).
  void sweep_still(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  /// Adds the tracks of `before` whose face was not found again. A face that was found again keeps the id of
  /// its track in `before`.
  void keep_unseen(std::vector<Track> before);
  /// jobs: this frame's sweeps of the whole frame.
  void look_for_heads(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  void look_for_heads(const PendingFrame& frame, const SweepJob& job);
  [[nodiscard]] bool heads_due(const PendingFrame& frame);
  /// Returns the settings with Heads::automatic resolved for this frame. picture: the stream is a still.
  [[nodiscard]] Settings settings_now(bool picture = false) const;
  [[nodiscard]] bool refused_lately(const cv::Rect2f& box) const;
  [[nodiscard]] std::optional<Followed> believe(const Sighting& sighting, const video::FrameView& frame);
  [[nodiscard]] Track* owner_of(const Sighting& sighting);
  void merge_doubles();
  void expire(std::int64_t now);
  void complete(std::deque<PendingFrame>& pending);

  MeshLimit finder_;
  Settings settings_{};
  SceneCutDetector scene_;
  SceneMemory memory_;
  Fingerprint last_picture_{}; ///< of the previous frame, and its time
  std::int64_t last_time_ = 0;
  SweepPlanner planner_;
  HeadWatch heads_;
  HeadLook head_look_;           ///< in this frame
  int sweeps_without_heads_ = 0; ///< frames with a sweep of the whole frame since the last search for bodies
  int frames_ = 0;               ///< since the last reset
  bool still_ = false;           ///< see sweep_still
  std::int64_t searched_until_ = 0; ///< ns; no closer scene search before this time
  int sweep_area_ = 0;              ///< px
  Pace pace_ = Pace::ahead;
  int glance_age_ = 0;  ///< beats since the last glance
  Step step_{};         ///< from the previous frame to this one
  bool sudden_ = false; ///< see SceneCutDetector::Change; of this frame
  bool fresh_ = true;   ///< no frame yet since the reset
  std::vector<Track> tracks_;
  std::vector<Track> left_; ///< during follow_all(): copies that stay at their place, not in tracks_ yet
  struct Refusal {
    cv::Rect2f box{};
    int beats_left = 0;
  };
  std::vector<Refusal>
      refused_; ///< glances that CenterFace did not confirm; not asked again until they expire
  std::uint32_t next_id_ = 1;
  std::int64_t now_ = 0;
  Counts counts_{};
};

} // namespace deid::facedetect
