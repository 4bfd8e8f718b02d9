#pragma once
#include "elements/facedetect/head_watch.hpp"
#include "elements/facedetect/interlude.hpp"
#include "elements/facedetect/mesh_limit.hpp"
#include "elements/facedetect/settings.hpp"
#include "elements/facedetect/sweep_planner.hpp"
#include "elements/facedetect/track.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/scene.hpp"
#include <deque>
#include <memory>

namespace deid::facedetect {

/// A frame that has not left yet. The view stays valid while the frame is in the queue.
struct PendingFrame {
  video::FrameView view{};
  std::int64_t time = 0;     ///< ns, rising
  bool cut = false;          ///< a new scene began here
  bool apart = false;        ///< too long after the frame before for a face to be followed, see apart_from
  Fingerprint fingerprint{}; ///< of the pixels, written by the tracker
  std::vector<FaceRegion> faces{};
};

/// Counts since the last reset.
struct Counts {
  std::uint64_t frames = 0, frames_with_faces = 0, detected = 0, tracked = 0, held = 0, backfilled = 0,
                body = 0, sweeps = 0, cuts = 0, tracks = 0;
};

/// A stream of so few frames is searched like a still picture.
constexpr int still_frames = 8;

/// Finds and follows faces frame by frame, and fills what it missed into frames that are still here.
/// Not thread-safe. Exceptions of the finder pass through; the frame must then not leave.
class Tracker {
public:
  explicit Tracker(Finder& finder);

  /// Forgets everything: new stream, size or seek. sweep_area: px the strong detector resolves in one run.
  /// slow_source: the stream says of itself that its frames are apart (apart_from).
  void reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source = false);

  /// Detects in pending.back() and completes the faces of all pending frames. Requires: called once for each
  /// frame, in order; at least the new frame in `pending`.
  void step(std::deque<PendingFrame>& pending, const Settings& settings);

  /// No more frames come for now. Searches a still, or the last frame of a stream that was as short as one,
  /// with everything there is, and completes the faces of all pending frames; does nothing otherwise and when
  /// live.
  void finish(std::deque<PendingFrame>& pending);

  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// To be called for each frame that leaves: counts are of what left.
  void count(const PendingFrame& frame);

private:
  /// A cut sets the tracks aside; a scene that comes back brings its own back, also into the few frames
  /// between that still wait.
  void change_scene(std::deque<PendingFrame>& pending);
  void follow_all(const video::FrameView& frame);
  void follow(Track& track, const video::FrameView& frame);
  /// Where the track should be in this frame; without a guess when it is apart from the frame before.
  [[nodiscard]] cv::Rect2f predicted(const Track& track) const;
  /// Nobody saw it: it stays, or goes on with what looks like it, with who hides it, or as it went.
  void miss(Track& track, const video::FrameView& frame);
  /// A track that, lost, is supposed at `place` is about to be seated at `box`: a copy of it that goes on
  /// waiting, when that is elsewhere and nobody waits there already.
  [[nodiscard]] std::optional<Track> stays_behind(Track& track, const cv::Rect2f& place,
                                                  const cv::Rect2f& box);
  [[nodiscard]] std::optional<Followed> attempt(const Track& track, const video::FrameView& frame,
                                                const cv::Rect2f& expected);
  /// A face at `box` belongs to somebody else: another track is nearer to it than `by`, who was expected
  /// elsewhere.
  [[nodiscard]] bool taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const;
  /// Somebody who is in sight stands there.
  [[nodiscard]] bool hidden(const cv::Rect2f& box, const Track& by) const;
  void look_around(PendingFrame& frame, const Scene::Change& change);
  [[nodiscard]] SweepPlanner::Situation situation(const PendingFrame& frame,
                                                  const Scene::Change& change) const;
  void glance(const PendingFrame& frame);
  void sweep(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  void take(const Sighting& sighting, const PendingFrame& frame);
  /// Of a still: the sighting is of a face whose features the mesh shows; its box is covered as well. The
  /// many looks at a still draw a face in many ways, and none of them may cost its features.
  [[nodiscard]] bool shown_by_mesh(const Sighting& sighting);
  /// The first frame of a scene in a file: looks closer when nobody was found, or a body without a face.
  void search_scene(const PendingFrame& frame);
  [[nodiscard]] bool somebody_missing() const;
  /// Sweeps, and lets no look cost a face its features (see shown_by_mesh).
  void sweep_still(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  /// Adds to the tracks those of `before` whose face is not among them; the others give on their ids.
  void keep_unseen(std::vector<Track> before);
  /// jobs: the sweeps of the whole of this frame.
  void look_for_heads(const PendingFrame& frame, const std::vector<SweepJob>& jobs);
  void look_for_heads(const PendingFrame& frame, const SweepJob& job);
  [[nodiscard]] bool heads_due(const PendingFrame& frame);
  /// The settings with what `automatic` means for this frame. picture: the stream is a still.
  [[nodiscard]] Settings settings_now(bool picture = false) const;
  [[nodiscard]] bool refused_lately(const cv::Rect2f& box) const;
  [[nodiscard]] std::optional<Followed> believe(const Sighting& sighting, const video::FrameView& frame);
  [[nodiscard]] Track* owner_of(const Sighting& sighting);
  void merge_doubles();
  void expire(std::int64_t now);
  void complete(std::deque<PendingFrame>& pending);

  MeshLimit finder_;
  Settings settings_{};
  Scene scene_;
  Interlude interlude_;
  Fingerprint last_picture_{}; ///< of the frame before, and its time
  std::int64_t last_time_ = 0;
  SweepPlanner planner_;
  HeadWatch heads_;
  HeadLook head_look_;              ///< in this frame
  int sweeps_without_heads_ = 0;    ///< frames swept as a whole since bodies were looked at
  int frames_ = 0;                  ///< since the last reset
  bool still_ = false;              ///< see sweep_still
  std::int64_t searched_until_ = 0; ///< ns; before it no scene is searched closer
  int sweep_area_ = 0;              ///< px
  Pace pace_ = Pace::ahead;
  int glance_age_ = 0;  ///< beats since the last one
  Step step_{};         ///< from the frame before to this one
  bool sudden_ = false; ///< see Scene::Change; of this frame
  bool fresh_ = true;   ///< no frame since the reset
  std::vector<Track> tracks_;
  std::vector<Track> left_; ///< while all are followed: those that stay behind, not among tracks_ yet
  struct Refusal {
    cv::Rect2f box{};
    int beats_left = 0;
  };
  std::vector<Refusal> refused_; ///< glances that a second opinion did not bear out: not asked again at once
  std::uint32_t next_id_ = 1;
  std::int64_t now_ = 0;
  Counts counts_{};
};

} // namespace deid::facedetect
