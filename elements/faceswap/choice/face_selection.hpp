#pragma once
#include "elements/meta/face_region.hpp"
#include <optional>
#include <set>
#include <span>
#include <string>

namespace deid::faceswap {

/// Who is swapped; everybody else stays covered.
struct FaceSelection {
  enum class Who : std::uint8_t { everyone, largest, left, right, ids };
  Who who = Who::everyone;
  std::set<std::uint32_t> ids{}; ///< facedetect's; for Who::ids
  bool operator==(const FaceSelection&) const = default;
};

/// "everyone", "largest", "left", "right" or ids "1,3"; nothing for anything else.
std::optional<FaceSelection> parse_selection(const std::string& text);
std::string to_string(const FaceSelection& selection);

/// Knows from frame to frame who plays the part, so that it does not jump from one to the other: somebody
/// keeps it while present, unless another has been clearly larger (or further to that side) for a second.
/// Threads: one at a time.
class FaceSelector {
public:
  /// One answer for each face, in their order: whether it is to be swapped.
  std::vector<bool> frame(std::span<const FaceRegion> faces, const FaceSelection& selection);
  /// Forgets who played it.
  void flush();

private:
  void elect(std::span<const FaceRegion> faces, FaceSelection::Who who);
  FaceSelection last_{};
  std::optional<std::uint32_t> holder_{};
  int absent_ = 0; ///< frames since the holder was seen
  int beaten_ = 0; ///< frames in a row in which another was the clear choice
};

} // namespace deid::faceswap
