#include "pipelines/deid/run/colouring.hpp"

namespace deid::cli {
namespace {

/// The matrix that GStreamer assumes for a video that states none.
int guessed_matrix(const Source& s) {
  constexpr int most_lines_of_sd = 576;
  return s.height > most_lines_of_sd ? colour::bt709 : colour::bt601;
}

/// The colours of the decoded frames, with guesses where the video states nothing.
Colour completed(const Source& s, const PixelKind& pixels) {
  Colour c = s.colour;
  if (c.range == 0)
    c.range = pixels.rgb || pixels.gray ? colour::full : colour::limited;
  if (pixels.rgb)
    c.matrix = colour::rgb;
  else if (c.matrix == 0 || c.matrix == colour::rgb)
    c.matrix = pixels.gray ? colour::bt601 : guessed_matrix(s);
  return c;
}

/// Whether GStreamer would misread the decoded frames. It assumes limited range where no matrix is stated,
/// and full range where only the range is missing.
bool is_misread(const Colour& said, const PixelKind& pixels, const Colour& complete) {
  if (!pixels.known || pixels.rgb)
    return false;
  return said.matrix == 0 ? pixels.gray || complete.range == colour::full : said.range == 0;
}

/// The colours of the encoder's input.
Colour target(const Source& s, const PixelKind& from, const PixelKind& to, const Colour& complete,
              Codec codec, bool openh264) {
  Colour t = complete;
  if (to.rgb)
    return t;
  const bool matrix_known = s.colour.matrix != 0 || from.rgb;
  if (from.rgb && !to.gray)
    t.matrix = guessed_matrix(s);
  if (!to.gray && (from.rgb || from.gray))
    t.range = colour::limited;
  if (codec == Codec::mjpeg)
    t.range = colour::full;
  if (codec == Codec::vp8 || openh264)
    t.range = colour::limited;
  if ((codec == Codec::mjpeg || codec == Codec::vp8) && matrix_known)
    t.matrix = colour::bt601;
  return t;
}

/// The colours stated in the file: the input's own, updated by the conversion.
Colour said_of(const Source& s, const PixelKind& from, const PixelKind& to, const Colour& complete,
               const Colour& t) {
  Colour w = s.colour;
  if (to.rgb || (from.rgb && to.gray))
    return w;
  if (from.rgb || t.range != complete.range)
    w.range = t.range;
  if (from.rgb || t.matrix != complete.matrix)
    w.matrix = t.matrix;
  return w;
}

/// The colours that the decoded frames are declared to have; empty when GStreamer reads them rightly.
std::string decoded_text(const Source& s, const PixelKind& from, const Colour& complete) {
  const bool other_words = s.decoder && *s.decoder != s.colour && !from.rgb;
  return other_words || is_misread(s.colour, from, complete) ? to_text(complete) : "";
}

/// A conversion of the range alone goes via another matrix, and back.
std::string detour(const Colour& t) {
  Colour other = t;
  other.matrix = t.matrix == colour::bt709 ? colour::bt601 : colour::bt709;
  return to_text(other);
}

/// A sentence for the user when the codec means a matrix that the input does not name; empty otherwise.
std::string notice_of(const Source& s, const PixelKind& from, const Colour& t, Codec codec) {
  const bool fixed = codec == Codec::vp8 || codec == Codec::mjpeg;
  if (!fixed || s.colour.matrix != 0 || from.rgb || from.gray || t.matrix == colour::bt601)
    return "";
  return std::string("The input does not name its colour matrix. ") + (codec == Codec::vp8 ? "VP8" : "JPEG") +
         " means BT.601; the values of the colours stay as they are.";
}

} // namespace

Colouring choose_colours(const Source& s, Codec codec, const std::string& work_format, bool openh264) {
  const PixelKind from = kind_of_pixels(s.format);
  const PixelKind to = work_format.empty() ? from : kind_of_pixels(work_format);
  const Colour complete = completed(s, from), t = target(s, from, to, complete, codec, openh264);
  Colouring c;
  c.written = said_of(s, from, to, complete, t);
  c.matrix = s.matrix;
  if (codec == Codec::mjpeg && to.rgb)
    c.written = {colour::full, colour::bt601, s.colour.transfer, s.colour.primaries}; // the encoder converts
  c.decoded = decoded_text(s, from, complete);
  if (!to.rgb && (!work_format.empty() || t != complete))
    c.work = to_text(t);
  if (!c.work.empty() && !from.rgb && t.range != complete.range && t.matrix == complete.matrix)
    c.via = detour(t);
  if (c.written != t)
    c.encoded = to_text(c.written);
  c.notice = notice_of(s, from, t, codec);
  return c;
}

} // namespace deid::cli
