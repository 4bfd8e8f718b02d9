#pragma once
#include "elements/video/frame_view.hpp"
#include <array>

namespace deid {

/// A coarse picture of a frame's luma that binds a stamp to pixels: videoflip, compositor and the like keep
/// or copy metadata while they move the picture under it, so a stamp is only believed when the pixels are
/// (nearly) those it was made for. Survives format conversion, scaling and encoding; does not survive
/// mirroring, turning, cropping or another frame's content. Holds nothing that could name a person (block
/// means of 1/32 of the frame).
struct Fingerprint {
  static constexpr int columns = 32, rows = 18;
  std::array<std::uint8_t, columns * rows> luma{};
  bool operator==(const Fingerprint&) const = default;
};

/// Cheap: reads a sparse grid, not the frame.
Fingerprint fingerprint(const video::FrameView& frame);

/// True when `now` can be the same picture as `then`: equal, or within a few levels and much nearer to it
/// than to its mirror images. same_geometry: format and size are those of the stamp, so nothing but a few
/// levels of coding noise is allowed; otherwise limits are wider and a change of colour range is taken out
/// first.
bool matches(const Fingerprint& then, const Fingerprint& now, bool same_geometry);

} // namespace deid
