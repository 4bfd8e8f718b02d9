#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/refusals.hpp"
#include "elements/facedetect/track.hpp"
#include <cstdint>
#include <vector>

namespace deid::facedetect {

/// Returns the track that a sighting belongs to, or null. The nearest one that fits is taken.
[[nodiscard]] Track* owner_of(std::vector<Track>& tracks, const Sighting& sighting);

/// Whether a sighting confirms a visible track. Requires: track.seen().
[[nodiscard]] bool agrees(const Track& track, const Sighting& sighting);

/// For stills: whether the sighting is of a face that already has a mesh; its box is covered, too. The many
/// jobs of a still give many boxes of one face, and none of them may remove the face's landmarks. threshold:
/// least score of a box that is covered [0..1].
[[nodiscard]] bool shown_by_mesh(std::vector<Track>& tracks, const Sighting& sighting, float threshold);

/// Associates the sightings of one frame with the tracks, and begins new tracks. Not thread-safe.
class Association {
public:
  /// next_id: id of the next new track; it is increased. All references must outlive this object.
  Association(Finder& finder, std::vector<Track>& tracks, Refusals& refusals, std::uint32_t& next_id,
              const Moment& moment)
      : finder_(finder), tracks_(tracks), refusals_(refusals), next_id_(next_id), moment_(moment) {}
  /// Updates the track that the sighting belongs to, or begins a new one. Returns whether it began one.
  /// Requires: all tracks were followed into this frame. Invalidates pointers to tracks. Throws
  /// models::ModelError.
  bool take(const Sighting& sighting);

private:
  void update(Track& track, const Sighting& sighting);
  /// Moves the track to the sighting. The box that it had in this frame stays covered.
  void move(Track& track, const Sighting& sighting);
  /// Whether the sighting is too weak to move the landmarks, or a part of their face; its box is covered.
  [[nodiscard]] bool only_covers(const Track& track, const Sighting& sighting) const;

  Finder& finder_;
  std::vector<Track>& tracks_;
  Refusals& refusals_;
  std::uint32_t& next_id_;
  const Moment& moment_;
};

} // namespace deid::facedetect
