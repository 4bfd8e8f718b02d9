#pragma once
#include "elements/faceswap/drawing/swap.hpp"
#include "elements/meta/face_region.hpp"
#include <map>
#include <span>

namespace deid::faceswap {

/// Why a face is not swapped.
enum class Reason : std::uint8_t {
  none,             ///< it is swapped
  no_landmarks,     ///< held, back-filled, turned away: nobody knows where its features are
  unsure,           ///< the mesh does not believe in this face
  turned,           ///< further than max_angle
  cut,              ///< much of it is outside the frame
  close,            ///< another face lies on it, and their meshes may be mixed up
  small,            ///< too few px to be a face
  no_target,        ///< more people than targets
  choosing,         ///< nobody knows yet who this is, or which target suits
  target_too_close, ///< every target that is free looks like this person
  result_too_close, ///< the result was found to look like this person
  not_assigned,     ///< not to be swapped
  not_drawn,        ///< nothing of it looks at the viewer, or nothing is to be drawn
  not_trained,      ///< the only target was trained for somebody else
};
const char* to_string(Reason reason);

struct SwapGateOptions {
  float max_angle = 45.F; ///< degrees of yaw and pitch, [0..90]
  int fade = 6;           ///< frames from blur to swap and back, [0..100]
};

/// Whether anybody knows where this face's features are.
bool has_mesh(const FaceRegion& face);

/// Whether this face can be swapped now; `others`: all faces of the frame (this very object may be among
/// them). max_angle: degrees of yaw and pitch; least_score: of the mesh, see SwapGate::least_score.
Reason judge(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size frame, float max_angle,
             float least_score);

/// What a face is to be swapped with: a target, or why there is none.
struct Assignment {
  std::optional<std::size_t> target{}; ///< index in the list of targets
  Reason why = Reason::no_target;
};

/// What is kept of one person.
struct Person {
  int credit = 0;              ///< frames that the face is still believed in, see SwapGate::least_score
  bool swapped = false;        ///< wanted in the frame before
  bool debuted = false;        ///< was swapped before; the first time needs no run of sure frames
  bool debut = false;          ///< is swapped for the first time in this frame
  int waited = 0;              ///< frames before it was swapped for the first time
  float blend_weight = -1;     ///< share of the swap over the blur [0..1]; -1: not seen before
  int good = 0;                ///< frames in a row that could be swapped
  int extrapolated_frames = 0; ///< frames in a row without landmarks
  std::vector<cv::Point3f> landmarks{}; ///< of this frame, or the last ones, moved along
  cv::Rect2f box{};                     ///< of the frame before
  std::uint64_t last = 0;               ///< number of the frame it was last seen in
  Memory memory{};
};

/// Decides face by face between swap and cover, with a hysteresis and a cross-fade over the cover.
/// Threads: one at a time.
class SwapGate {
public:
  struct Step {
    Reason reason = Reason::none;
    float blend_weight = 0;    ///< share of the swap that is drawn over the cover; 0: cover alone
    bool extrapolated = false; ///< person->landmarks are those of a frame before
    Person* person = nullptr;  ///< valid until the next frame
  };
  /// One frame's faces, in their order, and the part of each. A person who can be swapped when or soon after
  /// first seen is swapped at once; later changes fade. When landmarks are missing for a few frames the last
  /// ones go on with the box: the cover below does not depend on them. What cannot be drawn (cut, close,
  /// small, no part) is gone at once. Throws std::invalid_argument when there are not as many parts as faces.
  std::vector<Step> frame(std::span<const FaceRegion> faces, std::span<const Assignment> parts, cv::Size size,
                          const SwapGateOptions& options);
  /// How sure the mesh must be of this face for it to be swapped. Every frame in which the mesh was very sure
  /// gives the face credit, every other frame uses one of it up; less is asked while credit is left. So a
  /// single frame at the limit decides for some seconds, and only many for long.
  [[nodiscard]] float least_score(const FaceRegion& face) const;
  /// This face was covered instead in this frame: the swap comes back as from the blur.
  void cover(std::uint32_t id);
  /// This id is somebody else from now on: what was learned of the one before is not for that one.
  void forget(std::uint32_t id);
  /// Forgets everybody.
  void flush();

private:
  Person& person_of(std::uint32_t id);
  /// Whether there are landmarks to draw the person with, its own or the last ones moved along.
  static bool drawable(Person& person, const FaceRegion& face, Reason reason, bool seen_before);
  std::uint64_t number_ = 0;
  std::map<std::uint32_t, Person> people_{};
};

} // namespace deid::faceswap
