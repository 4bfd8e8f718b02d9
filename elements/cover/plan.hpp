#pragma once
#include "elements/cover/cover.hpp"
#include "elements/meta/face_meta.hpp"
#include <set>
#include <string>

namespace deid::cover {

/// Why a frame's faces may not be where its metadata says.
enum class Doubt : std::uint8_t {
  none,
  no_stamp,      ///< no facedetect upstream, or an element in between dropped the metadata
  wrong_size,    ///< the stamp is of a frame of another size
  other_picture, ///< the pixels are not those of the stamp (mirrored, cut, composed, another frame)
  bad_region,    ///< a region is not finite, absurd, or wholly outside the frame
};
constexpr std::size_t doubt_count = 5;
const char* to_string(Doubt doubt);

/// One face and its pixels. `foreign`: from another plugin's region of interest, not from the stamp.
struct PlannedFace {
  FaceRegion face;
  Mask mask;
  bool foreign = false;
  std::set<std::string> not_as{}; ///< names of targets that this person does not get
};

/// What to do with a frame. It is complete before the first pixel changes.
struct Plan {
  Doubt doubt = Doubt::none;
  std::vector<PlannedFace> faces{};
};

/// Judges the stamp against the pixels and rasterizes every face. Faces of the stamp take `shape`. Foreign
/// regions "face" that match no face of the stamp are covered as boxes.
Plan make_plan(GstBuffer* buffer, const video::FrameView& frame, Shape shape, float margin);

} // namespace deid::cover
