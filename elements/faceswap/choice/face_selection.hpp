#pragma once
#include "elements/meta/face_region.hpp"
#include <optional>
#include <set>
#include <span>
#include <string>

namespace deid::faceswap {

/// Which faces are swapped; all others stay covered. The property `assign` of faceswap.
struct FaceSelection {
  enum class Who : std::uint8_t { everyone, largest, left, right, ids };
  Who who = Who::everyone;
  std::set<std::uint32_t> ids{}; ///< of facedetect; for Who::ids
  bool operator==(const FaceSelection&) const = default;
};

/// Returns the selection that a text names: "everyone", "largest", "left", "right" or ids like "1,3". Returns
/// nothing for any other text.
std::optional<FaceSelection> parse_selection(const std::string& text);

/// Selects the faces of each frame. A single selected face is held from frame to frame, so that the swap does
/// not jump: the holder stays selected while present, unless another face has been clearly larger (or further
/// to that side) for a second. Thread: one at a time.
class FaceSelector {
public:
  /// Returns one answer for each face, in their order: whether the face is selected.
  std::vector<bool> frame(std::span<const FaceRegion> faces, const FaceSelection& selection);
  /// Forgets the holder.
  void flush();

private:
  void elect(std::span<const FaceRegion> faces, FaceSelection::Who who);
  FaceSelection last_{};
  std::optional<std::uint32_t> holder_{};
  int absent_ = 0; ///< frames since the holder was seen
  int beaten_ = 0; ///< frames in a row in which another was the clear choice
};

} // namespace deid::faceswap
