#pragma once

namespace deid::cli {

/// Takes the date out of a Matroska or WebM file that was just written: the muxer always writes one. Works in
/// place on an open file. Throws Failure when the file's head cannot be read: an output in that state must
/// not be published.
void scrub_mkv(int fd);

} // namespace deid::cli
