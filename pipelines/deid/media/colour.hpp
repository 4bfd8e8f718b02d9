#pragma once
#include <gst/gst.h>
#include <string>

namespace deid::cli {

/// A video's colours in GStreamer's numbers (GstVideoColorRange, -Matrix, -TransferFunction, -Primaries); 0
/// where the video states nothing.
struct Colour {
  int range = 0, matrix = 0, transfer = 0, primaries = 0;
  bool operator==(const Colour&) const = default;
};

namespace colour {
constexpr int full = 1, limited = 2;         ///< ranges
constexpr int rgb = 1, bt709 = 3, bt601 = 4; ///< matrices
} // namespace colour

/// Returns the field `colorimetry` of the caps unchanged. GStreamer's own functions guess the whole field
/// when one part of it is missing.
Colour colour_of(const GstCaps* caps);

/// Converts the numbers of ISO/IEC 23091-2. The range stays unknown.
Colour colour_from_iso(unsigned matrix, unsigned transfer, unsigned primaries);

/// Returns the matrix's number in ISO/IEC 23091-2. known: the input's number; 0: none.
unsigned iso_matrix(const Colour& colour, int known);

/// Returns the text for caps, e.g. "1:4:0:0". Without any known part it is "unknown", which no muxer writes
/// into a file.
std::string to_text(const Colour& colour);

/// Returns x264's options for the colours in H.264: exactly what is known. chroma_site: as in caps; may be
/// empty. matrix: iso_matrix()'s `known`.
std::string x264_options(const Colour& colour, const std::string& chroma_site, int matrix = 0);

/// "BT.709", "BT.601", ..., for messages.
std::string matrix_name(int matrix);

/// Properties of a pixel format, which is given by GStreamer's name.
struct PixelKind {
  bool known = false, rgb = false, gray = false, alpha = false;
  int depth = 8;          ///< [bits]
  std::string sampling{}; ///< chroma sampling: "4:2:0", ...; empty for RGB and gray
};
PixelKind kind_of_pixels(const std::string& format);

} // namespace deid::cli
