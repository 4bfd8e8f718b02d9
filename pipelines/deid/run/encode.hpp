#pragma once
#include "pipelines/deid/media/kinds.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/colouring.hpp"
#include "pipelines/deid/run/options.hpp"
#include <string>
#include <vector>

namespace deid::cli {

using Tokens = std::vector<std::string>;

/// How frames become a file: which pixel format they are processed in, which encoder and which container.
struct Encoding {
  std::string work_format{};    ///< empty: the decoded format is processed as it is, without conversion
  std::string encoder_format{}; ///< empty: the encoder takes the work format as it is
  Colouring colours{};
  Tokens encoder{};           ///< factory and properties, with name=encoder
  Tokens colour_options{};    ///< further properties of the encoder, which say the colours in the stream
  Tokens muxer{};             ///< factory and properties, with name=mux
  Tokens audio_encoder{};     ///< empty when the container cannot hold sound here
  bool constant_rate = false; ///< the container has no timestamps of its own (AVI)

  std::string notice{}; ///< what the user should know, e.g. that another encoder stands in
};

/// Throws Failure: unknown extension, codec that the container cannot hold, size that the codec cannot hold.
/// have_x264: whether x264enc is installed (an argument so that the choice can be tested).
Encoding choose_encoding(const RunOptions& options, const Source& source, bool have_x264);

/// Ticks per second for an MP4 track: the input's own if it is an MP4; else one in which milliseconds, 90 kHz
/// and the frame rate are whole numbers of ticks.
std::uint32_t output_timescale(const Source& source);

} // namespace deid::cli
