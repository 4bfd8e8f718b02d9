#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace deid::cli {

/// Bytes that replace others in a file.
struct Patch {
  std::int64_t place = 0; ///< of the first one [byte]
  std::string bytes{};
};

/// Returns the patches that remove edit lists and lengths from an MP4 or MOV file, so that a demuxer outputs
/// every frame in it. Empty when it is no such file. Never throws.
std::vector<Patch> without_edits(const std::filesystem::path& file);

/// Whether the muxer's user data boxes stay. They may stay only when they hold nothing but our own tag.
enum class UserData { remove, keep };
enum class FramesMissing { no, yes };

/// Removes data that a muxer adds and that could tell when or with what a recording was made: creation and
/// modification times become 0, and with UserData::remove user data boxes become free space. Corrects the
/// length of tracks of more than 2^32 ticks, which the muxer truncates. With `length` it also corrects
/// lengths and edit list of a track whose last frames are shown longer than they take to decode.
/// missing: frames of a damaged film are missing, so lengths that the muxer wrote may be too long, too.
/// length: from the first frame's beginning to the last one's end [ns]; 0: unknown. Works in place on an open
/// file. Throws Failure when the file has no readable index; such an output must not be published.
void scrub_mp4(int fd, UserData user_data, std::int64_t length = 0,
               FramesMissing missing = FramesMissing::no);

/// Where XMP stands: in MP4 in a box `uuid` at the file's end, in QuickTime in a box `XMP_` of the movie's
/// user data (Adobe's XMP specification, part 3).
enum class XmpPlace { mp4, quicktime };

/// Adds an XMP packet to a finished file. Works in place on an open file. Throws Failure when the file's last
/// box is not closed, or for QuickTime when the index is not the last part of the file.
void add_xmp(int fd, XmpPlace place, std::string_view packet);

} // namespace deid::cli
