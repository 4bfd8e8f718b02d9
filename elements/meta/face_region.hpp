#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace deid {

/// How a face of this frame was found.
enum class Origin : std::uint8_t {
  detected,   ///< a detector found it in this very frame
  tracked,    ///< its landmarks were followed from the previous frame and confirmed by the mesh
  held,       ///< not seen in this frame; kept (and grown) for the hold time
  backfilled, ///< not found in this frame at first; found in a later frame and followed backwards
  body,       ///< found by a person's body points, not by a face detector
};
const char* to_string(Origin origin);

/// What an element did to a face's pixels.
enum class Treatment : std::uint8_t {
  none,    ///< nothing yet
  swapped, ///< another face was drawn over it
  blurred, ///< averaged, blurred or pixelated
  covered, ///< one colour
};
const char* to_string(Treatment treatment);

/// Degrees. yaw > 0: turned to the person's left; pitch > 0: up; roll > 0: clockwise on screen.
struct HeadPose {
  float yaw = 0.F, pitch = 0.F, roll = 0.F;
  bool operator==(const HeadPose&) const = default;
};

/// One face of one frame. Values are in px of the frame that carries it.
struct FaceRegion {
  std::uint32_t id = 0; ///< stable while the person stays; unique in the stream; > 0
  cv::Rect2f box{};     ///< axis-aligned, hairline to chin and ear to ear; may reach outside the frame
  float score = 0.F;    ///< [0..1], the higher one of detector and mesh
  Origin origin = Origin::detected;
  std::vector<cv::Point3f> landmarks{}; ///< 468 points of the face mesh, or none (profile, back-filled, held)
  HeadPose pose{};                      ///< meaningful only with landmarks
  Treatment treatment = Treatment::none; ///< by the last element that changed it
  std::string wears{};                   ///< swapped: name of the target, if known
  bool operator==(const FaceRegion&) const = default;
};

/// Whether any part of the face can be in a frame of this size: its box, or one of its landmarks. Values that
/// are not finite, or no rectangle, count as inside.
bool touches(const FaceRegion& face, cv::Size frame);

} // namespace deid
