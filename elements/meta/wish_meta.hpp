#pragma once
#include "elements/meta/face_region.hpp"
#include <gst/gst.h>
#include <map>
#include <set>
#include <string>

namespace deid {

/// What a person asked for some regions of a frame.
struct Wishes {
  int width = 0, height = 0; ///< px of the frame
  /// By the id of a face of the stamp, or of a region of interest. A cover does this or more: blurred: no
  /// swap; covered: one colour.
  std::map<std::uint32_t, Treatment> least{};
  /// By the id of a face of the stamp: names of targets that the person behind it does not get.
  std::map<std::uint32_t, std::set<std::string>> not_as{};
};

/// Attaches the wishes (our own GstMeta, "DeidWishMeta") and replaces older ones. Copies and scaling keep
/// them. A cover that does not find them covers as it is set. Requires: writable buffer, else
/// std::invalid_argument. Throws std::runtime_error when they cannot be attached.
void attach_wishes(GstBuffer* buffer, Wishes wishes);

/// Returns the buffer's wishes, or nullptr. The buffer owns them.
const Wishes* find_wishes(GstBuffer* buffer);

/// What is asked for one region; none: nothing.
Treatment wish_for(const Wishes& wishes, std::uint32_t id);

} // namespace deid
