#pragma once
#include "pipelines/deid/media/mp4.hpp"

namespace deid::cli {

/// Takes the date out of a Matroska or WebM file that was just written, and the tags that stand before the
/// pictures unless told to keep them: a muxer always writes some. Works in place on an open file. Throws
/// Failure when the file's head cannot be read: an output in that state must not be published.
void scrub_mkv(int fd, UserData user_data);

} // namespace deid::cli
