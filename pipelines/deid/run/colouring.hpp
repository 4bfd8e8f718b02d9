#pragma once
#include "pipelines/deid/media/colour.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/options.hpp"
#include <string>

namespace deid::cli {

/// Colours on the way from the decoder into the file. Colorimetry is written as in caps, "2:3:5:1".
struct Colouring {
  std::string decoded{}; ///< replaces the colorimetry in the decoder's caps; empty: it is right
  std::string work{};    ///< colorimetry that frames are converted to; empty: their values stay
  std::string via{}; ///< intermediate step with another matrix: GStreamer 1.22 does not convert a range alone
  std::string encoded{}; ///< replaces the colorimetry in the encoder's caps; empty: it is right
  int matrix = 0;        ///< the input's number for iso_matrix()
  Colour written{};      ///< stated in the file; 0: not stated
  std::string notice{};  ///< a message to the user; may be empty
};

/// Chooses colours so that values stay unchanged, and the file states what the input stated and nothing more.
/// A codec that cannot state it (VP8: limited range, BT.601; JPEG: full range, BT.601; openh264: limited
/// range) gets converted values. Requires: work_format is empty (the decoded format stays) or a format of the
/// codec.
Colouring choose_colours(const Source& source, Codec codec, const std::string& work_format, bool openh264);

} // namespace deid::cli
