#pragma once
#include "elements/video/frame_view.hpp"
#include <array>

namespace deid {

/// A coarse picture of a frame's luma that binds a stamp to its pixels. videoflip, compositor and the like
/// keep or copy metadata while they move the picture, so a stamp counts only when the pixels are (nearly) its
/// own. Survives format conversion, scaling and encoding. Does not survive mirroring, rotation, cropping or
/// another frame's content. The block means of 1/32 of the frame identify nobody.
struct Fingerprint {
  static constexpr int columns = 32, rows = 18;
  std::array<std::uint8_t, columns * rows> luma{};
  bool operator==(const Fingerprint&) const = default;
};

/// Reads a sparse grid of pixels, not the whole frame.
Fingerprint fingerprint(const video::FrameView& frame);

/// Returns true when `now` can be the same picture as `then`: equal, or within a few levels and much nearer
/// to it than to its mirror images. same_geometry: format and size are the stamp's, so only a few levels of
/// coding noise are allowed. Otherwise the limits are wider, and a change of colour range is compensated
/// first.
bool matches(const Fingerprint& then, const Fingerprint& now, bool same_geometry);

} // namespace deid
