#pragma once
#include "pipelines/deid/media/mp4.hpp"

namespace deid::cli {

/// Takes the date out of a Matroska or WebM file that was just written, and the tags that stand before the
/// pictures unless told to keep them: a muxer always writes some. matrix: what the file says of its colour
/// matrix gets this number (5 or 6: BT.601, for which the muxer knows only 6); 0: it stays. Works in place on
/// an open file. Throws Failure when the file's head cannot be read: an output in that state must not be
/// published.
void scrub_mkv(int fd, UserData user_data, unsigned matrix = 0);

} // namespace deid::cli
