#pragma once
#include "pipelines/deid/media/mp4.hpp"

namespace deid::cli {

/// Removes the date from a finished Matroska or WebM file, and with UserData::remove the tags before the
/// pictures, of which a muxer always writes some. matrix: number for the colour matrix in the file (5 or 6
/// mean BT.601, but the muxer knows only 6); 0 leaves it. Works in place on an open file. Throws Failure when
/// the file's head cannot be read; such an output must not be published.
void scrub_mkv(int fd, UserData user_data, unsigned matrix = 0);

} // namespace deid::cli
