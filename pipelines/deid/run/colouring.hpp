#pragma once
#include "pipelines/deid/media/colour.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/options.hpp"
#include <string>

namespace deid::cli {

/// How colours go from the decoder into the file. Colorimetry is as caps hold it, "2:3:5:1".
struct Colouring {
  std::string decoded{}; ///< what the decoder's caps have to say in place of theirs; empty: theirs are right
  std::string work{};    ///< what frames are converted to; empty: their values stay
  std::string via{}; ///< on the way to `work`, with another matrix: GStreamer 1.22 converts no range alone
  std::string encoded{}; ///< what the encoder's caps have to say in place of theirs; empty: theirs are right
  int matrix = 0;        ///< the input's number for iso_matrix()
  Colour written{};      ///< what the file says; 0 where it says nothing
  std::string notice{};  ///< what the user should know; may be empty
};

/// Values stay as they are and the file says of them what the input said, and nothing where the input said
/// nothing. A codec that cannot say it (VP8: limited range, BT.601; JPEG: full range, BT.601; openh264:
/// limited range) gets converted values. Requires: work_format is empty (the decoded format stays) or what
/// the codec takes.
Colouring choose_colours(const Source& source, Codec codec, const std::string& work_format, bool openh264);

} // namespace deid::cli
