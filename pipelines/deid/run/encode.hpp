#pragma once
#include "pipelines/deid/media/kinds.hpp"
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/colouring.hpp"
#include "pipelines/deid/run/options.hpp"
#include <string>
#include <vector>

namespace deid::cli {

using Tokens = std::vector<std::string>;

void append(Tokens& to, const Tokens& more);

/// How frames become a file: the pixel format of processing, the encoder and the container.
struct Encoding {
  std::string work_format{};    ///< empty: the decoded format is processed without conversion
  std::string encoder_format{}; ///< empty: the encoder takes the work format
  Colouring colours{};
  Tokens encoder{};           ///< factory and properties, with name=encoder
  Tokens colour_options{};    ///< further properties of the encoder, which state the colours in the stream
  Tokens muxer{};             ///< factory and properties, with name=mux
  Tokens audio_encoder{};     ///< empty when there is no sound in this container
  bool constant_rate = false; ///< the container has no timestamps of its own (AVI)

  std::string notice{}; ///< a message to the user, e.g. that another encoder is used
};

/// Chooses the encoding. Throws Failure: unknown extension, a codec that the container cannot hold, a size
/// that the codec cannot hold. have_x264: whether x264enc is installed (an argument, so that tests can set
/// it).
Encoding choose_encoding(const RunOptions& options, const Source& source, bool have_x264);

/// Returns the ticks per second of an MP4 track: the input's if it is an MP4; else one in which milliseconds,
/// 90 kHz and the frame rate are whole numbers of ticks.
std::uint32_t output_timescale(const Source& source);

} // namespace deid::cli
