#pragma once
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/encode.hpp"
#include <string>

namespace deid::cli {

/// Caps of raw frames of this format. colours: as caps hold them; empty: any.
std::string raw_caps(const std::string& format, const std::string& colours);

/// Converts frames; nothing when format is empty. via: colours between two steps; empty: one step.
Tokens convert_to(const std::string& format, const std::string& colours, const std::string& via = {});

/// Puts right what the decoder's caps say of the shape and the colours of pixels, where that is wrong.
Tokens mend_caps(const Source& source, const Encoding& encoding);

/// Puts right what the muxer is told of the colours. Muxers write nothing of "unknown".
Tokens say_colours(const Encoding& encoding);

} // namespace deid::cli
