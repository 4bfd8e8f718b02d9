#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Bytes that stand for others of a file.
struct Patch {
  std::int64_t place = 0; ///< of the first one [byte]
  std::string bytes{};
};

/// What makes of an MP4 or MOV file one without edit lists and without a length, so that a demuxer gives
/// every frame that is in it. Empty when it is no such file. Never throws.
std::vector<Patch> without_edits(const std::filesystem::path& file);

/// Whether the boxes of user data that the muxer wrote stay: only where nothing but our own tag went into
/// them.
enum class UserData { remove, keep };

/// Removes what a muxer writes of its own accord and what could tell when or with what a recording was made:
/// creation and modification times become 0, user data boxes become free space unless told to keep them.
/// Mends the length of tracks of more than 2^32 ticks, which the muxer cuts, and the lengths and the edit
/// list of a track whose last frames are shown longer than they take to decode. length: from the first
/// frame's beginning to the last one's end [ns]; 0: leaves them. Works in place on an open file. Throws
/// Failure when the file has no readable index: an output in that state must not be published.
void scrub_mp4(int fd, UserData user_data, std::int64_t length = 0);

} // namespace deid::cli
