#pragma once
#include "elements/meta/scene_cut_detector.hpp"
#include "elements/posedetect/finder.hpp"
#include "elements/posedetect/settings.hpp"
#include "elements/posedetect/similarity.hpp"
#include "models/blazepose/one_euro.hpp"
#include <optional>
#include <vector>

namespace deid::posedetect {

/// Counts since the tracker was made.
struct Counts {
  std::uint64_t frames = 0, frames_with_people = 0, people = 0, looks = 0, landmarks = 0, cuts = 0, ids = 0,
                lost = 0, resumed = 0;
};

/// A person who is followed, or was until recently.
struct Track {
  std::uint32_t id = 0;
  models::RotatedRoi next{}; ///< region of the next frame
  models::SteadyRoi steady{};
  Figure figure{};                           ///< as last found
  cv::Point2f velocity{};                    ///< of the figure, smoothed [px/s]
  std::int64_t seen = 0;                     ///< time of the frame in which it was last found [ns]
  bool live = true;                          ///< found in the latest frame
  std::optional<models::PoseResult> found{}; ///< of this frame
  std::vector<models::OneEuro> filters{};    ///< of the points' x and y, with smoothing only
};

/// Follows people from frame to frame. The landmark network runs at each person's last place. The detector
/// runs when a person was lost, when nobody is followed (after half a second: in every third frame),
/// periodically, at scene cuts, and when much of the picture changed. Ids stay with people through crossings
/// and short absences. Not thread-safe. The finder's exceptions pass through; the frame must then not leave.
class Tracker {
public:
  explicit Tracker(Finder& finder) : finder_(finder) {}
  /// Forgets everybody, after a new stream, a new format or a seek. Ids are not used again.
  void reset();
  /// Returns the people of a frame, by id. time: ns, rising. Person::mask is set only with Settings::mask.
  [[nodiscard]] std::vector<Person> step(const video::FrameView& frame, std::int64_t time,
                                         const Settings& settings);
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Whether the last step() found a scene cut.
  [[nodiscard]] bool cut() const { return cut_; }

private:
  void follow(const video::FrameView& frame);
  void settle_doubles();
  void settle_double(Track& one, Track& other);
  void settle_swaps();
  void lose(Track& track);
  /// Returns where to search for people now, or nothing.
  [[nodiscard]] std::optional<Extent> should_look(float novelty) const;
  [[nodiscard]] bool may_skip(bool changed) const;
  void look(const video::FrameView& frame, Extent extent);
  [[nodiscard]] bool known(const models::PoseDetection& detection) const;
  [[nodiscard]] Track* absent_one(const Figure& figure);
  void welcome(models::PoseResult found, const Figure& figure);
  void keep(Track& track);
  [[nodiscard]] Figure predicted(const Track& track) const;
  [[nodiscard]] int live_count() const;
  [[nodiscard]] Person person_of(Track& track);

  Finder& finder_;
  Settings settings_{};
  SceneCutDetector scene_{};
  std::vector<Track> tracks_;
  std::int64_t now_ = 0;
  int frames_since_look_ = 0;
  int frames_without_anybody_ = 0; ///< in a row, before this one
  bool missing_ = false;           ///< a person was lost in this frame
  bool cut_ = false;
  std::uint32_t last_id_ = 0;
  Counts counts_{};
};

} // namespace deid::posedetect
