#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/track.hpp"
#include <cstdint>
#include <optional>
#include <vector>

namespace deid::facedetect {

/// Follows all tracks into one frame: each becomes Seen, Lost or Waiting. Tracks that wait at the place of a
/// face that was found elsewhere are added. Not thread-safe.
class FaceFollower {
public:
  /// next_id: id of the next new track; it is increased. All references must outlive this object.
  FaceFollower(Finder& finder, std::vector<Track>& tracks, std::uint32_t& next_id, const Moment& moment)
      : finder_(finder), tracks_(tracks), next_id_(next_id), moment_(moment) {}
  /// Requires: called once for each frame. Throws models::ModelError.
  void follow_all();

private:
  void follow(Track& track);
  /// Marks the track as lost and moves its box: with the face in front of it, with the patch that looks like
  /// it, or by its velocity.
  void miss(Track& track);
  [[nodiscard]] std::optional<Followed> attempt(const Track& track, const cv::Rect2f& expected);
  /// Whether a face that was found for the track is its face.
  [[nodiscard]] bool believable(const Followed& found, const Track& track, const cv::Rect2f& expected) const;
  /// Whether the face at `box` belongs to another track, which is nearer to it than `by`. expected: the
  /// predicted box of `by`.
  [[nodiscard]] bool taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const;
  /// Returns the predicted box in this frame: the last box when the frames are apart.
  [[nodiscard]] cv::Rect2f predicted(const Track& track) const;
  [[nodiscard]] Wish wish_for(const Track& track, const cv::Rect2f& expected) const;

  Finder& finder_;
  std::vector<Track>& tracks_;
  std::uint32_t& next_id_;
  const Moment& moment_;
  std::vector<Track> left_{}; ///< copies that stay at their place, not in tracks_ yet
};

} // namespace deid::facedetect
