#pragma once
#include <gst/gst.h>
#include <string>

namespace deid::cli {

/// What a video says of its colours, in GStreamer's numbers (GstVideoColorRange, -Matrix, -TransferFunction,
/// -Primaries); 0 where the video says nothing.
struct Colour {
  int range = 0, matrix = 0, transfer = 0, primaries = 0;
  bool operator==(const Colour&) const = default;
};

namespace colour {
constexpr int full = 1, limited = 2;         ///< ranges
constexpr int rgb = 1, bt709 = 3, bt601 = 4; ///< matrices
} // namespace colour

/// The field `colorimetry` of the caps as it stands. GStreamer's own readers put a guess in the place of the
/// whole field when one part of it is missing.
Colour colour_of(const GstCaps* caps);

/// From the numbers of ISO/IEC 23091-2; without a range.
Colour colour_from_iso(unsigned matrix, unsigned transfer, unsigned primaries);

/// The matrix as ISO/IEC 23091-2 numbers it. known: the number that the input has; 0: none.
unsigned iso_matrix(const Colour& colour, int known);

/// As caps hold it, "1:4:0:0"; "unknown" when nothing is known, which no muxer writes into a file.
std::string to_text(const Colour& colour);

/// x264's options for what H.264 says of its colours: exactly what is known, and nothing else.
/// chroma_site: as caps hold it; may be empty. matrix: iso_matrix()'s `known`.
std::string x264_options(const Colour& colour, const std::string& chroma_site, int matrix = 0);

/// "BT.709", "BT.601", ...; for people.
std::string matrix_name(int matrix);

/// What a pixel format holds, as GStreamer names the format.
struct PixelKind {
  bool known = false, rgb = false, gray = false, alpha = false;
  int depth = 8;          ///< [bits]
  std::string sampling{}; ///< of the colour: "4:2:0", ...; empty for RGB and gray
};
PixelKind kind_of_pixels(const std::string& format);

} // namespace deid::cli
