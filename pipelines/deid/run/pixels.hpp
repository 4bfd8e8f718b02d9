#pragma once
#include "pipelines/deid/media/source.hpp"
#include "pipelines/deid/run/encode.hpp"
#include <string>

namespace deid::cli {

/// Returns caps of raw frames of this format. colours: as in caps; empty: any.
std::string raw_caps(const std::string& format, const std::string& colours);

/// Returns a conversion; empty when format is empty. via: colours between two steps; empty: one step.
Tokens convert_to(const std::string& format, const std::string& colours, const std::string& via = {});

/// Corrects wrong pixel shapes and colours in the decoder's caps.
Tokens mend_caps(const Source& source, const Encoding& encoding);

/// Corrects the colours that the muxer gets. Muxers write nothing for "unknown".
Tokens say_colours(const Encoding& encoding);

} // namespace deid::cli
